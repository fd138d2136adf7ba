"""Service guides and the board at the window: what registers hold is filled in, the rest is asked
once and kept.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse

from mingzheng.agencies.models import Agency, Post
from mingzheng.catalogue import categories, fields, process_map
from mingzheng.catalogue.building import Answers, Made, builder
from mingzheng.catalogue.lists import bases_of, certified, in_force
from mingzheng.catalogue.models import Item, Page
from mingzheng.core import clock
from mingzheng.core.nouns import word
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.forms import long_text
from mingzheng.records.words import unit_name

# Where a pack has no list of its own that asks for the bases, the law on licences still forbids
# materials that nothing rests on.
NO_BURDEN = "《行政许可法》第三十一条"
LONG = (
    "conditions",
    "materials",
    "procedure",
    "limit",
    "duties",
    "services",
    "remedies",
    "accountability",
)
APART = ("materials", "procedure")


def held(page: Page) -> dict[str, str]:
    """What the registers say about the item and the agency, by field of a guide."""
    item, agency = page.item, page.agency
    assert item is not None
    road = process_map.of_item(item)
    own = {key: str(text) for key, text in (item.details.get("guide") or {}).items()}
    limits = "；".join(f"{each.name}：{each.limit}" for each in road.stations if each.limit)
    place = " ".join(text for text in (agency.address, agency.name) if text)
    found = {
        "name": item.name,
        "type": item.category,
        "basis": bases_of(item),
        "body": agency.name,
        "procedure": " → ".join(each.name for each in road.stations),
        "limit": limits,
        "materials": "；".join(name for name, _ in road.materials),
        "decision": _decision(item),
        "hours": agency.hours,
        "address": agency.address,
        "place": place,
        "phone": agency.phone,
        "contact": agency.phone,
        "window-staff": window_staff(agency),
        "remedies": _remedies(agency),
        "status": _status(),
        "complaints": _complaints(agency),
        "supervision": _overseer(agency),
    }
    return {**found, **own}


def _status() -> str:
    page = reverse("portal:progress")
    return f"凭受理通知书或者答复上的编号，在本平台“{word('portal:progress')}”页面（{page}）查询"


def _complaints(agency: Agency) -> str:
    where = f"在本平台“{word('portal:feedback')}”页面（{reverse('portal:feedback')}）提交，可凭编号查询处理结果"
    return f"{where}；电话 {agency.phone}" if agency.phone else where


def _advice() -> str:
    return f"在本平台“{word('portal:feedback')}”页面（{reverse('portal:feedback')}）选“咨询”，或者到窗口、打电话询问"


def _decision(item: Item) -> str:
    made, valid = str(item.details.get("certificate", "")), item.details.get("valid")
    until = (
        "长期有效"
        if valid == "long"
        else f"有效期{valid['n']}{unit_name(str(valid['unit']))}"
        if isinstance(valid, dict)
        else ""
    )
    return "，".join(text for text in (f"准予的，颁发{made}" if made else "", until) if text)


def _remedies(agency: Agency) -> str:
    ways = [
        f"可以依法向{agency.reconsideration.name}申请行政复议" if agency.reconsideration else "",
        f"向{agency.court}提起行政诉讼" if agency.court else "",
    ]
    told = "，或者".join(way for way in ways if way)
    return f"对决定不服的，{told}；期限以决定书写明的为准" if told else ""


def _overseer(agency: Agency) -> str:
    found = [
        each
        for each in Agency.objects.filter(kind="judicial")
        if any(agency.region.startswith(prefix) for prefix in each.supervises)
    ]
    found.sort(
        key=lambda each: (
            -max(len(prefix) for prefix in each.supervises if agency.region.startswith(prefix))
        )
    )
    return found[0].name if found else ""


def window_staff(agency: Agency) -> str:
    """Names and posts of those who sit at the window today."""
    today = clock.today()
    posts = Post.objects.filter(
        Q(until=None) | Q(until__gte=today), agency=agency, since__lte=today
    ).select_related("person", "unit")
    return "、".join(
        f"{post.person.name}（{post.title}）"
        for post in posts.order_by("pk")
        if "window" in post.roles or post.unit.role == "window"
    )


def _ask(wanted: tuple[fields.Field, ...], known: dict[str, str]) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for each in wanted:
        if known.get(each.id) or each.id in APART:
            continue
        hint = f"{'必须写明' if each.need == fields.MUST else '有的写明'}（{each.source}）"
        found[each.id] = (
            long_text(each.name, required=False, rows=2, help_text=hint)
            if each.id in LONG
            else forms.CharField(label=each.name, required=False, max_length=500, help_text=hint)
        )
    return found


def _guide_asks(page: Page) -> dict[str, forms.Field]:
    return _ask(fields.of(page.agency, "guide-fields", offer=True), held(page))


@builder("guide", _guide_asks)
def guide(page: Page, answers: Answers) -> Made:
    """服务指南: every field of the agency's own list; each material and each step with the article
    that asks for it.
    """
    assert page.item is not None
    road, wanted = (
        process_map.of_item(page.item),
        fields.of(page.agency, "guide-fields", offer=True),
    )
    values = {
        **{key: str(text) for key, text in answers.items() if text},
        **{key: text for key, text in held(page).items() if text},
    }
    if not road.materials and not page.item.details.get("materials"):
        values.setdefault("materials", "不用提交申请材料")
    block, faults = fields.filled(wanted, values, apart=APART if road.materials else APART[1:])
    rows = fields.regime(page.agency).rows("guide-bases", clock.today(), {}).rows
    article = str(rows[0]["source"]) if rows else NO_BURDEN
    faults += [
        f"材料“{name}”没有写明依据。没有依据的材料不得要求提交（{article}）"
        for name, source in road.materials
        if not source
    ]
    faults += [
        f"环节“{each.name}”没有写明依据。没有依据的环节不得增加（{article}）"
        for each in road.stations
        if not each.source
    ]
    names = {each.id: each.name for each in wanted}
    blocks: list[dict[str, Any]] = [block]
    if road.materials:
        blocks.append(
            {
                "kind": "table",
                "title": names.get("materials", "申请材料"),
                "head": ["材料", "依据"],
                "rows": [[name, source] for name, source in road.materials],
            }
        )
    blocks.append(
        {
            "kind": "table",
            "title": names.get("procedure", "办理流程"),
            "head": ["步骤", "办理", "谁来做", "期限", "依据"],
            "rows": [
                [
                    str(n),
                    each.name,
                    f"{each.lane}{f'，{each.approver}批准' if each.approver else ''}",
                    each.limit or "—",
                    each.source,
                ]
                for n, each in enumerate(road.stations, 1)
            ],
        }
    )
    return Made(
        tuple(blocks),
        tuple(faults),
        {
            "material-bases": (
                "；".join(f"{name}：{source}" for name, source in road.materials)
                or "不用提交申请材料"
            ),
            "step-bases": "；".join(f"{each.name}：{each.source}" for each in road.stations),
        },
    )


def _board_held(agency: Agency) -> dict[str, str]:
    return {
        "samples": f"窗口备有，也可以在本平台下载（{reverse('portal:samples', args=[agency.code])}）",
        "progress": _status(),
        "advice": _advice(),
        "complaints": _complaints(agency),
        "services": "、".join(row.name for row in _served(agency)),
    }


def _served(agency: Agency) -> list[Item]:
    """What people come to the window for; everything where nobody applies for anything."""
    rows = list(in_force(agency))
    asked = {kind.code for kind in matter_kinds.enforcement() if kind.applied_for}
    return [row for row in rows if row.kind in (*asked, categories.SERVICE)] or rows


PERSONAL = ("name", "post", "kinds")


def _board_asks(page: Page) -> dict[str, forms.Field]:
    known = {**_board_held(page.agency), **dict.fromkeys(PERSONAL, "x")}
    return _ask(fields.of(page.agency, "window-board-fields"), known)


@builder("board", _board_asks)
def board(page: Page, answers: Answers) -> Made:
    """岗位信息公示牌: the fields of the agency's own list; where it names persons, one line for
    each who enforces or sits at the window.
    """
    wanted = fields.of(page.agency, "window-board-fields")
    values = {
        **{key: str(text) for key, text in answers.items() if text},
        **_board_held(page.agency),
    }
    persons = [each for each in wanted if each.id in PERSONAL and each.need == fields.MUST]
    block, faults = fields.filled([each for each in wanted if each not in persons], values)
    blocks: list[dict[str, Any]] = []
    if persons:
        table, more = fields.table(persons, _people(page.agency))
        blocks.append(table)
        faults += more if table["rows"] else ["还没有登记窗口和执法岗位的人员"]
    return Made((*blocks, *([block] if block["rows"] else [])), tuple(faults))


def _people(agency: Agency) -> list[tuple[str, dict[str, str]]]:
    today = clock.today()
    posts = (
        Post.objects.filter(Q(until=None) | Q(until__gte=today), agency=agency, since__lte=today)
        .select_related("person", "unit")
        .order_by("pk")
    )
    whole = "、".join(dict.fromkeys(row.category for row in in_force(agency)))
    scopes = {
        row.person_id: "、".join(categories.kind_name(kind) for kind in row.scope)
        for row in certified(agency)
    }
    return [
        (
            post.person.name,
            {
                "name": post.person.name,
                "post": f"{post.unit.name} {post.title}",
                "kinds": scopes.get(post.person_id) or whole,
            },
        )
        for post in posts
        if {"window", "handler"} & set(post.roles)
    ]
