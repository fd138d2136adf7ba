"""The road a licence takes, from the application to the certificate, as far as a story wants it to
go.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.cases.models import JUDGED, Licence
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.models import Duty
from mingzheng.site.demo.play import Play, at

ROAD = (
    "received",
    "accepted",
    "examined",
    "drafted",
    "proposed",
    "decided",
    "served",
    "certified",
    "published",
    "closed",
    "bound",
)
NOTHING = {name: "no" for name in JUDGED if name != "crime_suspected"}


class Licensing:
    """One application on its way. `day` is the day it has reached; it only moves over working
    days.
    """

    def __init__(self, play: Play, start: date, **how: Any) -> None:
        self.play, self.day, self.how = play, start, how
        self.item = Item.objects.get(agency=play.body, code=play.item)

    def forward(self, workdays: int) -> date:
        """So many working days later."""
        if workdays:
            self.day = law.calendar().add(self.day, workdays, "workday").due
        return self.day

    def go(self, until: str) -> Licensing:
        """Take every stage up to and with `until`."""
        for stage in ROAD[: ROAD.index(until) + 1]:
            getattr(self, stage)()
        return self

    @property
    def name(self) -> str:
        """Whom the officers meet."""
        return str(self.play.party.get("representative") or self.play.party["name"])

    def materials(self, without: tuple[str, ...] = ()) -> list[str]:
        """The materials handed in, as the form posts them."""
        return [
            f"{self.item.pk}-{row['id']}"
            for row in self.item.details["materials"]
            if row["id"] not in without
        ]

    def service(self) -> dict[str, str]:
        """Direct service on the contact person."""
        return {
            "manner": "direct",
            "place": str(self.play.party["address"]),
            "receiver": self.name,
            "relation": "self" if self.play.party["kind"] == "natural" else "legal-representative",
        }

    def role(self, role: str) -> str:
        """Somebody who holds a role and handles nothing here."""
        from mingzheng.agencies.models import Post

        posts = Post.objects.filter(agency=self.play.body).select_related("person")
        return next(
            post.person.name
            for post in posts
            if role in post.roles and post.person.name not in self.play.officers
        )

    def received(self) -> None:
        with at(self.day, 9):
            self.apply(without=self.how.get("without", ()))

    def apply(self, without: tuple[str, ...] = (), **more: Any) -> None:
        """Hand the application in at the present moment."""
        about: Licence | None = self.how.get("about")
        self.play.begin(
            "licence",
            by=self.how.get("window", ""),
            **{
                "sort": self.how.get("sort", "new"),
                "about": about.pk if about else "",
                "content": self.how["content"],
                "way": "window",
                "materials": self.materials(without),
                "joint_licence": "no",
                "lower_first": "no",
                **self.how.get("apply", {}),
                **more,
            },
        )

    def accepted(self) -> None:
        if self.how.get("without"):
            self._mend()
        with at(self.forward(1), 10):
            self.play.step(
                "application.accepted",
                by=self.how.get("window", ""),
                officers=self.play.officers_ids(),
            )

    def _mend(self) -> None:
        """Told once what is missing, and it comes."""
        with at(self.forward(2), 10):
            self.play.step(
                "materials.requested",
                by=self.how.get("window", ""),
                lacking=self.how["without"],
                content="请按照清单补交，加盖申请人印章。",
                **self.service(),
            )
        with at(self.forward(3), 15):
            self.play.step(
                "materials.completed", by=self.how.get("window", ""), supplied=self.how["without"]
            )

    def examined(self) -> None:
        if self.item.details.get("site_check"):
            self.check()
        for turn in self.how.get("turns", ()):
            getattr(self, turn)()

    def check(self) -> None:
        """Two officers look at the place."""
        off, place = self.play.officers_ids(), self.play.party["address"]
        with at(self.forward(2), 9):
            self.play.step(
                "officer.identified", officers=off, mode="shown", to=self.name, place=place
            )
        with at(self.day, 9, 30):
            self.play.step(
                "site.examined",
                officers=off,
                place=place,
                present=self.name,
                conclusion=self.how.get("found", "fits"),
                text=self.how.get("seen", "现场情况与申请材料所写的地点、规模和设备一致。"),
                signed="signed",
            )

    def experts(self) -> None:
        """专家评审, told in writing and excluded from the period."""
        with at(self.forward(1), 10):
            self.play.step(
                "testing.commissioned:expert-review",
                laboratory="专家评审组（3人）",
                items="对申请材料的技术内容进行评审",
                expected=self.until_in(6),
                told_on=self.day,
                **self.service(),
            )
        with at(self.forward(6), 16):
            self.play.step(
                "testing.reported:expert-review",
                number=f"评审{self.day:%Y%m%d}",
                conclusion="技术方案可行，同意通过评审。",
            )

    def until_in(self, workdays: int) -> str:
        """How long it takes, as the applicant is told."""
        return f"至{law.calendar().add(self.day, workdays, 'workday').due:%-m月%-d日}"

    def experts_called(self) -> None:
        """专家评审 that has not ended."""
        with at(self.forward(1), 10):
            self.play.step(
                "testing.commissioned:expert-review",
                laboratory="专家评审组（5人）",
                items="对申请材料的技术内容进行评审",
                expected=self.until_in(10),
                told_on=self.day,
                **self.service(),
            )

    def extended(self) -> None:
        """One extension, and the applicant is told why."""
        with at(self.forward(1), 10):
            self.play.step(
                "limit.extended:licence/limit",
                days=self.how.get("days", 10),
                reason="需要核实的设备清单较多，另行征求了有关部门意见。",
            )
        with at(self.day, 15):
            self.play.approve()
        with at(self.forward(1), 10):
            self.play.step("party.told-of-extension", **self.service())

    def neighbours(self) -> None:
        """Somebody else is concerned: entered, told, heard."""
        other = self.how["other"]
        with at(self.forward(1), 9):
            self.play.step(
                "party.added:interested",
                party_kind=other["kind"],
                party_name=other["name"],
                identifier=other["identifier"],
                representative=other.get("representative", ""),
                address=other["address"],
                phone=other.get("phone", ""),
                interest="作业地点与其厂房、管线相邻，可能影响其正常使用。",
            )
        with at(self.day, 10):
            self.play.step(
                "party.notified:interested",
                text="拟许可的作业时间、地点和安全措施见附件，请在作出决定前提出意见。",
                **self.service(),
            )
        with at(self.forward(2), 10):
            self.play.step(
                "statement.heard",
                officers=self.play.officers_ids(),
                speaker=other["name"],
                signed="signed",
                text="希望错开夜间施工，并先行加固围墙。",
                finding="意见合理，已要求申请人调整施工时段。",
                accepted="partly",
            )

    def drafted(self) -> None:
        with at(self.forward(1), 10):
            self.draft()
        if self.how.get("hearing"):
            self.hearing()
        if self.how.get("review"):
            self.review()

    def draft(self, **more: Any) -> None:
        """The draft at the present moment."""
        grant = self.how.get("outcome", "granted") == "granted"
        self.play.step(
            "draft.made",
            **{
                "outcome": "granted" if grant else "refused",
                "basis": self.item.applied,
                "examined": self.how.get("examining", "申请材料齐全，内容真实，符合法定条件。"),
                "reasons": self.how.get("reasons", "") if not grant else "",
                "content": self.how["content"] if grant else "",
                "until": self.until() if grant else "",
                "hearing_right": "yes" if self.how.get("hearing") else "no",
                **NOTHING,
                **self.how.get("judged", {}),
                **more,
            },
        )

    def until(self) -> date | str:
        """As long as the item says, counted from now."""
        if self.how.get("sort") == "cancellation":
            return ""
        if "until" in self.how:
            return self.how["until"]  # type: ignore[no-any-return]
        valid = self.item.details.get("valid", "long")
        return "" if valid == "long" else date(clock.today().year + int(valid["n"]), 12, 31)

    def hearing(self) -> None:
        """The right is told, a hearing asked for, notified and held, and reported."""
        with at(self.day, 11):
            self.play.step(
                "party.notified:hearing-right", contact="承办人，0537-0000001", **self.service()
            )
        with at(self.forward(2), 10):
            self.play.step(
                "hearing.requested",
                applicant=self.how["other"]["name"],
                text="认为作业影响相邻权益，要求听证。",
            )
        with at(self.forward(1), 10):
            on, host = law.calendar().add(self.day, 8, "workday").due, self.role("hearing-host")
            self.play.step(
                "party.notified:hearing",
                hearing_on=on,
                hearing_place="本机关听证室",
                host=host,
                clerk="记录员",
                expected=self.until_in(8),
                **self.service(),
            )
        with at(self.forward(8), 8, 30):
            self.play.record_step("hearing.held", "听证全程录像", "video")
        with at(self.day, 9):
            self.play.step(
                "hearing.held",
                by=host,
                officers=self.play.officers_ids(),
                host=host,
                attended="yes",
                signed="signed",
                text="审查人员提出审查意见的证据和理由；申请人、利害关系人提出证据，进行申辩和质证。",
            )
        with at(self.forward(1), 9):
            self.play.step(
                "hearing.reported",
                by=host,
                text="听证公开举行，各方充分发表意见。",
                opinion="建议准予许可，同时落实加固和错时措施。",
            )

    def review(self) -> None:
        """Where the pack calls it major: the reviewer passes this very text."""
        if self.how.get("self_check"):
            with at(self.forward(1), 8, 30):
                self.play.step(
                    "self-check.done",
                    text="主体、程序、事实、依据、文书逐项自查，符合要求。",
                    passed="yes",
                )
        with at(self.forward(1), 9):
            self.play.step(
                "review.submitted", materials="审查意见\n申请材料\n核查笔录\n听证笔录", note=""
            )
        with at(self.forward(2), 15):
            rows = (
                law.regime(self.play.record)
                .rows("review-points", clock.today(), registry.facts_of(self.play.record))
                .rows
            )
            self.play.step(
                "review.passed",
                by=self.role("legal-reviewer"),
                opinion="主体、权限、程序、依据均合法，同意。",
                **{f"point-{row['id']}": "符合规定" for row in rows},
            )

    def proposed(self) -> None:
        with at(self.forward(1), 9):
            self.play.step("decision.made:" + self.how.get("outcome", "granted"))

    def decided(self) -> None:
        with at(self.forward(1), 15):
            self.play.approve()

    def served(self) -> None:
        with at(self.forward(1), 9):
            self.play.step(
                "officer.identified",
                officers=self.play.officers_ids(),
                mode="shown",
                to=self.name,
                place=self.play.party["address"],
            )
            self.play.record_step("decision.served", "送达过程照片")
        with at(self.day, 10):
            self.play.step("decision.served", files=self.play.picture("送达回证"), **self.service())

    def certified(self) -> None:
        if (
            self.how.get("outcome", "granted") == "granted"
            and self.how.get("sort") != "cancellation"
        ):
            with at(self.day, 11):
                self.play.step("certificate.issued", number=self.number(), receiver=self.name)

    def number(self) -> str:
        """A number of its own, or the old one that is carried on."""
        about: Licence | None = self.how.get("about")
        return (
            about.number
            if about
            else f"{self.play.body.mark}证{self.day:%Y}{self.play.record.pk % 100_000:05d}"
        )

    def published(self) -> None:
        with at(self.forward(1), 9):
            self.play.propose()
        with at(self.day, 10):
            self.play.step("publication.approved")
            self.play.approve()
        with at(self.day, 15):
            self.play.show("decision")
        self.transmitted()

    def transmitted(self) -> None:
        """Report to the credit platform where that is owed."""
        if any(
            "decision.transmitted" in row.then
            for row in Duty.objects.filter(record=self.play.record, state=Duty.OPEN)
        ):
            with at(self.day, 16):
                self.play.step(
                    "decision.transmitted",
                    to="body/credit-platform",
                    receipt=f"SGS{self.day:%Y%m%d}",
                )

    def closed(self) -> None:
        with at(self.forward(1), 10):
            self.play.step(
                "case.closed",
                text="决定书已经送达，证件已经颁发。" if self.certificate() else "决定书已经送达。",
            )

    def certificate(self) -> Licence | None:
        """The certificate that came of it."""
        return Licence.objects.filter(record=self.play.record).order_by("-pk").first()

    def bound(self) -> None:
        from mingzheng.jobs.acts import drain

        drain()
        with at(self.forward(3), 10):
            self.play.step(
                "volume.bound", keep="30", checker=self.role("unit-head"), note="材料齐全，次序正确"
            )
        drain()
