"""Where the five texts disagree about certificates, recording, archives, access and review."""

import pytest

from tests.clause import rule
from tests.law.asking import (
    AGENCIES,
    CX,
    FRIDAY,
    LG,
    LM,
    LX,
    PENALTY,
    WG,
    dues,
    explained,
    gates,
    regime,
    rows,
    steps,
    unset,
)

INSPECTION = {"kind": "inspection"}


def certificate_needs(pack: str) -> list[object]:
    found = gates(pack, "inspection.started", {**INSPECTION, "enterprise": False})
    return [
        need
        for id, row in found.items()
        if row["topic"] == "officers/certificate"
        for group in row["detail"]
        for need in group
    ]


@rule("LX-A6")
def test_lingchuan_petition_accepts_a_certificate_worn_or_shown() -> None:
    assert certificate_needs(LX) == [{"act": "officer.identified"}]


@rule("LG-1.2", "WG-A6.1", "CX-1.3.1")
@pytest.mark.parametrize("pack", [LG, WG, CX, LM])
def test_wearing_alone_does_not_satisfy_the_others(pack: str) -> None:
    assert certificate_needs(pack) == [{"act": "officer.identified", "of": "shown"}]


@rule("WG-A6.1", "CX-1.3.1")
def test_showing_certificates_on_service_is_asked_by_wenshang_and_changzhi_themselves() -> None:
    facts = {"kind": "other"}
    assert "WG-A6.1/certificate" in gates(WG, "decision.served", facts)
    assert "CX-1.3.1/certificate" in gates(CX, "decision.served", facts)
    assert "LG-1.2/certificate" not in gates(LG, "decision.served", facts)


@rule("WG-B12")
def test_wenshang_archives_within_thirty_calendar_days_rolled_to_a_workday() -> None:
    assert dues(WG, "case.closed", PENALTY, "archive/limit") == [(30, "2026-10-19")]
    (row,) = [
        row
        for row in explained(WG, "case.closed", PENALTY)["duties"]
        if row["topic"] == "archive/limit"
    ]
    assert (row["then"], row["unit"], row["by"]) == ("volume.bound", "day", "handling-unit")


@rule("LG-2.3", "CX-2.4.1")
@pytest.mark.parametrize("pack", [LM, LG, CX])
def test_the_archive_limit_is_not_specified_elsewhere(pack: str) -> None:
    assert "archive/limit" in unset(pack)
    found = [
        row
        for row in explained(pack, "case.closed", PENALTY)["duties"]
        if row["topic"] == "archive/limit"
    ]
    assert found
    assert all(row["due"] is None and "未规定" in row["text"] for row in found)


@rule("LM-2.3.2")
def test_civil_affairs_archives_recordings_in_time() -> None:
    assert dues(LM, "recording.taken", PENALTY, "archive/av") == [("promptly", None)]


@rule("LM-1.2.1")
@pytest.mark.parametrize("pack", AGENCIES)
def test_only_civil_affairs_files_its_item_list_with_the_judicial_bureau_first(pack: str) -> None:
    facts = {"kind": "inspection", "of": "item-list", "item": "示例", "random": False}
    asked = any(
        "filing.receipted" in row["needs"]
        for row in gates(pack, "publication.published", facts).values()
    )
    assert asked is (pack == LM)


@rule("WG-B15")
def test_wenshang_gives_its_policy_unit_access_at_once_and_others_through_the_deputy_head() -> None:
    assert steps(WG, "volume.consulted", {"reader": "policy-unit"}) == []
    assert gates(WG, "volume.consulted", {"reader": "policy-unit"}) == {}
    for reader in ("insider", "outsider"):
        assert steps(WG, "volume.consulted", {"reader": reader}) == ["deputy-head"]
        assert "WG-B15/consult" in gates(WG, "volume.consulted", {"reader": reader})


@rule("LX-B4", "LX-B5")
def test_lingchuan_petition_names_an_approver_for_outsiders_only() -> None:
    assert steps(LX, "volume.consulted", {"reader": "outsider"}) == ["head"]
    assert "volume.consulted" in unset(LX)
    assert "LX-B5" in {row.at for row in regime(LX).defects()}


@rule("LX-B4")
def test_more_than_one_volume_on_a_form_needs_a_recorded_exception() -> None:
    facts = {"kind": "inspection", "reader": "insider"}
    assert "LX-B4/one-volume" not in gates(LX, "consultation.approved", {**facts, "volumes": 1})
    assert "LX-B4/one-volume" in gates(LX, "consultation.approved", {**facts, "volumes": 2})
    assert "LX-B4/one-volume" not in gates(WG, "consultation.approved", facts)


@rule("LX-B8")
def test_a_lawyer_brings_three_more_papers() -> None:
    assert {"entrustment", "authorisation", "lawyer-certificate"} <= set(
        rows(LX, "consultation-papers", reader="lawyer")
    )
    assert "entrustment" not in rows(LX, "consultation-papers", reader="outsider")


def modes(pack: str, **facts: object) -> dict[str, str]:
    held = regime(pack).rows("recordings", FRIDAY, facts).rows
    return {str(row["id"]): str(row["mode"]) for row in held}


@rule("LM-2.3")
def test_civil_affairs_requires_recording_at_seven_steps_and_all_of_major_property() -> None:
    required = {
        id
        for id, mode in modes(LM, major_property=False, random=True).items()
        if mode == "required"
    }
    assert required == {
        "on-site",
        "random",
        "evidence",
        "preservation",
        "hearing",
        "coercion",
        "service",
    }
    assert modes(LM, major_property=True, random=True)["major-property-site"] == "whole"
    assert regime(LM).rows("recordings", FRIDAY, {}).waiver is None


@rule("WG-B6")
def test_wenshang_records_seizures_whole_and_five_steps_as_needed() -> None:
    held = modes(WG, liberty=False, life_health=False, major_property=False)
    assert held["seizure"] == "whole"
    assert {id for id, mode in held.items() if mode == "as-needed"} == {
        "on-site",
        "evidence",
        "hearing",
        "left-service",
        "public-notice",
    }
    assert modes(WG, life_health=True)["vital-site"] == "whole"


@rule("LG-2.2")
def test_lingchuan_industry_records_as_needed_but_left_service_always() -> None:
    held = modes(LG)
    assert held == {
        "on-site": "as-needed",
        "evidence": "as-needed",
        "hearing": "as-needed",
        "left-service": "required",
    }


@rule("LG-2.2", "WG-B11")
@pytest.mark.parametrize(("pack", "offered"), [(LG, True), (WG, True), (LM, False), (CX, False)])
def test_text_instead_of_recording_is_offered_only_where_the_text_offers_it(
    pack: str, offered: bool
) -> None:
    waiver = regime(pack).rows("recordings", FRIDAY, {}).waiver
    assert (waiver is not None) is offered
    if waiver is not None:
        assert list(waiver["never"]) == ["required", "whole"]


@rule("LG-2.2", "WG-B7")
def test_what_is_said_at_the_start_of_a_recording_differs() -> None:
    assert rows(LG, "recording-statement") == [
        "department",
        "officers",
        "matter",
        "time",
        "place",
        "description",
    ]
    assert rows(WG, "recording-statement") == []
    assert rows(WG, "recording-markers") == ["time", "place", "certificate", "key-points"]


@rule("LG-2.3", "WG-B12")
def test_only_lingchuan_industry_knows_work_secrets() -> None:
    assert rows(LG, "secrets") == ["state", "work", "trade", "privacy"]
    assert rows(WG, "secrets") == ["state", "trade", "privacy"]


@rule("LG-3.2", "LM-3.2.2")
@pytest.mark.parametrize("pack", [LG, LM])
@pytest.mark.parametrize(
    "fact", ["public_interest", "social_impact", "major_rights", "hearing", "complex"]
)
def test_each_of_five_alternatives_alone_makes_a_decision_major(pack: str, fact: str) -> None:
    for kind in ("penalty", "licence"):
        facts = {**PENALTY, "kind": kind, fact: True}
        assert regime(pack).major(FRIDAY, facts).is_ is True
        assert any(
            "review.passed" in row["needs"] for row in gates(pack, "decision.made", facts).values()
        )


@pytest.mark.parametrize("pack", [WG, "national"])
def test_without_review_text_a_hearing_counts_only_together_with_major_rights(pack: str) -> None:
    assert regime(pack).major(FRIDAY, {**PENALTY, "hearing": True}).is_ is False
    assert regime(pack).major(FRIDAY, {**PENALTY, "major_rights": True}).is_ is False
    both = {**PENALTY, "major_rights": True, "hearing": True}
    assert [row["id"] for row in regime(pack).major(FRIDAY, both).because] == ["CF58-2"]
    assert "CF58/review" in gates(pack, "decision.made", both)


def test_an_unknown_fact_never_makes_a_decision_minor() -> None:
    held = {key: value for key, value in PENALTY.items() if key != "public_interest"}
    major = regime(WG).major(FRIDAY, held)
    assert (major.is_, major.would_decide) == (None, ("public_interest",))


@rule("CX-3", "CX-3.3.1")
def test_changzhi_reviews_by_catalogue_and_keeps_the_statutory_alternatives() -> None:
    found = explained(CX, "decision.made", {**PENALTY, "kind": "licence", "hearing": True})["major"]
    assert found["is"] is not True
    assert regime(CX).major(FRIDAY, {**PENALTY, "public_interest": True}).is_ is True
    assert "review-catalogue" in unset(CX)


@rule("LG-3.1")
@pytest.mark.parametrize("pack", AGENCIES)
def test_only_lingchuan_industry_checks_itself_before_submitting(pack: str) -> None:
    asked = any(
        "self-check.done" in row["needs"]
        for row in gates(pack, "review.submitted", {"kind": "inspection"}).values()
    )
    assert asked is (pack == LG)


@rule("LG-3.3", "CX-3.4")
def test_seven_review_points_here_and_eight_and_others_there() -> None:
    assert len(rows(LG, "review-points")) == 7
    assert "crime" in rows(LG, "review-points")
    held = rows(CX, "review-points")
    assert len(held) == 9
    assert held[-1] == "other"
    assert "crime" not in held


@rule("LX-A3", "LM-0", "LG-1.1", "WG-A3", "WG-B3")
@pytest.mark.parametrize(
    ("pack", "allowed", "refused"),
    [
        (LX, ["inspection", "supervision"], ["penalty", "licence", "coercion"]),
        (LM, ["licence", "penalty", "coercion", "inspection"], []),
        (LG, ["inspection", "licence", "penalty"], []),
        (WG, ["licence", "penalty", "other", "inspection"], ["coercion"]),
        (CX, ["inspection", "penalty", "other"], []),
    ],
)
def test_kinds_of_act_of_each_agency(pack: str, allowed: list[str], refused: list[str]) -> None:
    for kind in allowed:
        assert explained(pack, "decision.made", {"kind": kind})["applicable"] is True
    for kind in refused:
        answer = explained(pack, "decision.made", {"kind": kind})
        assert (answer["applicable"], answer["duties"]) == (False, [])
        assert answer["source"]


@rule("LX-C4")
def test_urgent_supervision_is_approved_by_the_head_alone() -> None:
    assert steps(LX, "supervision-plan", {"urgent": True}) == ["head"]
    assert steps(LX, "supervision-plan", {"urgent": False}) == [
        "deputy-head",
        "head",
        "bureau-meeting",
    ]


@rule("LX-C6")
def test_the_old_petition_regulation_is_marked_as_superseded() -> None:
    cited = [rule.body for rule in regime(LX).rules("citation") if rule.body["name"] == "信访条例"]
    assert cited
    assert all(
        body["successor"] == "信访工作条例" and body["until"].isoformat() == "2022-05-01"
        for body in cited
    )
