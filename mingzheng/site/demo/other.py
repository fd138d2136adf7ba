"""The road of a levy, a payment, a reward or a ruling."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.site.demo.licensing import NOTHING, Licensing
from mingzheng.site.demo.play import Play, at

ROAD = (
    "begun",
    "accepted",
    "heard",
    "drafted",
    "proposed",
    "decided",
    "served",
    "published",
    "executed",
    "closed",
)
TEXTS = {
    "qt-jf": (
        "申请对铸造生产线技术改造给予奖补。",
        "项目已经完工，经核实符合奖补条件。",
        "给予技术改造奖补资金。",
        "200000",
    ),
    "qt-jl": (
        "年度节能考核成绩突出。",
        "经考核，单位产品能耗比上年下降百分之六。",
        "授予年度节能先进单位称号并给予奖励。",
        "50000",
    ),
    "qt-zs": (
        "应缴专项资金没有申报。",
        "经核查，应缴专项资金没有缴纳。",
        "征收专项资金。",
        "36000",
    ),
    "qt-cj": (
        "请求裁决线路通道补偿争议。",
        "双方对通道补偿范围有争议，经勘查核实。",
        "确定通道内补偿范围以现场勘查记录为准。",
        "",
    ),
}


class Otherwise(Licensing):
    """One matter of another kind on its way; what the item does not ask for is passed over."""

    def __init__(self, play: Play, start: date, **how: Any) -> None:
        super().__init__(play, start, **{"content": TEXTS[play.item][0], **how})

    def go(self, until: str) -> Otherwise:
        """Take every stage up to and with `until`."""
        for stage in ROAD[: ROAD.index(until) + 1]:
            getattr(self, stage)()
        return self

    @property
    def own(self) -> bool:
        """Whether the agency begins it itself."""
        return bool(self.item.details["begins"] == "agency")

    def begun(self) -> None:
        with at(self.day, 9):
            if self.own:
                self.play.begin("other-motion", content=self.how["content"])
            else:
                self.play.begin(
                    "other-application",
                    content=self.how["content"],
                    materials=self.materials(self.how.get("without", ())),
                )

    def accepted(self) -> None:
        if not self.own:
            with at(self.forward(1), 10):
                self.accept()

    def accept(self) -> None:
        """Accept it at the present moment."""
        self.play.step("application.accepted", officers=self.play.officers_ids())

    def heard(self) -> None:
        if self.item.details["sort"] in ("levy", "ruling") and not self.how.get("silent"):
            with at(self.forward(2), 10):
                self.play.step(
                    "statement.heard",
                    officers=self.play.officers_ids(),
                    speaker=self.name,
                    signed="signed",
                    text="对数额和范围没有异议，希望说明计算办法。",
                    finding="已当面说明计算依据。",
                    accepted="partly",
                )

    def drafted(self) -> None:
        _, facts, decision, amount = TEXTS[self.play.item]
        with at(self.forward(2), 10):
            self.play.step(
                "draft.made",
                outcome="granted",
                facts_text=facts,
                basis=self.item.applied,
                decision=decision,
                amount=amount,
                **NOTHING,
            )

    def propose(self) -> None:
        """Propose a text for the public at the present moment."""
        self.play.propose()

    def published(self) -> None:
        if self.item.details["public"]:
            super().published()

    def executed(self) -> None:
        with at(self.forward(2), 10):
            self.play.step("decision.executed", text="款项已经办结，凭证在卷。")

    def closed(self) -> None:
        with at(self.forward(1), 10):
            self.play.step("case.closed", text="决定已经送达并执行完毕。")
