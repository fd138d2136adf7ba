"""The road a penalty case takes, day by day, as far as a story wants it to go."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import JUDGED
from mingzheng.jobs.acts import drain
from mingzheng.records import law
from mingzheng.site.demo.play import Play, at

ROAD = (
    "registered",
    "proposed",
    "opened",
    "investigated",
    "ended",
    "drafted",
    "noticed",
    "heard",
    "reviewed",
    "decided",
    "served",
    "published",
    "paid",
    "executed",
    "closed",
    "bound",
)


class Journey:
    """One case on its way. `day` is the day it has reached; it only moves over working days."""

    def __init__(self, play: Play, start: date, **how: Any) -> None:
        self.play, self.day, self.how = play, start, how

    def forward(self, workdays: int) -> date:
        """So many working days later."""
        if workdays:
            self.day = law.calendar().add(self.day, workdays, "workday").due
        return self.day

    def go(self, until: str) -> Journey:
        """Take every stage up to and with `until`."""
        for stage in ROAD[: ROAD.index(until) + 1]:
            getattr(self, stage)()
        return self

    @property
    def body(self) -> Agency:
        """The agency."""
        return self.play.body

    def role(self, role: str) -> str:
        """The name of somebody who holds a role and is no handler of this case."""
        from mingzheng.agencies.models import Post

        for post in Post.objects.filter(agency=self.body).select_related("person"):
            if role in post.roles and post.person.name not in self.play.officers:
                return post.person.name
        raise LookupError(f"{self.body} has no {role}")

    def registered(self) -> None:
        with at(self.day, 9):
            self.play.register(**self.how.get("source", {}))

    def proposed(self) -> None:
        with at(self.forward(1), 9):
            self.play.step(
                "case.opened",
                officers=self.play.officers_ids(),
                reason=f"涉嫌{self.play.source['cause']}，属于本机关管辖，符合立案条件，建议立案调查。",
            )

    def opened(self) -> None:
        with at(self.forward(1), 9, 30):
            self.play.approve()

    def investigated(self) -> None:
        off, person = self.play.officers_ids(), self.contact()
        with at(self.forward(self.how.get("inquiry_after", 2)), 9, 30):
            self.play.step(
                "officer.identified", officers=off, mode="shown", to=person, place=self.place()
            )
        with at(self.day, 9, 40):
            self.play.step("party.notified:rights", officers=off, to=person, signed="signed")
        for hour, step in ((9, "evidence.taken"), (10, "party.questioned")):
            with at(self.day, hour, 50):
                self.record_clip(step)
        with at(self.day, 10, 0):
            self.play.step(
                "evidence.taken:on-site-record",
                officers=off,
                place=self.place(),
                present=person,
                text=self.how["seen"],
                **self.signature(),
            )
        with at(self.day, 11, 0):
            self.play.step(
                "party.questioned",
                officers=off,
                asked=person,
                relation="负责人",
                place=self.place(),
                text=self.how["talk"],
                signed="signed",
            )
        if self.how.get("correction"):
            self._correct(off)
        with at(self.forward(1), 15):
            self.play.step(
                "evidence.taken:documentary",
                officers=off,
                kind_of_evidence="书证",
                name="现场照片和有关材料复印件",
                origin=f"{person}提供，原件核对无误",
                proves=self.play.source["cause"],
                files=self.play.picture("书证扫描件"),
            )

    def _correct(self, off: list[int]) -> None:
        """SC3: ordered to mend it, and found not to have done so."""
        with at(self.day, 16):
            self.play.step(
                "order.issued",
                officers=off,
                problem=self.how["facts"],
                measure="立即改正，并报送改正情况",
                until=law.calendar().add(self.day, 5, "workday").due,
                signed="signed",
            )
        with at(self.forward(6), 10):
            self.play.step(
                "order.rechecked",
                officers=off,
                done="no",
                text="复查时仍没有全部改正。",
                signed="signed",
            )

    def record_clip(self, step: str) -> None:
        """A small clip of a step, so that packs which ask for a recording are satisfied."""
        self.play.record_step(step)

    def signature(self) -> dict[str, str]:
        """Signed, or refused with reason and witness where the story says so."""
        if self.how.get("refuses"):
            return {
                "signed": "refused",
                "refusal_reason": "当事人称对检查结果有意见，不愿签名",
                "witness": "申林生",
            }
        return {"signed": "signed"}

    def ended(self) -> None:
        judged = {name: "no" for name in JUDGED} | self.how.get("judged", {})
        with at(self.forward(self.how.get("end_after", 6)), 16):
            self.play.step(
                "investigation.ended",
                facts_found=self.how["facts"],
                evidence=self.evidence(),
                opinion=self.how.get("opinion", "建议依法给予行政处罚。"),
                **judged,
            )

    def drafted(self) -> None:
        with at(self.forward(1), 10):
            self.play.step("draft.made", **self.draft())
        if self.how.get("self_check"):
            with at(self.day, 14):
                self.play.step(
                    "self-check.done",
                    text="主体、程序、事实证据、法律适用和裁量、权限、文书逐项自查，符合要求。",
                    passed="yes",
                )

    def draft(self) -> dict[str, Any]:
        """The answers of the draft form."""
        said: dict[str, Any] = {
            "outcome": "penalty",
            "facts_text": self.how["facts"],
            "evidence_text": self.evidence(),
            "broken": self.how["broken"],
            "applied": self.how["applied"],
            "discretion": self.how.get(
                "discretion", "无从轻、减轻、从重情节，按裁量基准的一般档处理。"
            ),
            "penalties": self.how.get("penalties", ["罚款"]),
            "mitigated": "no",
            "aggravated": "no",
            "hearing_right": "yes" if self.how.get("hearing") else "no",
            "other": self.how.get("other", ""),
        }
        if "罚款" in said["penalties"]:
            said["fine"] = self.how.get("fine", "10000")
        more: dict[str, Any] = self.how.get("draft", {})
        return said | more

    def noticed(self) -> None:
        with at(self.forward(1), 10):
            self.play.step("party.notified:penalty", contact=self.telephone(), **self.service())
        if self.how.get("hearing"):
            with at(self.day, 10, 30):
                self.play.step(
                    "party.notified:hearing-right", contact=self.telephone(), **self.service()
                )

    def heard(self) -> None:
        if self.how.get("statement"):
            with at(self.forward(2), 10):
                self.play.step(
                    "statement.heard",
                    officers=self.play.officers_ids(),
                    speaker=self.contact(),
                    signed="signed",
                    text=self.how["statement"],
                    finding="经复核，当事人提出的情况已在裁量中考虑。",
                    accepted="partly",
                )
        if self.how.get("hearing") == "held":
            self._hearing()
        else:
            self.forward(6 if self.how.get("hearing") else 4)

    def _hearing(self) -> None:
        host = self.role("hearing-host")
        with at(self.forward(2), 10):
            self.play.step(
                "hearing.requested",
                applicant=self.contact(),
                text="对拟作出的处罚有异议，要求听证。",
            )
        with at(self.forward(1), 10):
            on = law.calendar().add(self.day, 8, "workday").due
            self.play.step(
                "party.notified:hearing",
                hearing_on=on,
                hearing_place="本机关听证室",
                host=host,
                clerk="记录员",
                **self.service(),
            )
        with at(self.forward(8), 8, 30):
            self.record_clip("hearing.held")
        with at(self.day, 9):
            self.play.step(
                "hearing.held",
                by=host,
                officers=self.play.officers_ids(),
                host=host,
                attended="yes",
                text="调查人员提出事实、证据和处罚建议；当事人申辩和质证；最后陈述。",
                signed="signed",
            )
        with at(self.forward(1), 9):
            self.play.step(
                "hearing.reported",
                by=host,
                text="听证依法公开举行，双方充分发表意见。",
                opinion="事实清楚，证据充分，建议按拟定意见处理。",
            )

    def reviewed(self) -> None:
        if self.how.get("review"):
            with at(self.forward(1), 9):
                self.play.step(
                    "review.submitted",
                    materials="调查终结报告\n证据材料\n告知书及送达回证\n听证笔录",
                    note="",
                )
            with at(self.forward(2), 15):
                self.play.step(
                    "review.passed",
                    by=self.role("legal-reviewer"),
                    opinion="主体合法，程序合法，事实清楚，适用法律正确，同意。",
                    **self.points(),
                )
        if self.how.get("discussion"):
            with at(self.forward(1), 15):
                head = self.role("head")
                self.play.step(
                    "discussion.held",
                    by=head,
                    host=head,
                    attendees=f"{head}，主要负责人\n{self.role('deputy-head')}，分管负责人",
                    text=f"{head}：同意。其他与会人员：事实清楚，同意承办机构意见。",
                    conclusion="同意按拟定意见作出处罚。",
                )

    def points(self) -> dict[str, str]:
        """A finding on every review point of the pack."""
        from mingzheng.core import clock
        from mingzheng.procedures import registry

        rows = (
            law.regime(self.play.record)
            .rows("review-points", clock.today(), registry.facts_of(self.play.record))
            .rows
        )
        return {f"point-{row['id']}": "符合规定" for row in rows}

    def decided(self) -> None:
        key = (
            "decision.made:penalty"
            if self.how.get("draft", {}).get("outcome", "penalty") == "penalty"
            else ("decision.made:no-penalty")
        )
        with at(self.forward(1), 10):
            self.play.step(key)
        with at(self.forward(self.how.get("decide_after", 1)), 16):
            self.play.approve()

    def served(self) -> None:
        with at(self.forward(self.how.get("serve_after", 1)), 10):
            if self.how.get("left"):
                self.record_clip("decision.served")
                self.play.step(
                    "decision.served",
                    manner="left",
                    place=self.place(),
                    refusal_reason="当事人称要先看完再说，不签收",
                    witness="夏壁村村民委员会 申林生",
                    files=self.play.picture("送达回证"),
                )
            else:
                self.record_clip("decision.served")
                self.play.step(
                    "decision.served", files=self.play.picture("送达回证"), **self.service()
                )

    def published(self) -> None:
        with at(self.forward(self.how.get("publish_after", 1)), 9):
            self.play.propose()
        with at(self.day, 9, 30):
            self.play.step("publication.approved")
        with at(self.day, 15):
            self.play.approve()
        with at(self.day, 16):
            self.play.show("decision")
        self.transmitted()

    def transmitted(self) -> None:
        """Report the decision to whoever a duty names."""
        with at(self.day, 16, 30):
            self.play.step(
                "decision.transmitted", to="body/credit-platform", receipt=f"SGS{self.day:%Y%m%d}"
            )

    def paid(self) -> None:
        if "罚款" in self.draft()["penalties"]:
            with at(self.forward(2), 11):
                self.play.step(
                    "payment.received",
                    amount=self.draft()["fine"],
                    receipt=f"P{self.day:%m%d}01",
                    way="bank",
                )

    def executed(self) -> None:
        with at(self.forward(1), 11):
            self.play.step("decision.executed", text="处罚决定已经履行完毕。")

    def closed(self) -> None:
        with at(self.forward(1), 10):
            self.play.step("case.closed", way="normal", text="执行完毕，建议结案。")
        with at(self.forward(1), 10):
            self.play.approve()

    def bound(self) -> None:
        drain()
        with at(self.forward(self.how.get("bind_after", 4)), 10):
            self.play.step(
                "volume.bound",
                keep="30",
                checker=self.role("unit-head"),
                note="本卷材料齐全，次序正确",
            )
        drain()
        with at(self.forward(1), 10):
            self.play.step(
                "volume.handed-over", receiver=self.role("archivist"), place="档案室一号柜"
            )

    def service(self) -> dict[str, str]:
        """Direct service on the contact person."""
        return {
            "manner": "direct",
            "place": self.place(),
            "receiver": self.contact(),
            "relation": "self" if self.play.party["kind"] == "natural" else "legal-representative",
        }

    def contact(self) -> str:
        """Whom the officers meet."""
        return str(self.play.party.get("representative") or self.play.party["name"])

    def place(self) -> str:
        """Where they meet."""
        return str(self.play.party["address"])

    def telephone(self) -> str:
        """The contact printed on notices."""
        return f"{self.play.officers[0]}，{self.body.phone}"

    def evidence(self) -> str:
        """What the evidence consists of."""
        return "现场检查笔录、询问笔录、现场照片和有关材料复印件。"

    def later(self, days: int) -> date:
        """So many calendar days later; used for waiting."""
        self.day += timedelta(days=days)
        return self.day
