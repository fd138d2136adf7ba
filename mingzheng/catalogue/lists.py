"""The lists: bodies, officers, items, random checks, recordings, review, powers, discretion, as
the registers hold them today.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from mingzheng.agencies.models import Agency, Certificate, Post
from mingzheng.catalogue import categories, fields, process_map
from mingzheng.catalogue.building import Answers, Made, builder
from mingzheng.catalogue.models import Item, Page
from mingzheng.core import clock
from mingzheng.core.regimes import vocabulary
from mingzheng.procedures.forms import long_text
from mingzheng.records.words import act_name

# What stands in the list of items beside what the pack wants: without its name no line is about
# anything.
NAME = fields.Field("name", "事项名称", fields.MUST, "国办发〔2018〕118号 二（二）")
LEDGER = fields.Field("ledger", "权责清单编码", fields.OFFERED, "")


def in_force(agency: Agency) -> QuerySet[Item]:
    """The agency's items of today, by code."""
    today = clock.today()
    return Item.objects.filter(
        Q(until=None) | Q(until__gte=today), agency=agency, since__lte=today
    ).order_by("code")


def powers_in_force(agency: Agency) -> QuerySet[Item]:
    """Those of them on which matters run: without what is served and no power."""
    return in_force(agency).exclude(kind=categories.SERVICE)


def bases_of(item: Item) -> str:
    """The articles of an item, each once."""
    return "；".join(dict.fromkeys(str(base["text"]) for base in item.bases if base.get("text")))


def columns(agency: Agency, list_id: str) -> tuple[fields.Field, ...]:
    """The pack's columns with the item's name in front."""
    found = fields.of(agency, list_id)
    name = next((each for each in found if each.id == "name" and each.need == fields.MUST), NAME)
    return (name, *[each for each in found if each.id != "name"])


def said_of(item: Item) -> dict[str, str]:
    """What the register says of one item, by field."""
    said = {key: str(value) for key, value in item.details.items() if isinstance(value, str)}
    ledger = item.details.get("ledger") or {}
    return {
        **said,
        "name": item.name,
        "type": item.category,
        "basis": bases_of(item),
        "body": item.agency.name,
        "procedure": " → ".join(each.name for each in process_map.of_item(item).stations),
        "ledger": str(ledger.get("code", "")),
    }


def random_of(item: Item) -> dict[str, str]:
    """The line of one item in the list of random checks: its own words, else its checklist."""
    said = {key: str(value) for key, value in item.details["random"].items()}
    points = "；".join(str(each["name"]) for each in item.details.get("points", ()))
    return {
        "content": points,
        **said,
        "name": item.name,
        "basis": bases_of(item),
        "body": item.agency.name,
    }


def _asks(list_id: str, rows: Any) -> Any:
    """One text for each required field that some line has no words of its own for."""

    def asks(page: Page) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        lines = rows(page.agency)
        for each in columns(page.agency, list_id):
            without = sum(1 for _, values in lines if not values.get(each.id))
            if each.need == fields.MUST and without:
                found[each.id] = long_text(
                    each.name,
                    required=False,
                    rows=3,
                    help_text=f"有 {without} 项没有逐项登记，用这一段（{each.source}）",
                )
        return found

    return asks


def _items(agency: Agency) -> list[tuple[str, dict[str, str]]]:
    return [(row.name, said_of(row)) for row in in_force(agency).select_related("agency")]


def _randoms(agency: Agency) -> list[tuple[str, dict[str, str]]]:
    return [
        (row.name, random_of(row))
        for row in in_force(agency).select_related("agency")
        if row.details.get("random")
    ]


def _completed(
    rows: list[tuple[str, dict[str, str]]], answers: Answers
) -> list[tuple[str, dict[str, str]]]:
    common = {name: str(text) for name, text in answers.items() if text}
    return [
        (label, {**common, **{key: text for key, text in values.items() if text}})
        for label, values in rows
    ]


@builder("item-list", _asks("item-list-fields", _items))
def items(page: Page, answers: Answers) -> Made:
    """行政执法事项清单: what the agency may do today, with the fields of its own list, and where
    the 权责清单 says otherwise.
    """
    rows = _completed(_items(page.agency), answers)
    block, faults = fields.table((*columns(page.agency, "item-list-fields"), LEDGER), rows)
    if not rows:
        faults.append("还没有登记执法事项，请先录入或者导入事项")
    return Made((block, *_against_ledger(page.agency)), tuple(faults))


def _against_ledger(agency: Agency) -> list[dict[str, Any]]:
    """Lines whose entry in the list of powers and duties has another name; nothing where all agree
    or none is linked.
    """
    found = [
        [row.name, str(row.details["ledger"]["code"]), str(row.details["ledger"]["name"])]
        for row in in_force(agency)
        if row.details.get("ledger", {}).get("name") not in (None, row.name)
    ]
    head = ["事项名称", "权责清单编码", "权责清单中的名称"]
    return (
        [{"kind": "table", "title": "与权责清单名称不一致的事项", "head": head, "rows": found}]
        if found
        else []
    )


@builder("random-list", _asks("random-list-fields", _randoms))
def randoms(page: Page, answers: Answers) -> Made:
    """随机抽查事项清单: checking body and checked objects are two fields."""
    rows = _completed(_randoms(page.agency), answers)
    block, faults = fields.table(columns(page.agency, "random-list-fields"), rows)
    return Made(
        (block,),
        tuple(faults if rows else ["还没有登记为随机抽查的事项，请在事项中写明随机抽查的方式"]),
    )


def certified(agency: Agency) -> QuerySet[Certificate]:
    """Certificates valid today whose holder still has a post there."""
    today = clock.today()
    post = Post.objects.filter(
        Q(until=None) | Q(until__gte=today),
        since__lte=today,
        person=OuterRef("person"),
        agency=agency,
    )
    return (
        Certificate.objects.filter(
            Exists(post), agency=agency, state=Certificate.VALID, since__lte=today, until__gte=today
        )
        .select_related("person")
        .order_by("number")
    )


def area_of(agency: Agency) -> str:
    """The name of the region in which its certificates are good; empty where no government of it
    is registered.
    """
    region = (
        Agency.objects.filter(kind="government", region=agency.region)
        .values_list("name", flat=True)
        .first()
        or ""
    )
    return region.removesuffix("人民政府")


@builder("officer-list")
def officers(page: Page, answers: Answers) -> Made:
    """行政执法人员清单: who holds a certificate that is valid today."""
    agency, kinds = page.agency, vocabulary().facts["kind"].choices
    titles = {post.person_id: post.title for post in Post.objects.filter(agency=agency, until=None)}
    scope = next((pack.scope for pack in fields.regime(agency).chain if pack.scope), None)
    whole = (
        "、".join(kinds.get(kind, kind) for kind in scope.kinds) if scope else "本机关全部执法事项"
    )
    rows = [
        (
            row.person.name,
            {
                "name": row.person.name,
                "certificate": row.number,
                "post": titles.get(row.person_id, ""),
                "area": area_of(agency),
                "scope": "、".join(kinds.get(kind, kind) for kind in row.scope) or whole,
            },
        )
        for row in certified(agency)
    ]
    block, faults = fields.table(fields.of(agency, "officer-fields"), rows)
    return Made((block,), tuple(faults if rows else ["本机关今天没有人持有效的执法证件"]))


@builder("body-list")
def bodies(page: Page, answers: Answers) -> Made:
    """执法主体名录: the agency and the bodies below it that enforce, with what they rest on."""
    rows = [
        page.agency,
        *page.agency.subordinates.exclude(pack="").exclude(pk=page.agency_id).order_by("code"),
    ]
    return Made(
        (
            {
                "kind": "table",
                "head": ["执法主体", "类别", "职权依据", "地址", "电话"],
                "rows": [
                    [
                        row.name,
                        Agency.KINDS.get(row.kind, ""),
                        str(row.basis.get("title", "")) or "法律、法规、规章授予的职权",
                        row.address or "—",
                        row.phone or "—",
                    ]
                    for row in rows
                ],
            },
        )
    )


@builder("recording-list")
def recordings(page: Page, answers: Answers) -> Made:
    """音像记录事项清单: what the pack wants recorded, and how."""
    words = vocabulary()
    rows = fields.regime(page.agency).rows("recordings", clock.today(), {}).rows
    return Made(
        (
            {
                "kind": "table",
                "head": ["环节", "记录方式", "要求", "依据"],
                "rows": [
                    [
                        act_name(str(row["act"])),
                        words.modes.get(str(row["mode"]), str(row["mode"])),
                        str(row.get("text", "")) or "—",
                        str(row["source"]),
                    ]
                    for row in rows
                ],
            },
        ),
        () if rows else ("规则包没有写音像记录事项",),
    )


def _catalogue_asks(page: Page) -> dict[str, forms.Field]:
    return {
        "listed": long_text(
            "列入目录的事项",
            required=False,
            rows=5,
            help_text="一行一项；本机关规定没有另列的，留空",
        )
    }


@builder("review-list", _catalogue_asks)
def reviewed(page: Page, answers: Answers) -> Made:
    """重大执法决定法制审核目录: what the rules call major, and what the agency lists besides."""
    regime = fields.regime(page.agency)
    found = [
        [str(each.get("text")), str(each.get("source", rule.source))]
        for rule in regime.rules("condition")
        if rule.id == "major"
        for each in rule.body.get("any", ())
        if each.get("text")
    ]
    own = [
        [line.strip(), "本机关审核目录"]
        for line in str(answers.get("listed") or "").splitlines()
        if line.strip()
    ]
    rows = regime.rows("review-catalogue", clock.today(), {}).rows
    listed = [[str(row.get("name") or row.get("text")), str(row["source"])] for row in rows]
    return Made(
        (
            {
                "kind": "table",
                "head": ["应当进行法制审核的情形", "依据"],
                "rows": [*own, *listed, *[list(each) for each in dict.fromkeys(map(tuple, found))]],
            },
        )
    )
