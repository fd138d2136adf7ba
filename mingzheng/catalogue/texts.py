"""Pages that are mostly words: powers, bases, discretion, the agency's own measures, samples,
other information.
"""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import applying, bases, discretion, fields
from mingzheng.catalogue.building import Answers, Made, builder
from mingzheng.catalogue.lists import bases_of, in_force
from mingzheng.catalogue.models import Page
from mingzheng.core import clock
from mingzheng.documents import kinds
from mingzheng.procedures import registry
from mingzheng.procedures.forms import day, long_text

SOURCE = "国办发〔2018〕118号 二（二）"
BAR = "|"


def _paragraphs(text: Any) -> list[str]:
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def _powers_asks(page: Page) -> dict[str, forms.Field]:
    return {
        "duties": long_text("执法职责", required=False, rows=4),
        "powers": long_text("执法权限、范围", required=False, rows=4),
    }


@builder("powers", _powers_asks)
def powers(page: Page, answers: Answers) -> Made:
    """执法职责、权限: what the agency is charged with and what it may do, item by item."""
    faults = [
        f"请写明{name}（{SOURCE}）"
        for key, name in (("duties", "执法职责"), ("powers", "执法权限、范围"))
        if not answers.get(key)
    ]
    return Made(
        (
            {"kind": "text", "head": "执法职责", "paras": _paragraphs(answers.get("duties"))},
            {"kind": "text", "head": "执法权限、范围", "paras": _paragraphs(answers.get("powers"))},
            {
                "kind": "table",
                "title": "逐项权限",
                "head": ["事项", "类型", "依据"],
                "rows": [[row.name, row.category, bases_of(row)] for row in in_force(page.agency)],
            },
        ),
        tuple(faults),
    )


@builder("bases")
def legal_bases(page: Page, answers: Answers) -> Made:
    """执法依据: each basis with its rank, from when to when it holds, and which items rest on
    it.
    """
    rows = [
        [
            f"《{row.name}》{row.number}",
            bases.rank_name(row),
            f"{row.effective_on:%Y-%m-%d}",
            bases.state(row),
            "；".join(
                item.name for item in in_force(page.agency) if bases.cited_in(row, bases_of(item))
            )
            or "—",
        ]
        for row in bases.of(page.agency)
    ]
    return Made(
        (
            {
                "kind": "table",
                "head": ["名称", "效力层级", "施行日期", "现在", "据以执法的事项"],
                "rows": rows,
            },
        ),
        () if rows else ("还没有登记执法依据，请先登记",),
    )


def _benchmark_asks(page: Page) -> dict[str, forms.Field]:
    held = len(_registered_steps(page.agency))
    found = long_text(
        "另列的裁量阶次" if held else "裁量阶次",
        required=False,
        rows=8,
        help_text=(
            f"{f'登记的 {held} 档自动列入，不用再写；' if held else ''}一行一档，"
            f"写成：事项{BAR}情形{BAR}裁量幅度"
        ),
    )
    return {
        "rows": found,
        "source": forms.CharField(label="制定依据", required=False, max_length=300),
    }


def _registered_steps(agency: Agency) -> list[list[str]]:
    return [
        [item.name, *discretion.told(row)] for item in in_force(agency) for row in item.discretion
    ]


@builder("benchmark", _benchmark_asks)
def benchmark(page: Page, answers: Answers) -> Made:
    """行政裁量权基准: the steps of each item, as they are registered, and what was written beside
    them.
    """
    held = _registered_steps(page.agency)
    lines = [
        [part.strip() for part in line.replace("｜", BAR).split(BAR)]
        for line in _paragraphs(answers.get("rows"))
    ]
    faults = [
        f"没有看懂“{BAR.join(line)}”，请写成：事项{BAR}情形{BAR}裁量幅度"
        for line in lines
        if len(line) != 3 or not all(line)
    ]
    if not lines and not held:
        faults.append("请写明裁量阶次")
    if not answers.get("source"):
        faults.append("请写明制定裁量权基准的依据")
    return Made(
        (
            {"kind": "fields", "rows": [["制定依据", str(answers.get("source") or "")]]},
            {
                "kind": "table",
                "head": ["事项", "情形", "裁量幅度"],
                "rows": [*held, *[line for line in lines if len(line) == 3 and line not in held]],
            },
        ),
        tuple(faults),
    )


def _measure_asks(page: Page) -> dict[str, forms.Field]:
    return {
        "number": forms.CharField(label="文号", required=False, max_length=80),
        "from": day("施行日期", required=False),
        "interpreter": forms.CharField(label="解释机关", required=False, max_length=100),
        "text": long_text("正文", required=False, rows=12),
    }


@builder("measure", _measure_asks)
def measure(page: Page, answers: Answers) -> Made:
    """本机关制度、办法: number, the day from which it holds, who interprets it, and the text."""
    since = answers.get("from")
    rows = [
        ["文号", str(answers.get("number") or "")],
        ["施行日期", str(since or "原文没有写明")],
        ["解释机关", str(answers.get("interpreter") or page.agency.name)],
    ]
    text = {"kind": "text", "head": "", "paras": _paragraphs(answers.get("text"))}
    return Made(
        ({"kind": "fields", "rows": [row for row in rows if row[1]]}, text),
        () if answers.get("text") else ("请填写正文",),
    )


def _other_asks(page: Page) -> dict[str, forms.Field]:
    return {
        "basis": forms.CharField(
            label="公开的依据",
            required=False,
            max_length=300,
            help_text="写明法律、法规、规章的名称和条文",
        ),
        "text": long_text("内容", required=False, rows=10),
    }


@builder("other-information", _other_asks)
def other(page: Page, answers: Answers) -> Made:
    """其他依法公开的信息: nothing of this kind goes public without the article that asks for it."""
    faults = [
        text
        for key, text in (
            ("basis", "请写明公开的依据：没有依据的信息不能用这一类公开"),
            ("text", "请填写内容"),
        )
        if not answers.get(key)
    ]
    return Made(
        (
            {"kind": "fields", "rows": [["公开的依据", str(answers.get("basis") or "")]]},
            {"kind": "text", "head": "", "paras": _paragraphs(answers.get("text"))},
        ),
        tuple(faults),
    )


def sample_kinds(agency: Agency) -> dict[str, tuple[str, ...]]:
    """The papers that the agency's matters leave: code → the kinds of matter in which they are
    used.
    """
    found: dict[str, list[str]] = {}
    powers = set(in_force(agency).values_list("kind", flat=True))
    for table in registry.procedures():
        for step in table.steps if table.kind in powers else ():
            for code in step.documents:
                if table.name not in found.setdefault(code, []):
                    found[code].append(table.name)
    return {code: tuple(names) for code, names in found.items()}


@builder("samples")
def samples(page: Page, answers: Answers) -> Made:
    """文书、申请材料示范文本: which papers, in which matters; blank copies are drawn from the very
    templates.
    """
    rows = [
        [kinds.find(code).title, "、".join(names), f"第 {kinds.find(code).version} 版"]
        for code, names in sample_kinds(page.agency).items()
    ]
    drawn = {(form.item.pk, form.material) for form in applying.forms(page.agency)}
    applied = [
        [
            row.name,
            str(each["name"]),
            str(each.get("source") or "—"),
            "空白样表、填写示例" if (row.pk, each["id"]) in drawn else "—",
        ]
        for row in in_force(page.agency)
        for each in row.details.get("materials", ())
    ]
    return Made(
        (
            {
                "kind": "table",
                "title": "执法文书",
                "head": ["文书", "用在哪些程序", "模板"],
                "rows": rows,
            },
            *(
                [
                    {
                        "kind": "table",
                        "title": "申请材料",
                        "head": ["事项", "材料", "依据", "样本"],
                        "rows": applied,
                    }
                ]
                if applied
                else []
            ),
        )
    )


def sample(agency: Agency, code: str) -> dict[str, Any]:
    """A blank paper of a kind as its template prints it: the fields that the rules ask for, and
    示例 where words will stand.
    """
    kind = kinds.find(code)
    rows = fields.regime(agency).rows(f"document/{code}", clock.today(), {}).rows
    today = clock.today()
    return {
        "title": kind.title,
        "number": f"{agency.mark}{kind.mark}〔示例〕号" if kind.mark else "",
        "layout": kind.layout,
        "sealed": False,
        "issued": today.isoformat(),
        "date": f"{today:%Y年%-m月%-d日}",
        "fingerprint": "",
        "organ": agency.name,
        "foot": "示例，不能当作正式文书使用",
        "fields": (
            [[str(row.get("name") or row["id"]), "（示例，由承办人据实填写）"] for row in rows]
            or [["内容", "（示例，由承办人据实填写）"]]
        ),
    }
