"""What each agency's lists hold: fields shown to the public, papers, roles, tasks, points."""

import pytest

from tests.clause import rule
from tests.law.asking import CX, FRIDAY, LG, LM, LX, WG, explained, gates, regime, rows


@rule("LX-A5.1", "WG-A5.2")
def test_officers_are_shown_with_post_and_scope_here_and_area_there() -> None:
    assert rows(LX, "officer-fields") == ["name", "post", "certificate", "scope"]
    assert rows(WG, "officer-fields") == ["name", "certificate", "area"]
    assert rows(LM, "officer-fields") == rows("national", "officer-fields")


@rule("LX-A11.1", "LM-1.2.1", "LG-1.1", "WG-A5.1")
def test_item_lists_have_the_fields_of_each_text() -> None:
    assert rows(LX, "item-list-fields") == ["duties", "powers", "basis", "procedure"]
    assert rows(WG, "item-list-fields") == ["name", "type", "basis", "unit", "duties", "powers"]
    for pack in (LM, LG):
        assert rows(pack, "item-list-fields") == ["body", "duties", "powers", "basis"]


@rule("LX-A11.2", "WG-A5.3")
def test_random_check_lists_name_the_objects_only_where_the_text_does() -> None:
    assert rows(LX, "random-list-fields") == ["body", "basis", "objects", "content", "manner"]
    assert rows(WG, "random-list-fields") == ["basis", "body", "content", "manner"]


@rule("LX-A5.4", "LM-1.2.2", "CX-1.2.2")
def test_flow_charts_are_drawn_per_item_or_per_kind() -> None:
    assert rows(LX, "flow-chart") == rows(CX, "flow-chart") == ["per-item"]
    assert rows(LM, "flow-chart") == ["per-kind"]


@rule("WG-A5.4")
def test_wenshang_flow_charts_name_accepting_and_approving_bodies() -> None:
    assert {"accepting", "approving", "materials", "limit"} <= set(rows(WG, "flow-chart-fields"))


@rule("LX-A7", "LX-A11.3", "LM-1.2.2", "WG-A5.5")
def test_service_guides_have_the_fields_of_each_text() -> None:
    assert len(rows(LX, "guide-fields")) == 18
    assert {"quantity", "fee", "status"} <= set(rows(LX, "guide-fields"))
    assert {"accountability", "remedies"} <= set(rows(LM, "guide-fields"))
    assert {"window-staff", "remedies"} <= set(rows(WG, "guide-fields"))
    assert "accountability" not in rows(WG, "guide-fields")
    assert rows(CX, "guide-fields") == rows("national", "guide-fields") != []


@rule("LM-1.3.2", "LG-1.2", "WG-A6.3", "CX-1.3.2")
def test_window_boards_show_the_person_at_civil_affairs_and_the_work_elsewhere() -> None:
    assert rows(LM, "window-board-fields") == ["name", "post", "kinds", "services"]
    for pack in (LG, WG, CX):
        assert rows(pack, "window-board-fields") == [
            "duties",
            "samples",
            "progress",
            "advice",
            "complaints",
        ]


@rule("LX-A10", "LX-A14", "LM-1", "WG-A3")
def test_carriers_of_publication_differ() -> None:
    assert rows(LX, "channels")[0] == "own-site"
    assert "new-media" in rows(LX, "channels")
    assert {"government-site", "window-board"} <= set(rows(LM, "channels"))
    assert rows(WG, "channels") == ["own-site", "provincial-service-site", "random-check-platform"]


@rule("LG-1.3", "WG-A7.1")
@pytest.mark.parametrize("pack", [LG, WG])
def test_four_things_are_published_of_a_decision(pack: str) -> None:
    assert rows(pack, "published-fields") == ["agency", "counterpart", "kind", "conclusion"]


@rule("LX-A8")
def test_the_progress_of_a_petition_and_of_urging_is_publishable() -> None:
    assert {"progress", "urging"} <= set(rows(LX, "published-fields"))


@rule("WG-A5.p1", "WG-A5.p2", "WG-A4")
def test_wenshang_compiles_lists_in_its_policy_unit_and_guides_at_its_window() -> None:
    assert rows(WG, "compilers") == ["policy-unit", "window", "handling-unit"]


@rule("CX-1.2.1")
def test_changzhi_publishes_a_list_of_bodies_first() -> None:
    assert rows(CX, "published-lists")[0] == "bodies"


@rule("LG-0.1")
def test_a_guide_without_the_basis_of_each_material_and_step_is_not_published() -> None:
    from mingzheng.core.regimes import History, PastAct
    from tests.law.asking import CALENDAR

    history = History([PastAct("publication.approved", FRIDAY)])
    facts = {"kind": "licence", "of": "guide", "elements": {"material-bases": "许可法第三十一条"}}
    refused = {
        each.gate
        for each in regime(LG).refusals("publication.published", FRIDAY, facts, history, CALENDAR)
    }
    assert refused == {"LG-0.1/no-added-burden"}
    facts["elements"] = {"material-bases": "许可法第三十一条", "step-bases": "许可法第三十四条"}
    assert regime(LG).refusals("publication.published", FRIDAY, facts, history, CALENDAR) == []


@rule("LX-A6")
def test_uniform_and_insignia_stand_on_the_checklist_where_prescribed() -> None:
    held = {row["id"]: row["need"] for row in regime(LX).rows("on-site-checklist", FRIDAY, {}).rows}
    assert held["uniform"] == "if-any"
    assert held["certificate"] == "must"


@rule("LX-A15", "LM-1.1")
@pytest.mark.parametrize("pack", [LX, LM])
def test_wrong_publications_are_corrected_in_time(pack: str) -> None:
    for act in ("correction.requested", "publication.found-wrong"):
        (row,) = [
            row
            for row in explained(pack, act, {"kind": "inspection"})["duties"]
            if row["topic"] == "publication/correction"
        ]
        assert (row["then"], row["within"], row["due"]) == (
            "publication.corrected",
            "promptly",
            None,
        )


@rule("LX-A18", "LX-A19", "LX-B10", "WG-A13", "WG-B17")
@pytest.mark.parametrize(("pack", "at"), [(LX, "LX-A19"), (WG, "WG-A13"), (LG, "LG-0")])
def test_a_missing_date_of_entry_into_force_is_kept_as_a_defect(pack: str, at: str) -> None:
    defect = next(row for row in regime(pack).defects() if row.at == at)
    assert defect.reading
    assert "施行" in defect.text or "发布日期" in defect.text


@rule("LX-B2", "LX-B6", "LX-B9")
def test_reading_room_rules_of_lingchuan_petition() -> None:
    assert rows(LX, "reading-room-rules") == [
        "room-only",
        "no-alteration",
        "no-copy",
        "no-passing-on",
        "face-to-face",
    ]


@rule("LX-B7")
def test_lending_needs_a_recorded_exception() -> None:
    gate = gates(LX, "volume.lent", {"kind": "inspection", "reader": "insider"})["LX-B7/no-lending"]
    assert (gate["needs"], gate["soft"]) == (["exception.approved"], True)


@rule("LX-C2", "LX-C3", "LX-C8")
def test_scope_roles_and_names_of_supervision() -> None:
    assert rows(LX, "supervision-scope") == ["prominent", "cross", "urgent"]
    assert rows(LX, "supervision-roles") == ["supervision-unit", "reception-unit", "office"]
    assert {"bureau", "joint-office"} <= set(rows(LX, "supervision-names"))


@rule("LX-C5")
def test_a_supervision_report_has_three_parts() -> None:
    assert rows(LX, "document/supervision-report") == ["situation", "result", "advice"]


@rule("LX-C5.p")
def test_proposals_are_carried_out_only_after_approval() -> None:
    facts = {"kind": "supervision", "random": False, "problem_found": False}
    for act in ("matter.transferred", "publication.published"):
        assert "LX-C5.p/proposal-approved" in gates(LX, act, facts)
    assert rows(LX, "proposals") == ["listed", "transfer", "publish"]


@rule("LX-C6")
def test_entering_the_provincial_system_is_awaited_from_the_responsible_unit() -> None:
    (row,) = [
        row
        for row in explained(LX, "rectification.reported", {"kind": "supervision"})["duties"]
        if row["topic"] == "supervision/provincial-system"
    ]
    assert (row["awaited"], row["within"]) == (True, "promptly")


@rule("LX-C7")
def test_each_team_owes_a_statement_on_discipline() -> None:
    (row,) = [
        row
        for row in explained(LX, "supervision.ended", {"kind": "supervision"})["duties"]
        if row["topic"] == "supervision/discipline"
    ]
    assert row["per"] == "team"


@rule("LG-2.1")
def test_four_kinds_of_record_are_signed_by_the_counterpart() -> None:
    assert rows(LG, "counterpart-signs") == [
        "on-site-record",
        "inquiry-record",
        "hearing-record",
        "property-list",
    ]


@rule("LM-2.3.5", "LG-2.4", "WG-B14")
def test_uses_of_records() -> None:
    for pack in (LM, WG):
        assert len(rows(pack, "record-uses")) == 6
    assert {"typical", "weak-spots"} <= set(rows(LG, "record-uses"))


@rule("LG-3.4", "CX-3.6.1", "CX-3.6.2", "CX-3.6.3")
@pytest.mark.parametrize("pack", [LG, CX])
def test_three_answer_for_a_reviewed_decision(pack: str) -> None:
    assert rows(pack, "responsibilities") == ["head", "handling-unit", "review-unit"]


@rule("LG-4.3")
def test_training_is_owed_every_year() -> None:
    (row,) = [
        row
        for row in explained(LG, "year.ended", {})["duties"]
        if row["topic"] == "training/yearly"
    ]
    assert (row["within"], row["unit"]) == (1, "year")


@rule("LM-5.1", "LM-5.2.2", "LM-5.3", "LM-5.4")
def test_rollout_of_civil_affairs_has_its_dates_and_filings() -> None:
    held = {row["id"]: row for row in regime(LM).rows("rollout-tasks", FRIDAY, {}).rows}
    assert held["plan"]["act"] == held["handbook"]["act"] == "filing.receipted"
    assert "2019-10-15" in held["plan"]["text"]
    assert "2020-12-15" in held["summary"]["text"]
    assert rows(LM, "focus-areas") == ["grassroots", "social-organisations", "marriage"]


@rule("CX-4.2", "CX-4.4")
def test_deliverables_of_changzhi() -> None:
    assert rows(CX, "rollout-deliverables") == ["measures", "systems", "evaluation"]


@rule("LM-3.2.1")
def test_the_fourth_unnamed_kind_is_kept_as_a_defect() -> None:
    defect = next(row for row in regime(LM).defects() if row.at == "LM-3.2.1")
    assert len(defect.readings) == 2


@rule("CX-2.3.3")
def test_changzhi_sets_up_an_inquiry_room_and_a_hearing_room() -> None:
    assert rows(CX, "rooms") == ["inquiry", "hearing"]
