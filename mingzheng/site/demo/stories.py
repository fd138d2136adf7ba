"""The demo's cases: which agency, which party, how far it came, how long ago, what was unusual."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.site.demo import (
    filmed,
    licence_stories,
    oddities,
    parties,
    registration_stories,
    seizing,
    taking,
    telling,
    turns,
    visits,
)
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, back

TEXTS = tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))
MAJOR = {"judged": {"major_rights": "yes", "complex": "yes"}, "review": True, "discussion": True}
OFFICERS = {
    "wg": ("张三", "李四"),
    "lm": ("赵晨", "孙岩"),
    "lg": ("侯野", "曹越"),
    "fc": ("常青", "贾晋"),
}
SECOND = {
    "wg": ("冯立", "苗青"),
    "lm": ("武强", "靳月"),
    "lg": ("侯野", "曹越"),
    "fc": ("常青", "贾晋"),
}

# (agency, party number, item, as far as, working days ago that it began, turn, how). A negative
# party is a citizen.
CASES: tuple[tuple[str, int, str, str, int, str, dict[str, Any]], ...] = (
    ("wg", 0, "jn-82", "bound", 70, "", {}),
    ("wg", 1, "jn-84", "bound", 66, "", {"refuses": True}),
    (
        "wg",
        2,
        "jn-71",
        "closed",
        74,
        "",
        {
            **MAJOR,
            "hearing": "told",
            "penalties": ["没收非法财物"],
            "draft": {"confiscated": "30000"},
        },
    ),
    ("wg", 3, "jn-82", "closed", 50, "", {}),
    ("wg", 4, "jn-84", "executed", 44, "", {"statement": "当事人请求考虑其主动补办备案的情况。"}),
    ("wg", 5, "jn-82", "paid", 38, "", {}),
    ("wg", 6, "jn-82", "published", 34, "corrected", {}),
    ("wg", 7, "jn-84", "published", 45, "urged", {"left": True}),
    ("wg", 8, "jn-82", "served", 26, "", {}),
    ("wg", 9, "jn-84", "served", 34, "", {}),
    ("wg", 10, "jn-82", "decided", 25, "", {}),
    ("wg", 11, "jn-84", "decided", 34, "", {}),
    (
        "wg",
        12,
        "jn-71",
        "heard",
        36,
        "review-waiting",
        {
            **MAJOR,
            "hearing": "told",
            "penalties": ["没收非法财物"],
            "draft": {"confiscated": "26000"},
        },
    ),
    ("wg", 13, "jn-82", "noticed", 17, "", {}),
    ("wg", 14, "jn-84", "drafted", 16, "", {}),
    ("wg", 15, "jn-82", "ended", 14, "", {}),
    ("wg", 16, "jn-71", "investigated", 12, "preserved", {}),
    ("wg", 17, "jn-71", "investigated", 30, "testing", {}),
    ("wg", 18, "jn-82", "opened", 4, "", {}),
    ("wg", 19, "jn-84", "proposed", 2, "", {}),
    ("wg", 5, "jn-84", "registered", 1, "", {}),
    ("wg", 6, "jn-84", "registered", 6, "declined", {}),
    ("wg", 7, "jn-82", "proposed", 5, "returned", {}),
    (
        "wg",
        8,
        "jn-71",
        "investigated",
        20,
        "informant",
        {"source": {"source": "report", "informant": "举报人要求保密（示例）"}},
    ),
    ("wg", 9, "jn-82", "served", 40, "withheld", {}),
    (
        "wg",
        10,
        "jn-84",
        "served",
        52,
        "no-penalty",
        {
            "draft": {"outcome": "no-penalty", "penalties": [], "fine": ""},
            "discretion": "初次违法，危害后果轻微并及时改正。",
        },
    ),
    (
        "lm",
        0,
        "st-30",
        "published",
        66,
        "revoked",
        {
            **MAJOR,
            "hearing": "held",
            "penalties": ["其他"],
            "other": "撤销登记，收缴登记证书和印章",
        },
    ),
    (
        "lm",
        1,
        "st-30",
        "closed",
        80,
        "",
        {
            **MAJOR,
            "hearing": "held",
            "penalties": ["其他"],
            "other": "撤销登记，收缴登记证书和印章",
        },
    ),
    ("lm", 5, "mf-25", "bound", 60, "", {"penalties": ["警告"]}),
    ("lm", 3, "yl-46", "paid", 52, "", {"correction": True}),
    ("lm", 4, "yl-46", "served", 26, "", {}),
    ("lm", 8, "yl-46", "noticed", 26, "", {"correction": True}),
    (
        "lm",
        2,
        "st-30",
        "heard",
        50,
        "hearing-ready",
        {
            **MAJOR,
            "hearing": "held",
            "penalties": ["其他"],
            "other": "撤销登记，收缴登记证书和印章",
        },
    ),
    ("lm", 6, "st-30", "investigated", 8, "", {}),
    ("lm", 7, "mf-25", "registered", 2, "", {}),
    (
        "lg",
        0,
        "jn-71",
        "heard",
        40,
        "review-returned",
        {
            **MAJOR,
            "hearing": "told",
            "self_check": True,
            "penalties": ["没收非法财物"],
            "draft": {"confiscated": "18000"},
        },
    ),
    ("lg", 1, "jn-82", "closed", 56, "", {**MAJOR, "self_check": True}),
    ("lg", 2, "jn-84", "published", 38, "", {"self_check": True, "discussion": False}),
    ("lg", 3, "jn-82", "drafted", 16, "", {"self_check": True}),
    ("lg", 4, "jn-84", "opened", 3, "", {}),
    ("fc", -1, "open-burning", "bound", 50, "", {}),
    ("fc", -2, "open-burning", "published", 33, "", {}),
    ("fc", -3, "open-burning", "decided", 24, "", {}),
    ("fc", 0, "street-stall", "executed", 40, "", {}),
    ("fc", 1, "street-stall", "noticed", 17, "", {}),
)
# (agency, citizen number, item, working days ago, fine, how far)
SUMMARY = (
    ("fc", -4, "open-burning", 9, "", "closed"),
    ("fc", -5, "street-stall", 5, "100", "published"),
    ("fc", -6, "open-burning", 2, "50", "served"),
)


# How many stories the other kinds tell, for the progress that is shown.
OTHER_STORIES = (
    len(licence_stories.STORIES)
    + len(registration_stories.PAIRS)
    + len(registration_stories.OTHERS)
    + visits.NUMBER
    + seizing.NUMBER
    + oddities.NUMBER
    + filmed.NUMBER
    + telling.NUMBER
    + taking.NUMBER
)


def play_all(made: dict[str, Agency]) -> Iterator[tuple[int, int]]:
    """Play every case; yields (done, of)."""
    total = len(CASES) + len(SUMMARY) + OTHER_STORIES
    for index, (code, number, item, until, ago, turn, how) in enumerate(CASES, 1):
        journey = Journey(
            _play(made[code], code, number, item, index), back(ago), **{**told(item), **how}
        )
        journey.go(until)
        if turn:
            turns.TURNS[turn](journey)
        if journey.day > clock.today():
            raise ValueError(f"the story of {journey.play.party['name']} runs into the future")
        yield index, total
    for index, (code, number, item, ago, fine, until) in enumerate(SUMMARY, len(CASES) + 1):
        turns.on_the_spot(
            Journey(_play(made[code], code, number, item, index), back(ago), **told(item)),
            fine,
            until,
        )
        yield index, total
    for index, _ in enumerate(_other_kinds(made), total - OTHER_STORIES + 1):
        yield index, total


def _other_kinds(made: dict[str, Agency]) -> Iterator[None]:
    yield from licence_stories.play(made)
    yield from registration_stories.play(made)
    yield from visits.play(made)
    yield from seizing.play(made)
    yield from oddities.play(made)
    filmed.play(made)
    yield
    yield from telling.play(made)
    yield from taking.play(made)


def _play(agency: Agency, code: str, number: int, item: str, index: int) -> Play:
    party = parties.citizen(-number) if number < 0 else parties.company(code, number)
    officers = SECOND[code] if index % 3 == 0 else OFFICERS[code]
    return Play(agency, officers, party, item, cause=cause_of(item), summary=TEXTS[item]["facts"])


def cause_of(item: str) -> str:
    """What a case about an item is called."""
    return {
        "jn-82": "未按规定报送能源利用状况报告",
        "jn-84": "未按规定设立能源管理岗位",
        "jn-71": "使用国家明令淘汰的用能设备",
        "st-30": "不按照规定接受年度检查",
        "mf-25": "未按规定接受年度检查",
        "yl-46": "未与老年人签订服务协议",
        "open-burning": "露天焚烧秸秆",
        "street-stall": "占道露天烧烤",
    }[item]


def told(item: str) -> dict[str, Any]:
    """The texts of an item's stories with its legal bases."""
    row = Item.objects.filter(code=item).first()
    assert row is not None
    return {**TEXTS[item], "broken": row.broken, "applied": row.applied}
