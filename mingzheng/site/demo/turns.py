"""What happens in some cases beside the usual road: refusals, returns, revocations, pauses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mingzheng.jobs.acts import drain
from mingzheng.notices import acts as notice_acts
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records import acts as record_acts
from mingzheng.records.unit import work
from mingzheng.site.demo import telling
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at, who


def declined(journey: Journey) -> None:
    """The source is declined with a reason."""
    with at(journey.forward(1), 10):
        journey.play.step(
            "case.declined", reason="经核查，当事人已在法定期限内补报，违法事实不成立，不予立案。"
        )
    with at(journey.forward(1), 10):
        journey.play.approve()


def returned(journey: Journey) -> None:
    """The unit head sends the request back."""
    found = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
    with at(journey.forward(1), 11):
        procedure_acts.answer(
            who(journey.body, journey.play.approver(found)),
            found.pk,
            "return",
            "请补充责令改正通知书的送达证明后再报。",
            text_hash=found.text_hash,
            form_key=f"turn-{found.pk}",
        )


def urged(journey: Journey) -> None:
    """Payment is late; the head urges."""
    with at(journey.forward(6), 9), work():
        by = who(journey.body, journey.role("head"))
        record = record_acts.lock(journey.play.record.pk)
        for row in record.handlers.filter(until=None):
            notice_acts.urge(record, by, row.person_id, "罚款逾期未缴，请尽快催告。")


def preserved(journey: Journey) -> None:
    """Evidence is registered and kept; the handling is due soon."""
    with at(journey.forward(1), 10):
        journey.play.step(
            "evidence.preserved",
            officers=journey.play.officers_ids(),
            place=journey.place(),
            items="变压器，S7-315/10，1台",
            reason="设备可能被转移，以后难以取得",
        )
    with at(journey.day, 11):
        journey.play.approve()


def testing(journey: Journey) -> None:
    """A laboratory is asked; no rule stops the clock of a penalty for it, so it goes on."""
    with at(journey.forward(1), 10):
        journey.play.step(
            "testing.commissioned",
            laboratory="济宁市能源监测中心（示例）",
            items="变压器能效检测，1台",
            told_on=journey.day,
        )


def informant(journey: Journey) -> None:
    """The informant's identity stays above unit scope; nothing more to do."""


def withheld(journey: Journey) -> None:
    """Not published, on a listed ground."""
    with at(journey.forward(1), 10):
        journey.play.step(
            "publication.withheld",
            ground="secrets",
            reason="决定内容涉及当事人未公开的生产工艺，公开会损害其合法权益。",
        )
    with at(journey.forward(1), 10):
        journey.play.approve()


def no_penalty(journey: Journey) -> None:
    """A lawful decision not to punish is published and the case closed."""
    journey.published()
    with at(journey.forward(1), 10):
        journey.play.step("case.closed", way="no-penalty", text="决定不予处罚，已送达，予以结案。")
    with at(journey.forward(1), 10):
        journey.play.approve()


def revoked(journey: Journey) -> None:
    """Reconsideration revokes the decision; the publication is taken down with reasons (SC2,
    SC10).
    """
    with at(journey.forward(3), 10):
        journey.play.step(
            "reconsideration.accepted", organ="陵川县人民政府", number="陵政复〔2026〕示例1号"
        )
    with at(journey.forward(2), 10):
        journey.play.step(
            "reconsideration.decided",
            organ="陵川县人民政府",
            number="陵政复〔2026〕示例1号",
            result="revoked",
            received_on=journey.day,
        )
    with at(journey.day, 11):
        journey.play.step(
            "decision.revoked",
            organ="陵川县人民政府",
            number="陵政复〔2026〕示例1号",
            received_on=journey.day,
            reason="复议机关认为告知程序有瑕疵，撤销原处罚决定。",
        )
    with at(journey.forward(1), 10):
        journey.play.step(
            "publication.withdrawn",
            cause="revoked",
            reason="该处罚决定已被复议机关依法撤销，现撤下原公示信息。",
        )
    with at(journey.day, 15):
        journey.play.approve()
    with at(journey.day, 17):
        journey.play.taken_down()


def review_waiting(journey: Journey) -> None:
    """Submitted for review, the reviewer has not answered yet."""
    with at(journey.forward(1), 9):
        journey.play.step(
            "review.submitted", materials="调查终结报告\n证据材料\n告知书及送达回证", note=""
        )


def review_returned(journey: Journey) -> None:
    """The reviewer sends it back for what is missing."""
    review_waiting(journey)
    with at(journey.forward(2), 15):
        journey.play.step(
            "review.returned",
            by=journey.role("legal-reviewer"),
            opinion="请补充淘汰设备目录的对应条目和设备铭牌照片。",
        )


def hearing_ready(journey: Journey) -> None:
    """The hearing was held and reported; the review comes next."""


def on_the_spot(journey: Journey, fine: str, until: str) -> None:
    """SC11: the summary procedure from identification to filing."""
    play, off = journey.play, journey.play.officers_ids()
    with at(journey.day, 9):
        play.register(procedure="penalty-summary")
    with at(journey.day, 9, 5):
        play.step(
            "officer.identified",
            officers=off,
            mode="shown",
            to=journey.contact(),
            place=journey.place(),
        )
    with at(journey.day, 9, 10):
        play.step(
            "party.notified:penalty",
            text=f"拟给予{'罚款' + fine + '元' if fine else '警告'}，理由和依据已告知，您有权陈述和申辩。",
        )
    with at(journey.day, 9, 20):
        play.step(
            "statement.heard",
            officers=off,
            speaker=journey.contact(),
            text="没有意见。",
            finding="当事人没有提出异议。",
            accepted="no",
            signed="signed",
        )
    with at(journey.day, 9, 30):
        play.step(
            "decision.made:penalty",
            officers=off,
            facts_text=journey.how["facts"],
            broken=journey.how["broken"],
            applied=journey.how["applied"],
            penalties=["罚款"] if fine else ["警告"],
            fine=fine,
            collected="spot" if fine else "none",
            signed="signed",
        )
    with at(journey.day, 9, 40):
        play.step("decision.served", receiver=journey.contact())
    if until == "served":
        return
    with at(journey.forward(1), 9):
        play.step("decision.filed", to="附城镇综合行政执法队")
    if fine:
        with at(journey.day, 9, 30):
            play.step("payment.received", amount=fine, receipt=f"D{journey.day:%m%d}", way="spot")
    with at(journey.day, 10):
        play.step("decision.executed", text="已当场履行。")
    journey.published()
    if until == "closed":
        journey.closed()
        drain()


Turn = Callable[[Journey], Any]
TURNS: dict[str, Turn] = {
    "declined": declined,
    "returned": returned,
    "urged": urged,
    "preserved": preserved,
    "testing": testing,
    "corrected": telling.corrected,
    "informant": informant,
    "withheld": withheld,
    "no-penalty": no_penalty,
    "revoked": revoked,
    "review-waiting": review_waiting,
    "review-returned": review_returned,
    "hearing-ready": hearing_ready,
}
