"""Words that other programs rely on stay in the vocabulary."""

import pytest

from mingzheng.core.regimes import vocabulary

ACTS = """
annual-data.submitted annual-report.published application.accepted application.received
basis.changed case.closed case.handed-over case.opened complaint.received consultation.approved
correction.answered correction.requested decision.altered decision.confirmed-invalid
decision.confirmed-unlawful decision.executed decision.made decision.ordered-redone
decision.revoked decision.served decision.transmitted discussion.held dispute.settled
document.issued draft.amended entry.voided erasure.executed evidence.preserved evidence.taken
exception.approved functions.changed hearing.held hearing.requested inspection.ended
inspection.started materials.completed matter.transferred officer.identified page.updated
party.notified party.questioned petition.registered plan.approved preservation.handled
property.seized public-notice.given publication.approved publication.ended-early
publication.found-wrong publication.proposed publication.published publication.withdrawn
publication.withheld reasons.filed reasons.published recording.taken rectification.ordered
report.made result.changed result.entered result.formed review.assigned review.disputed
review.passed review.returned review.submitted seizure.handled seizure.lifted self-check.done
service.refused statement.heard statement.waived supervision.ended supervision.planned team.formed
testing.commissioned testing.reported volume.bound volume.consulted volume.handed-over volume.lent
volume.returned year.ended
""".split()
FACTS = """
acting_as aggravated channel complex conduct_on confiscated decided_by decided_on effective_on fine
hearing holds item kind liberty life_health major_property major_rights minor mitigated money of
opened_on own_staff parties party penalties problem_found procedure public_interest random reader
received_on restricted_until review_by_other_law reviewer_is_handler severity social_impact step
text_suffices urgent
""".split()
CHOICES = {
    "kind": "penalty licence coercion inspection other supervision",
    "procedure": "ordinary summary",
    "party": "natural organisation individual-business",
    "severity": "minor general serious",
    "decided_by": "agency government joint",
    "acting_as": "own delegated",
}


def test_every_act_kind_of_the_contract_has_a_chinese_name() -> None:
    names = vocabulary().acts
    assert [act for act in ACTS if not names.get(act, "").strip()] == []


def test_every_fact_of_the_contract_is_known() -> None:
    assert [fact for fact in FACTS if fact not in vocabulary().facts] == []


@pytest.mark.parametrize("fact", CHOICES)
def test_the_values_of_the_contract_are_known(fact: str) -> None:
    assert set(CHOICES[fact].split()) <= set(vocabulary().facts[fact].choices)


def test_acts_are_named_noun_and_participle() -> None:
    assert [act for act in vocabulary().acts if act.count(".") != 1 or act != act.lower()] == []
    assert len(set(vocabulary().acts.values())) == len(vocabulary().acts)
