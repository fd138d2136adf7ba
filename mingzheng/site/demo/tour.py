"""The road a visit takes, as far as a story wants it to go."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.cases.acts.inspection import scan
from mingzheng.cases.models import Visit
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.unit import work
from mingzheng.site.demo.play import Play, at

ROAD = (
    "planned",
    "approved",
    "noticed",
    "started",
    "checked",
    "visited",
    "concluded",
    "published",
    "closed",
)


class Tour:
    """One visit on its way. `day` is the day it has reached, `planned` the day it is planned
    for.
    """

    def __init__(
        self, play: Play, start: date, *, gap: int = 3, planned: date | None = None, **how: Any
    ) -> None:
        self.play, self.day, self.began, self.how = play, start, start, how
        self.planned = planned or law.calendar().add(start, gap, "workday").due
        details = Item.objects.get(agency=play.body, code=play.item).details
        self.points = [(row["id"], row["name"]) for row in details["points"]]
        self.target, self.enterprise = details["target"], details["enterprise"]

    def forward(self, workdays: int) -> date:
        """So many working days later."""
        self.day = law.calendar().add(self.day, workdays, "workday").due
        return self.day

    def go(self, until: str) -> Tour:
        """Take every stage up to and with `until`."""
        for stage in ROAD[: ROAD.index(until) + 1]:
            self.stage(stage)
        return self

    def stage(self, name: str) -> None:
        """Take one stage; stages that happen on the day of the visit move the clock there."""
        {
            "planned": self._plan,
            "approved": self._approve,
            "noticed": self._notice,
            "started": self._start,
            "checked": self.checked,
            "visited": self._end,
            "concluded": self._conclude,
            "published": self._publish,
            "closed": self._close,
        }[name]()

    @property
    def case_specific(self) -> bool:
        """Whether it follows a clue and must not be announced."""
        return bool(self.how.get("check_type") == "case")

    def planned_now(self, **more: Any) -> None:
        """Plan it at the present moment."""
        self.play.begin(
            "inspection",
            check_type=self.how.get("check_type", "routine"),
            source=self.how.get("source", "plan"),
            planned_on=self.planned,
            place=self.play.party["address"],
            content=self.how.get("content", "查阅台账资料，现场查看设施设备，询问有关人员"),
            enterprise="yes" if self.enterprise else "no",
            urgent="yes" if self.how.get("urgent") else "no",
            joint=self.how.get("joint", ""),
            **more,
        )

    def _plan(self) -> None:
        with at(self.day, 9):
            self.planned_now()

    def _approve(self) -> None:
        with at(self.day, 10):
            self.play.step(
                "visit.approved",
                officers=self.play.officers_ids(),
                leader=self.play.officers[0],
                reason=self.how.get("reason", "按照本年度检查计划实施。"),
            )
        with at(self.day, 15):
            self.play.approve()

    def _notice(self) -> None:
        with at(self.day, 16):
            self.play.step(
                "notice.prepared",
                joined=self.how.get("joined", ""),
                rights=(
                    "您有权核验检查人员的执法证件，有权陈述、申辩，"
                    "有权拒绝与检查事项无关的要求；应当如实提供材料并予以配合。"
                ),
            )
        if self.target == "nursing-home" and not self.case_specific:
            with at(self.day, 17):
                self.play.step(
                    "party.notified:inspection",
                    manner="direct",
                    place=self.play.party["address"],
                    receiver=self.contact(),
                    relation="legal-representative",
                )

    def _start(self) -> None:
        self.day = self.planned
        with at(self.day, 9):
            self.identify()
            self.start()

    def identify(self) -> None:
        """Both officers show their certificates."""
        self.play.step(
            "officer.identified",
            officers=self.play.officers_ids(),
            mode="shown",
            to=self.contact(),
            place=self.play.party["address"],
        )

    def start(self) -> None:
        """They are on the spot."""
        self.play.step(
            "inspection.started",
            officers=self.play.officers_ids(),
            place=self.play.party["address"],
            received_by=f"{self.contact()}，负责人",
        )

    def rights(self) -> None:
        """The person inspected is told his rights."""
        self.play.step(
            "party.notified:rights",
            officers=self.play.officers_ids(),
            to=self.contact(),
            signed="signed",
        )

    def findings(self) -> dict[str, Any]:
        """Answers of the checklist: the first point has the problem, where there is one."""
        out: dict[str, Any] = {}
        for index, (code, _) in enumerate(self.points):
            problem = bool(self.how.get("problem")) and index == 0
            out |= {
                f"point-{code}": "problem" if problem else "ok",
                f"note-{code}": (
                    self.how.get("found", "现场查看不符合要求，已拍照") if problem else ""
                ),
            }
        rules = (
            law.regime(self.play.record)
            .rows("on-site-checklist", clock.today(), registry.facts_of(self.play.record))
            .rows
        )
        return {**out, "conduct": [str(row["id"]) for row in rules]}

    def checked(self) -> None:
        """Rights, the enterprise's scan, recordings, the checklist and the on-site record."""
        off = self.play.officers_ids()
        if self.how.get("scans", True):
            with at(self.day, 9, 20), work():
                scan(Visit.objects.get(record=self.play.record))
        with at(self.day, 9, 30):
            if not self.play.record.effective_acts.filter(
                kind="party.notified", of="rights"
            ).exists():
                self.rights()
            for step in ("evidence.taken", "inspection.started"):
                self.play.record_step(step, "现场检查情况", "video")
        with at(self.day, 10, 30):
            self.play.step("checklist.filled", officers=off, **self.findings())
        with at(self.day, 11, 30):
            seen = (
                self.how.get("found", "逐项检查，未发现问题。")
                if self.how.get("problem")
                else "逐项检查，未发现问题。"
            )
            self.play.step(
                "evidence.taken:on-site-record",
                officers=off,
                place=self.play.party["address"],
                present=self.contact(),
                text=seen,
                **self.signature(),
            )

    def signature(self) -> dict[str, str]:
        """Signed, or refused with reason and witness."""
        if self.how.get("refuses"):
            return {
                "signed": "refused",
                "refusal_reason": "负责人称需要请示上级，不愿签名",
                "witness": "社区工作人员 申林生",
            }
        return {"signed": "signed"}

    def finish(self) -> None:
        """The officers leave."""
        problem = self.how.get("problem")
        self.play.step(
            "inspection.ended",
            officers=self.play.officers_ids(),
            result="pending" if problem else "nothing",
            text="发现的问题另行处理。" if problem else "未发现问题。",
        )

    def _end(self) -> None:
        with at(self.day, 17):
            self.finish()

    def corrected(self, done: str = "yes") -> None:
        """Ordered to mend it, and checked again."""
        off = self.play.officers_ids()
        with at(self.day, 17, 10):
            self.play.step(
                "order.issued",
                officers=off,
                problem=self.how.get("found", "现场查看不符合要求"),
                measure="立即改正，并报送改正情况",
                until=law.calendar().add(self.day, 5, "workday").due,
                signed="signed",
            )
        with at(self.forward(6), 10):
            self.play.step(
                "order.rechecked",
                officers=off,
                done=done,
                signed="signed",
                text="已经按要求改正。" if done == "yes" else "仍没有改正。",
            )

    def _conclude(self) -> None:
        if self.how.get("problem"):
            self.corrected()
        with at(self.forward(1), 9):
            self.play.step(
                "result.formed",
                conclusion=(
                    "发现问题，已责令改正并复查合格" if self.how.get("problem") else "未发现问题"
                ),
                handling="责令改正，复查合格" if self.how.get("problem") else "无需处理",
            )

    def _publish(self) -> None:
        with at(self.forward(1), 9):
            self.play.propose()
        with at(self.day, 9, 30):
            self.play.step("publication.approved")
        with at(self.day, 15):
            self.play.approve()
        with at(self.day, 16):
            self.play.show("result")

    def _close(self) -> None:
        with at(self.forward(1), 10):
            self.play.step("case.closed", text="检查结果已告知并公示，予以办结。")

    def contact(self) -> str:
        """Whom the officers meet."""
        return str(self.play.party.get("representative") or self.play.party["name"])
