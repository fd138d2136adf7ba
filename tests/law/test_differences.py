"""Where the five texts disagree about publishing: each difference is data."""

from datetime import date

import pytest

from tests.clause import rule
from tests.law.asking import (
    CHECK,
    CX,
    FRIDAY,
    LG,
    LM,
    LX,
    PENALTY,
    WG,
    dues,
    duties,
    explained,
    regime,
    rows,
    steps,
    unset,
)

SHOWN = {"holds": ["publication.published"]}
ONCE = {"random": False, "problem_found": False}


@rule("LX-A12.1(1)")
@pytest.mark.parametrize("act", ["decision.made", "result.formed", "result.changed"])
def test_lingchuan_petition_publishes_within_five_workdays_of_forming_or_changing(act: str) -> None:
    facts = {"kind": "inspection", **ONCE}
    assert dues(LX, act, facts, "publication/decision") == [(5, "2026-09-24")]


@rule("LM-1.4", "LM-1.4.1")
def test_lingchuan_civil_sets_no_number_and_falls_back_to_the_higher_norm() -> None:
    (row,) = duties(LM, "decision.made", PENALTY, "publication/decision")
    assert (row["within"], row["due"], row["fallback"]) == (7, "2026-09-29", True)
    other = {**PENALTY, "kind": "coercion"}
    assert dues(LM, "decision.made", other, "publication/decision") == [(20, "2026-10-22")]
    assert "publication/decision" in unset(LM)


@rule("LG-1.3")
def test_lingchuan_industry_reads_its_garbled_sentence_by_default_as_licence_and_penalty() -> None:
    for kind, expected in (
        ("licence", (7, "2026-09-29")),
        ("penalty", (7, "2026-09-29")),
        ("inspection", (20, "2026-10-22")),
    ):
        facts = {**PENALTY, "kind": kind}
        assert dues(LG, "decision.made", facts, "publication/decision") == [expected]
    defect = next(row for row in regime(LG).defects() if row.at == "LG-1.3")
    assert set(defect.readings) == {"licence+penalty=7", "licence+all-decisions=7"}


@rule("LG-1.3")
def test_a_person_may_choose_the_other_reading(tmp_path: object) -> None:
    from pathlib import Path

    from mingzheng.core.regimes import shipped

    file = Path(str(tmp_path)) / "choice.toml"
    file.write_text(
        f'[pack]\nid = "chosen"\ntitle = "局务会确认"\nrank = "internal"\nextends = ["{LG}"]\n'
        '[[choice]]\nat = "LG-1.3"\nis = "licence+all-decisions=7"\nby = "局务会"\non ='
        " 2026-01-05\n",
        encoding="utf-8",
    )
    library = shipped().with_pack(file)
    chosen = library.regime("chosen")
    (row,) = [
        each
        for each in chosen.explain("decision.made", FRIDAY, {**PENALTY, "kind": "inspection"})[
            "duties"
        ]
        if each["topic"] == "publication/decision"
    ]
    assert (row["id"], row["within"]) == ("LG-1.3/every-decision", 7)


@rule("WG-A7.1")
def test_wenshang_publishes_licences_and_penalties_in_seven_and_the_rest_in_twenty() -> None:
    assert dues(WG, "decision.made", PENALTY, "publication/decision") == [(7, "2026-09-29")]
    assert dues(WG, "decision.made", {"kind": "licence"}, "publication/decision") == [
        (7, "2026-09-29")
    ]
    assert dues(
        WG, "decision.made", {"kind": "other", "item_public": True}, "publication/decision"
    ) == [(20, "2026-10-22")]


@rule("CX-1.4")
def test_changzhi_keeps_its_flat_twenty_and_is_warned_of_the_earlier_seven() -> None:
    (row,) = duties(CX, "decision.made", PENALTY, "publication/decision")
    assert (row["within"], row["due"]) == (20, "2026-10-22")
    assert row["floor"]["due"] == row["light_due"] == "2026-09-29"
    (other,) = duties(
        CX,
        "decision.made",
        {**PENALTY, "kind": "other", "item_public": True},
        "publication/decision",
    )
    assert (other["due"], other["floor"]) == ("2026-10-22", None)


@rule("LX-A12.1(2)")
def test_a_normal_random_check_has_twenty_workdays_and_displaces_the_five() -> None:
    assert dues(LX, "inspection.ended", CHECK, "publication/random") == [(20, "2026-10-22")]
    assert dues(LX, "result.formed", CHECK, "publication/decision") == []
    assert steps(LX, "publication.approved", CHECK) == ["unit-head"]


@rule("LX-A12.1(3)")
def test_a_random_check_that_found_a_problem_is_handled_first_and_has_no_number_of_its_own() -> (
    None
):
    found = {**CHECK, "problem_found": True}
    assert dues(LX, "inspection.ended", found, "publication/random") == []
    assert dues(LX, "inspection.ended", found, "random/handling") == [("promptly", None)]
    assert dues(LX, "result.formed", found, "publication/decision") == [(5, "2026-09-24")]
    gates = {row["id"] for row in explained(LX, "publication.published", found)["gates"]}
    assert "LX-A12.1(3)/handled-first" in gates


@rule("LM-1.4.2")
@pytest.mark.parametrize("target", ["nursing-home", "social-organisation"])
def test_civil_affairs_publishes_its_random_checks_promptly_without_a_number(target: str) -> None:
    assert dues(LM, "inspection.ended", {**CHECK, "target": target}, "publication/random") == [
        ("promptly", None)
    ]


@rule("WG-A7.2")
def test_wenshang_publishes_random_checks_through_two_channels() -> None:
    found = duties(WG, "inspection.ended", CHECK, "publication/random")
    assert {(row["channel"], row["due"]) for row in found} == {
        ("random-check-platform", "2026-10-22"),
        ("own-site", "2026-10-22"),
    }


@pytest.mark.parametrize("pack", [LG, CX])
def test_a_text_silent_on_random_checks_falls_back_to_an_unconfirmed_twenty(pack: str) -> None:
    (row,) = duties(pack, "inspection.ended", CHECK, "publication/random")
    assert (row["within"], row["fallback"], row["confirmed"]) == (20, True, False)


@rule("LG-1.3", "WG-A7.3")
@pytest.mark.parametrize("pack", [LG, WG])
@pytest.mark.parametrize(
    "act", ["decision.revoked", "decision.confirmed-unlawful", "decision.ordered-redone"]
)
def test_industry_bureaus_withdraw_within_three_workdays(pack: str, act: str) -> None:
    facts = {"kind": "licence", **SHOWN}
    assert dues(pack, act, facts, "publication/withdrawal") == [(3, "2026-09-22")]


@pytest.mark.parametrize("pack", [LM, CX])
@pytest.mark.parametrize(
    "act",
    [
        "decision.altered",
        "decision.revoked",
        "decision.confirmed-unlawful",
        "decision.confirmed-invalid",
    ],
)
def test_the_penalty_law_withdraws_penalties_in_three_workdays_where_the_text_is_silent(
    pack: str, act: str
) -> None:
    facts = {**PENALTY, **SHOWN}
    assert dues(pack, act, facts, "publication/withdrawal") == [(3, "2026-09-22")]
    assert dues(pack, act, facts, "publication/withdrawal-reasons") == [(3, "2026-09-22")]


@pytest.mark.parametrize(
    ("pack", "act"), [(LG, "decision.altered"), (WG, "decision.confirmed-invalid")]
)
def test_triggers_of_withdrawal_are_the_union_of_local_text_and_penalty_law(
    pack: str, act: str
) -> None:
    assert dues(pack, act, {**PENALTY, **SHOWN}, "publication/withdrawal") == [(3, "2026-09-22")]


@rule("CX-1.1.2")
@pytest.mark.parametrize("pack", [LM, CX])
def test_withdrawal_of_other_decisions_has_no_number_where_the_text_has_none(pack: str) -> None:
    facts = {**PENALTY, "kind": "licence", **SHOWN}
    assert dues(pack, "decision.revoked", facts, "publication/withdrawal") == [("promptly", None)]
    assert "publication/withdrawal" in unset(pack)


def test_the_petition_bureau_withdraws_inspection_results_in_time_without_a_number() -> None:
    facts = {"kind": "inspection", **SHOWN}
    assert dues(LX, "decision.revoked", facts, "publication/withdrawal") == [("promptly", None)]


@rule("LX-A11.5")
def test_lingchuan_petition_updates_pages_twenty_workdays_from_effect_not_promulgation() -> None:
    facts = {"effective_on": "2026-09-18"}
    (row,) = duties(LX, "basis.changed", facts, "lists/update", date(2026, 8, 20))
    assert (row["due"], row["per"], row["floor"]) == ("2026-10-22", "affected-page", None)


@rule("LM-1.2", "WG-A5.p3", "CX-1.2.2")
@pytest.mark.parametrize("pack", [LM, WG, CX])
def test_lists_are_adjusted_in_time_without_a_number_elsewhere(pack: str) -> None:
    assert dues(pack, "basis.changed", {}, "lists/update") == [("promptly", None)]


@rule("LX-A12.2")
@pytest.mark.parametrize(
    ("party", "until"),
    [
        ("natural", "2028-09-18"),
        ("organisation", "2031-09-18"),
        ("individual-business", "2031-09-18"),
    ],
)
def test_results_stay_two_years_for_natural_persons_and_five_for_others(
    party: str, until: str
) -> None:
    found = explained(LX, "publication.published", {"kind": "inspection", "party": party})["terms"]
    assert [(row["channel"], row["until"]) for row in found] == [("own-site", until)]


@rule("LX-A12.2")
def test_the_head_of_the_publishing_body_approves_take_down() -> None:
    assert steps(LX, "take-down", {}) == ["publishing-head"]


@rule("WG-A9", "LM-1.4.1", "CX-1.4")
@pytest.mark.parametrize("pack", [LM, WG, CX])
def test_the_term_is_left_open_and_answered_as_not_specified(pack: str) -> None:
    assert "publication/term" in unset(pack)
    (row,) = [
        row
        for row in explained(pack, "publication.published", {"kind": "inspection"})["terms"]
        if row["pack"] == pack
    ]
    assert row["until"] is None
    assert "未规定" in row["text"]


@rule("LX-A9", "WG-A10")
def test_grounds_for_withholding_differ() -> None:
    assert rows(LX, "withholding-grounds") == ["express-law"]
    assert rows(WG, "withholding-grounds") == ["secrets", "security", "hinders", "other-law"]
    for pack in (LM, LG, CX):
        assert "hinders" not in rows(pack, "withholding-grounds")
        assert "state-secret" in rows(pack, "withholding-grounds")


@rule("WG-A11")
def test_wenshang_collects_by_the_fifteenth_and_reports_to_the_county() -> None:
    found = explained(WG, "year.ended", {}, date(2026, 12, 31))["duties"]
    due = {row["then"]: (row["due"], row.get("to")) for row in found}
    assert due["annual-data.submitted"] == ("2027-01-15", None)
    assert due["annual-report.published"] == ("2027-01-31", None)
    assert due["annual-report.submitted"] == ("2027-01-31", "body/county-government")


@rule("CX-1.1.3")
def test_changzhi_reports_to_the_city_and_the_provincial_petition_bureau() -> None:
    found = duties(CX, "year.ended", {}, "annual/report-up", date(2026, 12, 31))
    assert {row["to"] for row in found} == {
        "body/city-government",
        "body/provincial-petition-bureau",
    }
    assert {row["due"] for row in found} == {"2027-01-31"}


@pytest.mark.parametrize("pack", [LX, LM, LG])
def test_a_text_silent_on_the_annual_report_owes_it_by_the_policy_norm(pack: str) -> None:
    (row,) = duties(pack, "year.ended", {}, "annual/report", date(2026, 12, 31))
    assert (row["due"], row["fallback"]) == ("2027-01-31", True)
