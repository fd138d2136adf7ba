"""Agencies, what they may do, and their officers, as plain values for the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from mingzheng.agencies.models import Agency, Certificate, Post
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.records import law
from mingzheng.rulebook.naming import kind_name

PAGE = 60


@dataclass(frozen=True)
class Place:
    """An agency in a list or at the head of a page."""

    code: str
    name: str
    short_name: str
    kind: str
    region: str
    address: str
    phone: str
    hours: str


@dataclass(frozen=True)
class Power:
    """One enforcement item with the articles it rests on."""

    name: str
    kind: str
    bases: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """The kinds of matter that the agency's own text names; `open` when the text says 等."""

    kinds: tuple[str, ...]
    open: bool
    source: str


@dataclass(frozen=True)
class Officer:
    """An officer with a valid certificate; `fields` are those that the agency's pack lists."""

    name: str
    number: str
    agency: str
    agency_code: str
    until: Any
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Invalid:
    """A certificate that is not valid today: number, agency and why, never the name."""

    number: str
    agency: str
    why: str


def place(agency: Agency) -> Place:
    """The public face of a body."""
    return Place(
        agency.code,
        agency.name,
        agency.short_name,
        Agency.KINDS.get(agency.kind, ""),
        region_name(agency.region),
        agency.address,
        agency.phone,
        agency.hours,
    )


def region_name(region: str) -> str:
    """陵川县 for a region code: read off the government of that region."""
    name = (
        Agency.objects.filter(kind="government", region=region)
        .values_list("name", flat=True)
        .first()
    )
    return (name or "").removesuffix("人民政府")


def overseer(agency: Agency) -> Place | None:
    """The judicial bureau that supervises the agency's enforcement: the nearest by region."""
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
    return place(found[0]) if found else None


def scope(agency: Agency) -> Scope:
    """What kinds of matter the agency may act in; empty when its text does not limit them."""
    regime = law.regime_of(agency.pk, agency.pack)
    held = next((pack.scope for pack in regime.chain if pack.scope), None)
    if held is None:
        return Scope((), True, "")
    return Scope(tuple(kind_name(kind) for kind in held.kinds), held.open, held.source)


def powers(agency: Agency) -> list[Power]:
    """The items in force today."""
    today = clock.today()
    rows = Item.objects.filter(
        Q(until=None) | Q(until__gte=today), agency=agency, since__lte=today
    ).order_by("code")
    return [
        Power(
            row.name,
            row.category,
            tuple(
                dict.fromkeys(str(base.get("text", "")) for base in row.bases if base.get("text"))
            ),
        )
        for row in rows
    ]


def valid() -> QuerySet[Certificate]:
    """Certificates valid today whose holder still has a post at the agency."""
    today = clock.today()
    post = Post.objects.filter(
        Q(until=None) | Q(until__gte=today),
        since__lte=today,
        person=OuterRef("person"),
        agency=OuterRef("agency"),
    )
    return (
        Certificate.objects.filter(
            Exists(post), state=Certificate.VALID, since__lte=today, until__gte=today
        )
        .select_related("person", "agency")
        .order_by("agency_id", "number")
    )


def officers_of(agency: Agency, after: str = "") -> tuple[list[Officer], str]:
    """A page of the agency's officers by certificate number, and where the next page starts."""
    rows = list(valid().filter(agency=agency, number__gt=after)[: PAGE + 1])
    return [officer(row) for row in rows[:PAGE]], rows[PAGE - 1].number if len(rows) > PAGE else ""


def find_officers(asked: str) -> tuple[list[Officer], Invalid | None]:
    """Officers by part of a name or by exact number; a number that is not valid today says why."""
    rows = valid().filter(Q(person__name__icontains=asked) | Q(number=asked))[:PAGE]
    found = [officer(row) for row in rows]
    held = Certificate.objects.filter(number=asked).select_related("agency").first()
    if held is None or any(each.number == held.number for each in found):
        return found, None
    return found, Invalid(held.number, held.agency.name, _why(held))


def _why(held: Certificate) -> str:
    if held.state != Certificate.VALID:
        return Certificate.NAMES[held.state]
    today = clock.today()
    if held.until < today:
        return f"已于 {held.until.year}年{held.until.month}月{held.until.day}日 到期"
    return "还没有生效" if held.since > today else "持证人已不在这个单位执法岗位"


def officer(row: Certificate) -> Officer:
    """One officer with the fields of his agency's own list."""
    body = row.agency
    listed = (
        law.regime_of(body.pk, body.pack).rows("officer-fields", clock.today(), {}).rows
        if body.pack
        else ()
    )
    values = {
        "name": row.person.name,
        "certificate": row.number,
        "area": region_name(row.region),
        "scope": (
            "、".join(kind_name(kind) for kind in row.scope)
            or "、".join(scope(body).kinds)
            or "本机关全部执法事项"
        ),
        "post": _post(row),
    }
    fields = tuple(
        (str(each["name"]), values[each["id"]]) for each in listed if values.get(each["id"])
    )
    return Officer(row.person.name, row.number, body.name, body.code, row.until, fields)


def _post(row: Certificate) -> str:
    today = clock.today()
    held = Post.objects.filter(
        Q(until=None) | Q(until__gte=today), person=row.person, agency=row.agency
    ).first()
    return held.title if held else ""
