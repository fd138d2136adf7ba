"""The provincial platform: its file holds what the record knows, and stands up to a reader written
from the field list alone.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.cases.facts.platform.articles import cited
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.disclosure.channels import double_publication, platform, platform_standing
from mingzheng.procedures import reporting
from mingzheng.records.models import Act, Record
from mingzheng.site.demo import parties, stories, turns
from mingzheng.site.demo.play import Play, at
from mingzheng.site.demo.seizing import Seizing
from mingzheng.site.demo.tour import Tour
from tests.cases.licensing import licence
from tests.cases.telling import MAJOR, TUESDAY, case
from tests.cases.test_coercion import force, urged
from tests.disclosure import platform_reader
from tests.scenes.pages import signed_in

PAGE = "/desk/channels/platform"
PERIOD = {"from": "2026-01-01", "until": "2026-12-31"}
HEAD, PUBLISHER, OFFICER, UNIT_HEAD = 11, 9, 1, 4


def read(agency: Agency, *journeys: Any, standing: bool = False) -> dict[str, platform_reader.Rows]:
    """The file of these matters, read without a fault."""
    own = platform_standing.of(agency, clock.today()) if standing else {}
    records = [Record.objects.get(pk=each.play.record.pk) for each in journeys]
    told = platform.gather(agency, records, own)
    for said in (own, *(reporting.tables(record, clock.today()) for record in records)):
        for table, rows in said.items():
            assert {name for row in rows for name in row} <= {
                str(each["id"]) for each in told.lists.columns(table)
            }, table
    assert [row.faults for row in told.staying()] == []
    made, _ = platform.package(told, agency, {}, "x.zip")
    found, faults = platform_reader.read(made.data, clock.today())
    assert faults == []
    return found


def one(found: dict[str, platform_reader.Rows], table: str) -> dict[str, str]:
    """The only row of a table."""
    [row] = found[table]
    return row


def test_the_pack_lists_the_published_columns_in_their_order(bodies: dict[str, Agency]) -> None:
    lists = platform.Lists(bodies["wg"], TUESDAY)
    listed = {
        table.title: [str(each["id"]) for each in lists.columns(table.id)]
        for table in lists.tables.values()
    }
    tied = platform_reader.TIED
    assert listed == {
        name: [*([tied[name]] if name in tied else []), *columns]
        for name, columns in platform_reader.published().items()
    }


def test_every_code_of_a_coded_column_is_one_that_was_published(bodies: dict[str, Agency]) -> None:
    lists = platform.Lists(bodies["wg"], TUESDAY)
    for table in lists.tables.values():
        for each in lists.columns(table.id):
            codes = platform_reader.CODES.get(table.title, {}).get(str(each["id"]))
            if codes and codes != {""}:
                assert {
                    str(row["text"]) for row in lists.codes(str(each["text"])).values()
                } == codes, each["id"]


def test_a_closed_case_goes_out_with_its_source_bases_and_officers(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies, fine="12000").go("closed")
    with at(journey.day, 18):
        found, code = read(bodies["wg"], journey), f"{bodies['wg'].uscc}-{journey.play.record.pk}"
        base = one(found, "TBL_CASE_COMMON_BASE")
        double = dict(
            double_publication.of_publication(
                journey.play.record.publications.get(state="live")
            ).columns
        )
    assert (
        base["CASE_CODE"] == code
        and base["CURRENT_STATE"] == "05"
        and base["CLOSED_STATE"] == "01"
        and base["PARTY_TYPE"] == "2"
    )
    assert (base["IS_FINE"], base["FINE_SUM"], base["IS_WARN"], base["CONFISCATE_MONEY"]) == (
        "1",
        "12000",
        "0",
        "",
    )
    assert double["CF_NR_FK"] == "1.2" and base["PUNISHMENT_CODE"] == double["CF_WSH"]
    assert (
        base["UNIFORM_CREDIT_CODE"] == journey.play.party["identifier"]
        and base["COMPANY_NAME"] == journey.play.party["name"]
    )
    assert (
        base["FILING_DATE"]
        <= base["PUNISHMENT_DATE"]
        <= base["PD_SENT_DATE"]
        <= base["CLOSED_DATE"]
        and base["SENT_WAY"] == "01"
    )
    assert (
        base["ILLEGAL_EVIDENCE_TYPE"] == "08,01"
        and base["PARTY_EXECUTION_FINES"] == "12000"
        and base["APPROVED_PERSON"]
    )
    assert {row["OFFICE_NAME"] for row in found["TBL_CASE_COMMON_STAFF"]} == set(
        journey.play.officers
    )
    assert all(
        row["CARD_CODE"] and row["CASE_CODE"] == code for row in found["TBL_CASE_COMMON_STAFF"]
    )
    basis = one(found, "TBL_CASE_COMMON_PUNISH")
    assert (basis["LAW_NAME"], basis["STRIP"], basis["FUND"]) == (
        "中华人民共和国节约能源法",
        "82",
        "",
    )
    assert one(found, "TBL_CASE_COMMON_CASE_SOURCE")["COMMON_CASE_SOURCE"] == "1"


def test_before_it_is_opened_there_is_no_case_and_a_draft_tells_no_amount(
    bodies: dict[str, Agency],
) -> None:
    early, drafted = (
        case(bodies).go("proposed"),
        case(bodies, party=parties.company("wg", 1), fine="12000").go("drafted"),
    )
    with at(drafted.day, 18):
        assert reporting.tables(early.play.record, clock.today()) == {}
        base = one(read(bodies["wg"], early, drafted), "TBL_CASE_COMMON_BASE")
    assert (
        base["CURRENT_STATE"] == "02"
        and base["FINE_SUM"] == base["IS_FINE"] == base["PUNISHMENT_CODE"] == ""
    )


def test_money_keeps_its_cents_and_what_was_confiscated_together_is_not_parted(
    bodies: dict[str, Agency],
) -> None:
    def money(number: int, **more: Any) -> dict[str, str]:
        journey = case(bodies, party=parties.company("wg", number), **more).go("decided")
        with at(journey.day, 18):
            return one(read(bodies["wg"], journey), "TBL_CASE_COMMON_BASE")

    cents = money(
        1,
        fine="1234.56",
        penalties=["罚款", "没收违法所得", "通报批评"],
        draft={"confiscated": "99.50"},
    )
    assert (
        cents["FINE_SUM"],
        cents["CONFISCATE_MONEY"],
        cents["IS_OTHER"],
        cents["OTHER_DETAIL_CONTENT"],
    ) == ("1234.56", "100", "1", "通报批评")
    both = money(2, penalties=["没收违法所得", "没收非法财物"], draft={"confiscated": "300"})
    assert (
        both["IS_CONFISCATE"],
        both["IS_CONFIS_PROPERTY"],
        both["CONFISCATE_MONEY"],
        both["CONFISCATE_PRO_MON"],
    ) == ("1", "1", "", "")


def test_no_penalty_has_a_row_of_its_own_and_no_number_of_a_penalty(
    bodies: dict[str, Agency],
) -> None:
    journey = case(
        bodies,
        penalties=[],
        draft={"outcome": "no-penalty", "discretion": "违法行为轻微并及时改正，没有造成危害后果"},
    ).go("served")
    with at(journey.day, 18):
        found = read(bodies["wg"], journey)
    base, refused = one(found, "TBL_CASE_COMMON_BASE"), one(found, "TBL_CASE_COMMON_NOPUNISHMENT")
    assert (
        base["IS_PUNISHMENT"] == "0"
        and base["PUNISHMENT_CODE"] == ""
        and refused["NO_PUNISHMENT_CODE"].startswith("汶工信不罚")
    )
    assert (
        "轻微" in refused["NO_PUNISHMENT_REASON"]
        and refused["NO_PUNISHMENT_SENT_WAY"] == "01"
        and refused["NO_PUNISHMENT_SENT_DATE"]
    )


def test_a_villager_fined_on_the_spot_is_a_citizen_with_his_card(bodies: dict[str, Agency]) -> None:
    journey = case(bodies, "fc")
    turns.on_the_spot(journey, "100", "closed")
    with at(journey.day, 18):
        row = one(read(bodies["fc"], journey), "TBL_CASE_SIMPLE_BASE")
    who = journey.play.party
    assert (row["PARTY_TYPE"], row["CITIZEN_CARD_TYPE"], row["CITIZEN_CARD_CODE"]) == (
        "1",
        "01",
        who["identifier"],
    )
    assert row["CITIZEN_AGE"] == str(
        2026 - int(who["identifier"][6:10]) - ("0407" < who["identifier"][10:14])
    )
    assert (
        row["FINE_SUM"],
        row["CURRENT_STATE"],
        row["IS_PUNISHMENT"],
        row["UNIFORM_CREDIT_CODE"],
    ) == ("100", "02", "1", "")


def test_a_shop_of_one_person_is_a_citizen_with_a_trade_name(bodies: dict[str, Agency]) -> None:
    shop = parties.company("fc", 0)
    journey = case(bodies, "fc", item="open-burning", party=shop).go("opened")
    with at(journey.day, 18):
        row = one(read(bodies["fc"], journey), "TBL_CASE_COMMON_BASE")
    assert (row["PARTY_TYPE"], row["IS_SELFEMPLOYED"], row["SELFEMPLOYED_CODE"]) == (
        "1",
        "1",
        shop["name"],
    )
    assert (row["CITIZEN_NAME"], row["CITIZEN_CARD_CODE"], row["COMPANY_NAME"]) == (
        shop["representative"],
        "",
        "",
    )


def test_a_seizure_inside_a_case_goes_out_as_coercion_that_rests_on_the_case(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies, item="jn-71").go("investigated")
    Seizing(journey, "wg").go("lifted")
    with at(journey.day, 18):
        found = read(bodies["wg"], journey)
    basic, measure, base = (
        one(found, f"TBL_{name}")
        for name in ("COERCION_CASE_BASIC", "COERCION_CASE_MEASURE", "CASE_COMMON_BASE")
    )
    assert (
        basic["CASE_SOURCE_TYPE"] == "200"
        and basic["CASE_SOURCE_ID"] == base["CASE_CODE"]
        and base["IS_DTAIN_PROPERTY"] == "1"
    )
    assert (
        measure["MEASURE_TYPE"] == "扣押"
        and measure["MEASURE_DEAL_WAY"] == "解除"
        and measure["COERCION_CODE"].startswith("汶工信强")
    )
    assert (
        "变压器" in measure["DETENTION_PROPERTY_INFO"]
        and measure["APPROVE_PERSON"]
        and measure["CLOSE_DOWN_PROPERTY_INFO"] == ""
    )


def test_a_major_case_goes_out_with_its_hearing_review_and_discussion(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies, **MAJOR, hearing="held", fine="50000").go("decided")
    with at(journey.day, 18):
        base = one(read(bodies["wg"], journey), "TBL_CASE_COMMON_BASE")
    assert (
        base["IS_MAJOR_CASE"],
        base["IS_HEARING"],
        base["IS_PARTY_APPLY_HEARING"],
        base["IS_DEAL_HEARING"],
    ) == ("1", "1", "1", "1")
    assert (
        base["HEARING_HOST"] == "王审"
        and base["HEARING_INFORM_DATE"] < base["HEARING_HOLD_DATE"] < base["LEGAL_REVIEW_DATE"]
    )
    assert (
        base["LEGAL_REVIEW_PERSON"],
        base["IS_LEGAL_QUALIFICATIONS"],
        base["LEGAL_EXAMINA_RESULT"],
    ) == ("王审", "1", "审核通过")
    assert (
        base["COLLECTIVE_DISCUSS_HOST_POST"] == "主要负责人"
        and "刘副" in base["COLLECTIVE_DISCUSS_ATTENDER"]
    )


def test_a_decision_carried_out_by_force_goes_out_with_what_it_carries_out(
    bodies: dict[str, Agency],
) -> None:
    journey = urged(bodies)
    with at(journey.forward(11), 9):
        journey.play.step(
            "statement.waived:urging", text="当事人书面表示没有意见。", files=journey.play.picture()
        )
        journey.play.step("coercion.executed", **force(journey, manner="transfer", amount="10000"))
        journey.play.approve()
    with at(journey.day, 18):
        found = read(bodies["wg"], journey)
    basic, done, base = (
        one(found, f"TBL_{name}")
        for name in ("COERCION_CASE_BASIC", "COERCION_CASE_PERFORM", "CASE_COMMON_BASE")
    )
    assert (done["PERFORM_TYPE"], done["TRANS_DEPOSIT"], done["REPLACE_DEPOSIT"]) == (
        "划拨存款、汇款",
        "10000",
        "",
    )
    assert (
        done["PUNISH_CODE_BEFORE"] == base["PUNISHMENT_CODE"]
        and done["PRESS_SEND_TYPE"] == "01"
        and done["APPROVE_PERSON"]
    )
    assert (
        done["COERCION_PERFORM_CODE"].startswith("汶工信强执")
        and done["COERCION_CASE_ID"] == basic["CASE_CODE"]
    )
    assert (base["IS_ORGAN_ENFORCE"], base["ORGAN_ENFORCEMENT_DATE"]) == (
        "1",
        done["PERFORM_ENFORCE_DATE"],
    )


def test_a_visit_goes_out_point_by_point_once_it_has_ended(bodies: dict[str, Agency]) -> None:
    play = Play(bodies["lm"], ("武强", "靳月"), parties.company("lm", 3), "jc-yl")
    trip = Tour(play, TUESDAY, problem=True, found="二楼消防通道堆放杂物").go("checked")
    assert reporting.tables(Record.objects.get(pk=trip.play.record.pk), clock.today()) == {}
    for stage in ("visited", "concluded"):
        trip.stage(stage)
    with at(trip.day, 18):
        found = read(bodies["lm"], trip)
    main, points = one(found, "TBL_INSP_RECORD_MAIN"), found["TBL_INSP_RECORD_DETAIL"]
    assert main["IS_INSPECTION_PASS"] == "2" and main["INSPECTION_DATE"] == trip.planned.isoformat()
    assert [row["IS_INSPECTION_PASS"] for row in points] == ["2", "1", "1", "1"] and {
        row["ITEM_SRC_TYPE"] for row in points
    } == {"1"}


def test_a_licence_goes_out_with_the_state_of_its_certificate(bodies: dict[str, Agency]) -> None:
    made = licence(bodies, item="xk-st", code="lm").go("certified")
    with at(made.day, 18):
        found = read(bodies["lm"], made, standing=True)
    row = one(found, "JD_XK_PERMISSION_LIST")
    held = made.certificate()
    assert (
        held is not None
        and row["XK_XKBH"] == held.number
        and row["XK_ZT"] == "有效"
        and row["XK_XDR_TYPE"] == "02"
    )
    assert row["XK_YXQZI"] == (held.until.isoformat() if held.until else "2099-12-31")
    assert row["XK_ITEM_BM"] in {item["XK_SXBM"] for item in found["JD_XK_PERMISSION_ITEM"]}


def test_the_agency_itself_goes_out_with_its_officers_and_powers(bodies: dict[str, Agency]) -> None:
    Item.objects.filter(agency=bodies["wg"], code="jn-82").update(
        discretion=[{"when": "逾期不满一个月", "penalty": "一万元以上二万元以下"}]
    )
    with at(TUESDAY, 9):
        found = read(bodies["wg"], standing=True)
    assert one(found, "TBL_BASE_SUBJECT")["CODE"] == bodies["wg"].uscc
    assert {row["CODE"] for row in found["TBL_POWER_LIST"]} == set(
        Item.objects.filter(agency=bodies["wg"]).values_list("code", flat=True)
    )
    step = one(found, "TBL_POWER_DISCRETIONARY")
    assert (step["CODE"], step["ILLEGAL_FACT"], step["PUNISH_STANDARD"]) == (
        "jn-82",
        "逾期不满一个月",
        "一万元以上二万元以下",
    )
    assert {"张三", "李四"} <= {row["name"] for row in found["TBL_BASE_PERSON"]} and not any(
        row["person_id"] for row in found["TBL_BASE_PERSON"]
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("《大气污染防治法》第一百一十九条第一款", [("大气污染防治法", "119", "1", "", "")]),
        (
            "《A法》第十条第二款第（三）项、第二十一条；《B条例》第五条",
            [("A法", "10", "2", "3", ""), ("A法", "21", "", "", ""), ("B条例", "5", "", "", "")],
        ),
        ("《A法》第8条第一、二项", [("A法", "", "", "", "")]),
        ("《A法》第六条之一", [("A法", "", "", "", "")]),
        ("本省裁量基准", [("", "", "", "", "")]),
    ],
)
def test_a_basis_is_taken_apart_whole_or_left_in_its_words(
    text: str, parts: list[tuple[str, ...]]
) -> None:
    rows = cited(text)
    assert [
        tuple(row.get(name, "") for name in ("LAW_NAME", "STRIP", "FUND", "ITEM", "GIST_CATALOG"))
        for row in rows
    ] == parts
    assert all(row["CONTENT"].rpartition("》")[2] in text for row in rows)


def test_who_reported_it_leaves_in_no_column(bodies: dict[str, Agency]) -> None:
    name, phone = "周举仁", "13811112222"
    facts = f"据{name}（{phone}）举报，当事人未按规定报送报告。"
    journey = case(
        bodies, source={"source": "report", "informant": f"{name}，{phone}"}, facts=facts
    ).go("served")
    with at(journey.day, 18):
        found = read(bodies["wg"], journey)
        told = json.dumps(found, ensure_ascii=False)
        client = signed_in("wg", PUBLISHER)
        assert (
            "没有要报送的"
            in client.get(PAGE, PERIOD | {"until": journey.day.isoformat()}).content.decode()
        )
        head = signed_in("wg", HEAD).post(PAGE, PERIOD)
    assert name not in told and phone not in told and "当事人未按规定报送报告" in told
    assert one(found, "TBL_CASE_COMMON_CASE_SOURCE")["COMMON_CASE_SOURCE"] == "3"
    assert (
        head.status_code == 200
        and name not in str(head.headers)
        and Act.objects.filter(record=journey.play.record, kind="case.read").count() == 1
    )


def test_a_number_that_comes_twice_and_a_day_out_of_order_are_told(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("closed")
    with at(journey.day, 18):
        record = Record.objects.get(pk=journey.play.record.pk)
        assert any(
            "出现了两次" in fault
            for row in platform.gather(bodies["wg"], [record, record]).staying()
            for fault in row.faults
        )
        record.case.served_on = date(2026, 1, 5)
        faults = [
            fault
            for row in platform.gather(bodies["wg"], [record]).staying()
            for fault in row.faults
        ]
    assert "“行政处罚决定书书送达日期”早于“行政处罚决定书日期”，请核对先后" in faults


def test_the_reader_written_apart_finds_what_is_planted(bodies: dict[str, Agency]) -> None:
    journey = case(bodies).go("closed")
    with at(journey.day, 18):
        base = one(read(bodies["wg"], journey), "TBL_CASE_COMMON_BASE")
        for column, bad in (
            ("PARTY_TYPE", "3"),
            ("FINE_SUM", "1.2万"),
            ("FILING_DATE", "2026/04/08"),
            ("CLOSED_DATE", "2099-01-01"),
            ("UNIFORM_CREDIT_CODE", "91370830MA0000000X"),
            ("CURRENT_STATE", "07"),
            ("IS_FINE", "是"),
            ("PD_SENT_DATE", "2026-01-01"),
        ):
            assert platform_reader.check(
                "TBL_CASE_COMMON_BASE", {**base, column: bad}, clock.today()
            ), column


def test_what_looks_like_a_formula_stays_text(bodies: dict[str, Agency]) -> None:
    with at(TUESDAY, 9):
        told = platform.gather(
            bodies["wg"], (), {"Subject": [{"SUB_NAME": "=HYPERLINK(1)\x07", "CODE": "+86"}]}
        )
        made, _ = platform.package(told, bodies["wg"], {}, "x.zip")
    row = one(platform_reader.read(made.data, TUESDAY)[0], "TBL_BASE_SUBJECT")
    assert (row["SUB_NAME"], row["CODE"]) == ("=HYPERLINK(1)", "+86")


def test_every_kind_that_is_told_has_its_tables_in_the_pack(bodies: dict[str, Agency]) -> None:
    tables = platform.Lists(bodies["wg"], TUESDAY).tables.values()
    assert {table.kind for table in tables} == {*reporting.kinds(), platform.STANDING}
    assert set(stories.OFFICERS) and all(
        table.field
        in {str(each["id"]) for each in platform.Lists(bodies["wg"], TUESDAY).columns(table.id)}
        for table in tables
    )
