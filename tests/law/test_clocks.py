"""Clocks of whole procedures: the scenarios of double-random checks, dissolution, withdrawal,
on-the-spot penalties and seizure."""

from datetime import date

import pytest

from mingzheng.core.regimes import History, PastAct
from tests.law.asking import CALENDAR, CHECK, FRIDAY, LM, LX, PENALTY, WG, dues, explained, regime

SIMPLE = {**PENALTY, "procedure": "summary", "party": "natural", "fine": 200}
DISSOLUTION = {
    **PENALTY,
    "penalties": ["吊销许可证件"],
    "hearing_right": True,
    "major_rights": True,
    "hearing": True,
    "item": "social-organisation",
}


def refused(
    pack: str, act: str, on: date, facts: dict[str, object], *past: PastAct, **attrs: object
) -> set[str]:
    found = regime(pack).refusals(act, on, facts, History(past), CALENDAR, attrs)
    return {each.gate for each in found}


def test_a_clean_random_check_ended_on_18_september_is_public_by_22_october() -> None:
    assert dues(WG, "inspection.ended", CHECK, "publication/random")[0][1] == "2026-10-22"
    assert dues(LX, "inspection.ended", CHECK, "publication/random")[0][1] == "2026-10-22"


def dissolution_acts() -> list[PastAct]:
    return [
        PastAct("case.opened", date(2026, 8, 5), attrs={"handler": ("张三", "李四")}),
        PastAct("investigation.ended", date(2026, 8, 14)),
        PastAct("party.notified", date(2026, 8, 17), of="penalty"),
        PastAct("party.notified", date(2026, 8, 17), of="hearing-right"),
        PastAct("hearing.requested", date(2026, 8, 20)),
        PastAct("party.notified", date(2026, 8, 21), of="hearing"),
        PastAct("hearing.held", date(2026, 9, 2), attrs={"person": "孙主持"}),
        PastAct("hearing.reported", date(2026, 9, 4)),
        PastAct("review.passed", date(2026, 9, 10), attrs={"person": "王审"}),
        PastAct("discussion.held", date(2026, 9, 11)),
    ]


def test_a_dissolution_may_be_decided_when_every_step_is_in_the_record() -> None:
    assert refused(LM, "decision.made", FRIDAY, DISSOLUTION, *dissolution_acts()) == set()


@pytest.mark.parametrize(
    ("left_out", "of", "gate"),
    [
        ("party.notified", "penalty", "CF44/notice"),
        ("hearing.held", "", "CF64/held"),
        ("hearing.reported", "", "CF65/record"),
        ("review.passed", "", "CF58/review"),
        ("discussion.held", "", "CF57/discussion"),
    ],
)
def test_no_dissolution_is_decided_while_one_of_its_steps_is_missing(
    left_out: str, of: str, gate: str
) -> None:
    held = [each for each in dissolution_acts() if (each.act, each.of) != (left_out, of)]
    assert gate in refused(LM, "decision.made", FRIDAY, DISSOLUTION, *held)


def test_a_handler_may_not_be_the_reviewer_of_his_own_case() -> None:
    held = [each for each in dissolution_acts() if each.act != "review.passed"]
    held.append(PastAct("review.passed", date(2026, 9, 10), attrs={"person": "李四"}))
    assert "CF58/review" in refused(LM, "decision.made", FRIDAY, DISSOLUTION, *held)


def test_a_penalty_is_decided_within_ninety_calendar_days_and_served_within_seven_workdays() -> (
    None
):
    assert dues(LM, "case.opened", PENALTY, "decision/limit", date(2026, 9, 30)) == [
        (90, "2026-12-29")
    ]
    assert dues(LM, "decision.made", PENALTY, "decision/service", date(2026, 4, 30)) == [
        (7, "2026-05-13")
    ]


def test_service_by_public_notice_takes_thirty_days() -> None:
    found = explained(LM, "public-notice.given", PENALTY, date(2026, 9, 1))["terms"]
    assert [row["until"] for row in found if row["topic"] == "service/public-notice"] == [
        "2026-10-01"
    ]


def test_withdrawal_is_owed_on_every_live_channel_with_reasons() -> None:
    facts = {**PENALTY, "holds": ["publication.published"]}
    found = explained(WG, "decision.revoked", facts)["duties"]
    held = {row["then"]: (row["channel"], row["due"]) for row in found}
    assert held["publication.withdrawn"] == ("live", "2026-09-22")
    assert held["reasons.published"] == (None, "2026-09-22")


def test_nothing_is_withdrawn_that_was_never_published() -> None:
    facts = {**PENALTY, "holds": ["decision.made"]}
    assert dues(WG, "decision.revoked", facts, "publication/withdrawal") == []


def test_credit_sites_and_the_agency_site_keep_terms_of_their_own() -> None:
    facts = {"kind": "penalty", "severity": "general", "party": "organisation"}
    found = explained("national", "publication.published", facts)["terms"]
    assert [(row["channel"], row["until"]) for row in found if row["channel"]] == [
        ("credit-china", "2027-09-18")
    ]
    before = explained(
        "national", "publication.published", {**facts, "key_field": False}, date(2026, 3, 31)
    )["terms"]
    assert [row["until"] for row in before if row["channel"]] == ["2029-03-31"]


@pytest.mark.parametrize(
    ("party", "fine", "barred"),
    [
        ("natural", 200, False),
        ("natural", 201, True),
        ("organisation", 3000, False),
        ("organisation", 3001, True),
        ("individual-business", 201, True),
    ],
)
def test_on_the_spot_fines_stop_at_two_hundred_and_three_thousand(
    party: str, fine: int, barred: bool
) -> None:
    facts = {**SIMPLE, "party": party, "fine": fine}
    found = refused(
        "national",
        "decision.made",
        FRIDAY,
        facts,
        PastAct("party.notified", FRIDAY, of="penalty"),
        PastAct("statement.waived", FRIDAY),
    )
    assert bool(found) is barred


def test_an_on_the_spot_decision_is_handed_over_the_same_day_and_filed() -> None:
    assert dues("national", "decision.made", SIMPLE, "decision/service") == [(0, "2026-09-18")]
    assert dues("national", "decision.made", SIMPLE, "decision/filing") == [("promptly", None)]


def test_reconsideration_comes_first_after_an_on_the_spot_penalty() -> None:
    first = regime("national").rows("reconsideration-first", FRIDAY, SIMPLE).rows
    assert "on-the-spot" in {row["id"] for row in first}
    ordinary = regime("national").rows("reconsideration-first", FRIDAY, PENALTY).rows
    assert "on-the-spot" not in {row["id"] for row in ordinary}


def test_a_seizure_lasts_thirty_calendar_days_and_may_be_extended_once_by_thirty() -> None:
    assert dues(
        "national",
        "property.seized",
        {**PENALTY, "urgent": False},
        "seizure/limit",
        date(2026, 4, 30),
    ) == [(30, "2026-06-01")]
    (extension,) = regime("national").extensions("seizure/limit")
    assert (extension.by, extension.unit, extension.times) == (30, "day", 1)
    assert regime("national").suspensions("seizure/limit")


def test_before_15_july_2021_the_present_penalty_law_asks_for_nothing() -> None:
    answer = explained("national", "decision.made", PENALTY, date(2021, 7, 14))
    assert not [row for row in answer["gates"] if row["id"].startswith("CF")]
    assert [
        row
        for row in explained("national", "decision.made", PENALTY, date(2021, 7, 15))["gates"]
        if row["id"] == "CF44/notice"
    ]
    assert "national/old-penalty-law" in {row.at for row in regime("national").defects()}
