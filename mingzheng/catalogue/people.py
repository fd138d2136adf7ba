"""Officers as agencies list them in Excel: whose certificate a row is, and what cannot be told
from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mingzheng.agencies.models import Agency, Certificate, Post, Unit
from mingzheng.catalogue import categories, fields
from mingzheng.catalogue.lists import area_of, certified
from mingzheng.catalogue.workbooks import Read, Row
from mingzheng.core import clock
from mingzheng.core.nouns import word
from mingzheng.procedures import matter_kinds

WHOLE = ("全部", "本机关全部执法事项")


@dataclass(frozen=True)
class Seats:
    """Who has a post in an agency today (`now`) or had one (`gone`)."""

    now: tuple[Post, ...]
    gone: tuple[Post, ...]

    def of(self, person: int) -> Post | None:
        """The post that somebody has now."""
        return next((post for post in self.now if post.person_id == person), None)

    def at(self, said: Mapping[str, Any]) -> Post | None:
        """The post that a row names by unit and title, if a person of that name has it."""
        return next(
            (
                post
                for post in self.now
                if (post.person.name, post.unit.name, post.title)
                == (said["name"], said["unit"], said["title"])
            ),
            None,
        )


def seats(agency: Agency) -> Seats:
    """The posts of the agency."""
    today = clock.today()
    rows = list(
        Post.objects.filter(agency=agency)
        .select_related("person", "unit")
        .order_by("-since", "-pk")
    )
    return Seats(
        tuple(post for post in rows if post.until is None or post.until >= today),
        tuple(post for post in rows if post.until is not None and post.until < today),
    )


def scope_of(text: Any) -> tuple[list[str], list[str]]:
    """(kinds of matter, words that are none) of a cell; no kinds mean all."""
    names = [
        name for name in re.split(r"[、，,；;\s]+", str(text or "")) if name and name not in WHOLE
    ]
    found = {name: categories.meant(name) for name in names}
    # Nobody is certified for what is no power.
    found = {
        name: meant if meant and meant[0] != categories.SERVICE else None
        for name, meant in found.items()
    }
    return list(dict.fromkeys(meant[0] for meant in found.values() if meant)), [
        name for name, meant in found.items() if meant is None
    ]


def held(agency: Agency, whole: bool) -> list[Mapping[str, Any]]:
    """The certificates as rows of the sheet; whoever has left is not exported."""
    rows = (
        Certificate.objects.filter(agency=agency).select_related("person").order_by("number")
        if whole
        else certified(agency)
    )
    found, area = seats(agency), area_of(agency)
    return [
        {
            "certificate": row.number,
            "name": row.person.name,
            "unit": post.unit.name if post else "",
            "title": post.title if post else "",
            "scope": "、".join(categories.kind_name(kind) for kind in row.scope),
            "area": area,
            "since": row.since,
            "until": row.until,
        }
        for row in rows
        for post in [found.of(row.person_id)]
    ]


def check(agency: Agency, found: Read) -> None:
    """Everything about a row that the register contradicts, or that leaves open who is meant."""
    known = {
        row.number: row
        for row in Certificate.objects.filter(
            number__in=[
                row.values["certificate"] for row in found.rows if row.values["certificate"]
            ]
        ).select_related("person", "agency")
    }
    units, held_by = (
        set(Unit.objects.filter(agency=agency).values_list("name", flat=True)),
        seats(agency),
    )
    named: dict[tuple[str, ...], int] = {}
    for row in found.rows:
        said = row.values
        _plain(agency, row, units, found)
        who = tuple(str(said[key] or "") for key in ("name", "unit", "title"))
        if all(who) and who in named:
            found.faults.append(
                (
                    row.number,
                    (
                        f"与第 {named[who]} 行姓名、科室、职务都相同，"
                        "一人只能有一个证件号；确是两个人的，请在职务里写明区别"
                    ),
                )
            )
        named.setdefault(who, row.number)
        certificate = known.get(str(said["certificate"]))
        if certificate is not None:
            _known(agency, row, certificate, held_by, found)
        elif all(who):
            _stranger(agency, row, held_by, found)


def _plain(agency: Agency, row: Row, units: set[str], found: Read) -> None:
    said, area = row.values, area_of(agency)
    if said["certificate"] and not re.fullmatch(
        r"[0-9A-Za-z\u4e00-\u9fff〔〕()（）-]{4,30}", said["certificate"]
    ):
        found.faults.append(
            (row.number, f"执法证件号码“{said['certificate']}”不像证件号码，请对照证件核对")
        )
    kinds, strange = scope_of(said["scope"])
    if strange:
        found.faults.append(
            (
                row.number,
                (
                    f"不认识执法范围“{'”“'.join(strange)}”，"
                    f"可以填：{'、'.join(kind.name for kind in matter_kinds.enforcement())}；全部事项的留空"
                ),
            )
        )
    for kind in kinds:
        allowed, source = fields.regime(agency).allows(kind)
        if not allowed:
            found.faults.append(
                (
                    row.number,
                    f"本机关的规定没有写{categories.kind_name(kind)}（{source}），执法范围不能写它",
                )
            )
    if said["area"] and said["area"] != area:
        found.faults.append(
            (row.number, f"执法区域“{said['area']}”不是本机关的执法区域（{area or '没有登记'}）")
        )
    if said["unit"] and said["unit"] not in units:
        found.faults.append(
            (row.number, f"没有“{said['unit']}”这个科室，现有：{'、'.join(sorted(units))}")
        )
    for key, name, most in (("name", "姓名", 40), ("title", "职务", 60)):
        if said[key] and len(said[key]) > most:
            found.faults.append((row.number, f"“{name}”超过 {most} 个字"))
    if said["since"] and said["until"] and said["until"] < said["since"]:
        found.faults.append((row.number, "证件有效期止早于有效期起"))
    elif said["until"] and said["until"] < clock.today():
        found.notes.append(
            (row.number, f"证件已于 {said['until']:%Y-%m-%d} 到期，登记后也不列入公示的人员清单")
        )


def _known(
    agency: Agency, row: Row, held_one: Certificate, found_seats: Seats, found: Read
) -> None:
    said, number = row.values, held_one.number
    if held_one.agency_id != agency.pk:
        # Another agency's officers are not told of; that the number is taken has to be said.
        found.faults.append(
            (row.number, f"执法证件号码 {number} 已经登记在别人名下，请对照证件核对")
        )
        return
    if said["name"] and held_one.person.name != said["name"]:
        found.faults.append(
            (
                row.number,
                (
                    f"执法证件号码 {number} 登记在{held_one.person.name}名下，不是{said['name']}，"
                    "请对照证件核对"
                ),
            )
        )
        return
    if held_one.state != Certificate.VALID:
        found.faults.append(
            (row.number, f"证件 {number} {Certificate.NAMES[held_one.state]}，不能从名单恢复")
        )
    post = found_seats.of(held_one.person_id)
    if post is None:
        found.notes.append(
            (row.number, f"{said['name']}已离开原岗位，导入后重新任职{said['unit']}{said['title']}")
        )
    elif (
        said["unit"]
        and said["title"]
        and (post.unit.name, post.title) != (said["unit"], said["title"])
    ):
        found.faults.append(
            (
                row.number,
                f"{said['name']}现在是{post.unit.name}{post.title}。调岗的，请先在“{word('cases:handover')}”登记离岗，再导入",
            )
        )
    before = f"{held_one.since:%Y-%m-%d} 至 {held_one.until:%Y-%m-%d}"
    if (
        said["since"]
        and said["until"]
        and (held_one.since, held_one.until) != (said["since"], said["until"])
    ):
        found.notes.append(
            (
                row.number,
                (
                    f"证件 {number} 的有效期将由 {before} 改为 {said['since']:%Y-%m-%d} 至"
                    f" {said['until']:%Y-%m-%d}"
                ),
            )
        )
    if set(scope_of(said["scope"])[0]) != set(held_one.scope):
        found.notes.append(
            (row.number, f"证件 {number} 的执法范围将改为“{said['scope'] or '全部'}”")
        )


def _stranger(agency: Agency, row: Row, found_seats: Seats, found: Read) -> None:
    """A number that nobody has: a new person, or the certificate of somebody who is already
    there.
    """
    said, today = row.values, clock.today()
    there = found_seats.at(said)
    if there is not None:
        other = Certificate.objects.filter(
            person=there.person_id, agency=agency, state=Certificate.VALID, until__gte=today
        ).first()
        if other is not None:
            found.faults.append(
                (
                    row.number,
                    (
                        f"{said['name']}已有证件 {other.number}（至 {other.until:%Y-%m-%d}），"
                        "一人只能有一个有效的证件号"
                    ),
                )
            )
        else:
            found.notes.append((row.number, f"{said['name']}已在本机关，只登记证件"))
        return
    for post in found_seats.now:
        if post.person.name == said["name"] and post.unit.name == said["unit"]:
            found.faults.append(
                (
                    row.number,
                    (
                        f"{post.unit.name}已有{post.person.name}（{post.title}），职务与表中不同，"
                        "看不出是不是同一个人，请核对"
                    ),
                )
            )
        elif post.person.name == said["name"]:
            found.notes.append(
                (row.number, f"{post.unit.name}另有一位{post.person.name}；导入后这一行是另一个人")
            )
