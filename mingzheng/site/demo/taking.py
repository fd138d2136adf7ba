"""The roads of a levy and of a requisition, and the one matter of each that the demo tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.site.demo import parties
from mingzheng.site.demo.licensing import NOTHING, Licensing
from mingzheng.site.demo.play import Play, at, back

# (item, party number, as far as, working days ago that it began)
STORIES = (("zs-pl", 13, "closed", 24), ("zy-wz", 14, "closed", 26))
NUMBER = len(STORIES)
THINGS = "柴油发电机组，500千瓦，2台，完好\n移动照明车，4×1000瓦，1辆，完好"


class Levying(Licensing):
    """One levy on its way."""

    ROAD: tuple[str, ...] = (
        *("begun", "drafted", "told", "heard", "proposed", "decided", "served", "paid"),
        *("published", "closed"),
    )

    def __init__(self, play: Play, start: date, **how: Any) -> None:
        super().__init__(play, start, **{"outcome": "levied", **how})

    def go(self, until: str) -> Levying:
        """Take every stage up to and with `until`."""
        for stage in self.ROAD[: self.ROAD.index(until) + 1]:
            getattr(self, stage)()
        return self

    def begun(self) -> None:
        with at(self.day, 9):
            self.play.begin("levy", summary="使用无线电频率，本年度的占用费没有缴纳。")

    def draft(self, key: str = "draft.made", **more: Any) -> None:
        """Assess it at the present moment."""
        self.play.step(
            key,
            **{
                "outcome": self.how["outcome"],
                "facts_text": "经核定，本年度使用频率两个频点，应缴频率占用费。",
                "basis": self.item.applied,
                "standard": self.item.details.get("standard", "按规定的标准"),
                "amount": "6000",
                "until": self.day + timedelta(days=40),
                "decision": "缴入指定账户，开具财政票据。",
                **NOTHING,
                **more,
            },
        )

    def drafted(self) -> None:
        with at(self.forward(1), 10):
            self.draft()

    def told(self) -> None:
        with at(self.forward(1), 9):
            self.play.step("party.notified:levy", contact="张三 0537-0000000", **self.service())

    def heard(self) -> None:
        with at(self.forward(2), 10):
            self.hear()

    def hear(self) -> None:
        """Hear what he says to it at the present moment."""
        self.play.step(
            "statement.heard",
            officers=self.play.officers_ids(),
            speaker=self.name,
            signed="signed",
            text="对数额没有异议，请说明计算办法。",
            finding="已当面说明标准和计算。",
            accepted="partly",
        )

    def pay(self, amount: str, receipt: str) -> None:
        """Register a payment at the present moment."""
        self.play.step("payment.received", amount=amount, receipt=receipt)

    def paid(self) -> None:
        with at(self.forward(2), 10):
            self.pay("6000", f"鲁财{self.day:%Y%m%d}01")
        with at(self.day, 11):
            self.play.step("decision.executed", text="已经缴清，票据在卷。")

    def closed(self) -> None:
        with at(self.forward(1), 10):
            self.play.step("case.closed", text="决定已经送达，款项已经缴清。")


class Requisitioning(Levying):
    """One requisition on its way."""

    ROAD: tuple[str, ...] = (
        *("begun", "drafted", "proposed", "decided", "served", "taken", "published"),
        *("ended", "returned", "compensated", "closed"),
    )

    def __init__(self, play: Play, start: date, **how: Any) -> None:
        super().__init__(play, start, **{"outcome": "requisitioned", **how})

    def begun(self) -> None:
        with at(self.day, 8):
            self.play.begin(
                "requisition",
                emergency=self.how.get("emergency", "yes"),
                event="强降雨造成城区多处停电，排涝泵站急需应急电源。",
                things=THINGS,
            )

    def draft(self, key: str = "draft.made", **more: Any) -> None:
        self.play.step(
            key,
            **{
                "outcome": self.how["outcome"],
                "facts_text": "城区排涝泵站停电，需要应急电源保障抢险。",
                "basis": self.item.applied,
                "things": THINGS,
                "purpose": "排涝泵站应急供电，由县排水中心使用",
                "until": self.day + timedelta(days=10),
                "compensation": "按同类设备租赁市场价计算使用费，毁损的按重置价补偿。",
                **NOTHING,
                **more,
            },
        )

    def with_owner(self, key: str, **more: Any) -> None:
        """A step that the owner signs, at the present moment."""
        self.play.step(key, officers=self.play.officers_ids(), signed="signed", **more)

    def taken(self) -> None:
        with at(self.day, 11):
            self.with_owner(
                "property.requisitioned",
                things=THINGS,
                place=self.play.party["address"],
                user="县排水中心",
            )

    def ended(self) -> None:
        with at(self.forward(4), 9):
            self.play.step("requisition.ended", text="供电恢复，应急处置结束。")

    def returned(self) -> None:
        with at(self.forward(1), 10):
            self.with_owner(
                "property.returned",
                things=THINGS,
                damage="发电机组滤芯损耗一套，其他完好",
                place=self.play.party["address"],
            )

    def compensated(self) -> None:
        with at(self.forward(3), 10):
            self.with_owner(
                "compensation.paid",
                amount="8600",
                counted="使用5日，每日1,600元，滤芯600元",
                receipt=f"支付{self.day:%Y%m%d}",
            )

    def closed(self) -> None:
        with at(self.forward(1), 10):
            self.play.step("case.closed", text="财产已经返还，补偿已经支付。")


def road(agency: Agency, item: str, number: int, start: date, **how: Any) -> Levying:
    """One levy or requisition that has not begun yet."""
    play = Play(agency, ("张三", "李四"), parties.company("wg", number), item)
    return (Requisitioning if item.startswith("zy") else Levying)(play, start, **how)


def play(made: dict[str, Agency]) -> Iterator[None]:
    """Play both stories, one yield each."""
    for item, number, until, ago in STORIES:
        told = road(made["wg"], item, number, back(ago)).go(until)
        if told.day > clock.today():
            raise ValueError(f"{item} runs into the future")
        yield
