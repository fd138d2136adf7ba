"""The demo's visits: whom, how far each came, how long ago, what was unusual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import Play, at, back
from mingzheng.site.demo.tour import Tour

OFFICERS = {
    "wg": ("张三", "李四"),
    "lm": ("武强", "靳月"),
    "lg": ("侯野", "曹越"),
    "fc": ("常青", "贾晋"),
    "lx": ("焦专", "史宁"),
    "cx": ("韩专", "任岚"),
    "lm-st": ("赵晨", "孙岩"),
}
DRAWN = {"source": "draw", "reason": "双随机抽查名单中的对象。"}
CLUE = {"check_type": "case", "source": "complaint", "reason": "接到投诉，需要现场核实。"}

# (agency, whose register, party number, item, as far as, working days ago that it began, turn,
# how).
VISITS: tuple[tuple[str, str, int, str, str, int, str, dict[str, Any]], ...] = (
    ("lm", "lm", 3, "jc-yl", "closed", 60, "", {}),
    (
        "lm",
        "lm",
        4,
        "jc-yl",
        "concluded",
        40,
        "",
        {"problem": True, "found": "二楼消防通道堆放杂物，现场要求清理"},
    ),
    (
        "lm",
        "lm",
        8,
        "jc-yl",
        "visited",
        14,
        "follow",
        {"problem": True, "found": "抽查十名老人，三人没有签订服务协议"},
    ),
    ("lm", "lm", 3, "jc-yl", "published", 30, "", {"source": "draw"}),
    ("lm", "lm", 4, "jc-yl", "noticed", 2, "", {"gap": 4}),
    ("lm", "lm", 8, "jc-yl", "approved", 1, "", CLUE),
    ("lm-st", "lm", 0, "jc-st", "closed", 55, "", DRAWN),
    ("lm-st", "lm", 1, "jc-st", "published", 28, "", DRAWN),
    (
        "lm-st",
        "lm",
        2,
        "jc-st",
        "visited",
        12,
        "refer",
        {**DRAWN, "problem": True, "found": "账目中有一笔收入没有入账"},
    ),
    ("lm-st", "lm", 6, "jc-st", "planned", 1, "", DRAWN),
    ("lm-st", "lm", 7, "jc-st", "concluded", 24, "", DRAWN),
    ("wg", "wg", 0, "jc-jn", "closed", 70, "", DRAWN),
    ("wg", "wg", 1, "jc-jn", "published", 35, "", DRAWN),
    (
        "wg",
        "wg",
        2,
        "jc-jn",
        "concluded",
        33,
        "",
        {"problem": True, "found": "能源计量器具检定证书过期"},
    ),
    (
        "wg",
        "wg",
        3,
        "jc-jn",
        "visited",
        16,
        "follow-wg",
        {"problem": True, "found": "没有按时报送能源利用状况报告"},
    ),
    ("wg", "wg", 4, "jc-jn", "checked", 4, "", {}),
    ("wg", "wg", 5, "jc-jn", "noticed", 4, "", {"gap": 6}),
    ("wg", "wg", 6, "jc-jn", "planned", 1, "", {}),
    ("wg", "wg", 7, "jc-jn", "published", 42, "", {**DRAWN, "refuses": True}),
    ("wg", "wg", 8, "jc-jn", "approved", 2, "cancelled", {"gap": 8}),
    ("wg", "wg", 9, "jc-jn", "visited", 26, "", DRAWN),
    ("lg", "lg", 0, "jc-jn", "closed", 50, "", {}),
    (
        "lg",
        "lg",
        2,
        "jc-jn",
        "concluded",
        26,
        "",
        {"problem": True, "found": "淘汰电机一台仍在使用，现场停用"},
    ),
    ("lg", "lg", 4, "jc-jn", "started", 4, "", {}),
    ("fc", "fc", 0, "jc-jd", "closed", 44, "", {}),
    (
        "fc",
        "fc",
        1,
        "jc-jd",
        "concluded",
        18,
        "",
        {"problem": True, "found": "油烟净化设施没有开启"},
    ),
    ("fc", "fc", 0, "jc-jd", "visited", 5, "", {}),
    ("lx", "lm", 5, "jc-xf", "published", 40, "", DRAWN),
    (
        "lx",
        "lm",
        7,
        "jc-xf",
        "visited",
        12,
        "refer",
        {**DRAWN, "problem": True, "found": "两件信访事项超过期限没有答复"},
    ),
    ("lx", "lm", 2, "jc-xf", "planned", 1, "", DRAWN),
    ("cx", "lm", 1, "jc-xf", "concluded", 25, "", DRAWN),
)


NUMBER = len(VISITS) + 2


def play(made: dict[str, Agency]) -> Iterator[None]:
    """Play every visit, then one that two agencies make together; one yield a matter."""
    for key, register, number, item, until, ago, turn, how in VISITS:
        code = key.split("-")[0]
        trip = Tour(
            Play(made[code], OFFICERS[key], parties.company(register, number), item),
            back(ago),
            **how,
        )
        trip.go(until)
        if turn:
            TURNS[turn](trip)
        if trip.day > clock.today():
            raise ValueError(f"the visit to {trip.play.party['name']} runs into the future")
        yield
    yield from together(made)


def together(made: dict[str, Agency]) -> Iterator[None]:
    """SC7: two agencies of one county, one notice, separate records."""
    same, began = parties.company("lm", 9), back(20)
    lead = Tour(
        Play(made["lm"], OFFICERS["lm"], same, "jc-yl"),
        began,
        joint="联查2026-示例",
        joined="陵川县工业和信息化局",
    ).go("noticed")
    mate = Tour(
        Play(made["lg"], OFFICERS["lg"], same, "jc-jn"),
        began,
        joint="联查2026-示例",
        planned=lead.planned,
    ).go("approved")
    with at(lead.planned, 8):
        mate.play.step("notice.joined", lead=lead.play.record.pk)
    for trip in (lead, mate):
        for stage in ("started", "checked", "visited", "concluded"):
            trip.stage(stage)
        yield


def follow(trip: Tour, item: str = "yl-46", cause: str = "未与老年人签订服务协议") -> None:
    """What was found becomes a case."""
    row = Item.objects.get(agency=trip.play.body, code=item)
    with at(trip.forward(1), 10):
        trip.play.step(
            "matter.followed-up",
            item=row.pk,
            cause=cause,
            summary=f"检查中发现：{trip.how['found']}。",
        )
    with at(trip.forward(1), 10):
        trip.play.step(
            "result.formed", conclusion=f"发现问题：{trip.how['found']}", handling="已转为立案线索"
        )


def follow_energy(trip: Tour) -> None:
    """The same for an energy report."""
    follow(trip, "jn-82", "未按规定报送能源利用状况报告")


def refer(trip: Tour) -> None:
    """Another agency's business."""
    with at(trip.forward(1), 10):
        trip.play.step(
            "matter.transferred:other-agency",
            to="有关主管部门（示例）",
            reason=f"检查中发现{trip.how['found']}",
            materials="现场检查笔录复印件\n现场照片",
        )
    with at(trip.forward(1), 10):
        trip.play.step(
            "result.formed", conclusion=f"发现问题：{trip.how['found']}", handling="已移送有权机关"
        )


def cancelled(trip: Tour) -> None:
    """Called off before it took place."""
    with at(trip.forward(1), 9):
        trip.play.step("visit.cancelled", reason="该企业已停产搬迁，本次检查取消。")


TURNS: dict[str, Callable[[Tour], None]] = {
    "follow": follow,
    "follow-wg": follow_energy,
    "refer": refer,
    "cancelled": cancelled,
}
