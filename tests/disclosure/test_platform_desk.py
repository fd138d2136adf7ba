"""The provincial platform at the desk: who may take the file, for which period, what is told, and
the receipt that comes back.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from mingzheng.agencies import acts as agency_acts
from mingzheng.agencies.models import Agency
from mingzheng.cases.models import CaseParty
from mingzheng.core import clock
from mingzheng.records.models import Act, ActContent, Record
from mingzheng.site.demo import parties
from mingzheng.site.demo.founding import LAW
from mingzheng.site.demo.play import at
from tests.cases.telling import case
from tests.disclosure import platform_reader
from tests.disclosure.test_platform import HEAD, OFFICER, PAGE, PERIOD, PUBLISHER, UNIT_HEAD, one
from tests.scenes.pages import signed_in


def test_a_faulty_row_is_told_and_left_out_with_what_belongs_to_it(
    bodies: dict[str, Agency],
) -> None:
    good, bad = (
        case(bodies).go("decided"),
        case(bodies, party=parties.company("wg", 1)).go("decided"),
    )
    CaseParty.objects.filter(record=bad.play.record).update(identifier="91370830MA0000000X")
    with at(bad.day, 18):
        client = signed_in("wg", PUBLISHER)
        page = client.get(PAGE, PERIOD).content.decode()
        assert "“统一社会信用代码”的校验位不对" in page and "另有 4 行附表数据随主表留下" in page
        found, faults = platform_reader.read(client.post(PAGE, PERIOD).content, clock.today())
    assert faults == [] and [row["COMPANY_NAME"] for row in found["TBL_CASE_COMMON_BASE"]] == [
        good.play.party["name"]
    ]
    said = json.loads(
        ActContent.objects.get(act__record=bodies["wg"].record, act__kind="data.exported").body
    )
    assert (
        said["left_out"] == 5
        and said["tables"]["TBL_CASE_COMMON_BASE"] == 1
        and len(said["file_sha256"]) == 64
    )


def test_only_those_who_report_may_take_it_and_only_of_their_own_agency(
    bodies: dict[str, Agency],
) -> None:
    journey, other = case(bodies).go("opened"), case(bodies, "lg").go("opened")
    with at(journey.day, 18):
        officer, client = signed_in("wg", OFFICER), signed_in("wg", PUBLISHER)
        assert {officer.get(PAGE).status_code, officer.post(PAGE, PERIOD).status_code} == {404}
        assert PAGE not in officer.get(f"/desk/cases/{journey.play.record.pk}").content.decode()
        for case_id in (other.play.record.pk, "x", "9" * 19, "9" * 20):
            assert client.post(PAGE, {"case": case_id}).status_code == 404
        assert client.get(PAGE, {"kind": "page"}).status_code == 404
        assert (
            f"{PAGE}?case={journey.play.record.pk}"
            in client.get(f"/desk/cases/{journey.play.record.pk}").content.decode()
        )
        single = client.post(PAGE, {"case": journey.play.record.pk})
    found, faults = platform_reader.read(single.content, clock.today())
    assert faults == [] and one(found, "TBL_CASE_COMMON_BASE")["NAME"] == journey.play.record.title
    assert json.loads(zipfile.ZipFile(io.BytesIO(single.content)).read("manifest.json"))[
        "case"
    ] == str(journey.play.record.pk)


def test_a_unit_head_takes_what_his_unit_has_done(bodies: dict[str, Agency]) -> None:
    journey = case(bodies).go("opened")
    Record.objects.filter(pk=journey.play.record.pk).update(
        unit_id=bodies["wg"].units.get(name="企业运行科").pk
    )
    with at(journey.day, 18):
        assert "没有要报送的" in signed_in("wg", UNIT_HEAD).get(PAGE, PERIOD).content.decode()
        assert (
            journey.play.record.title
            not in signed_in("wg", UNIT_HEAD).get(PAGE, PERIOD).content.decode()
        )


def test_a_period_the_wrong_way_round_and_an_empty_one_export_nothing(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("opened")
    with at(journey.day, 18):
        client = signed_in("wg", PUBLISHER)
        wrong = client.post(PAGE, {"from": "2026-05-01", "until": "2026-04-01"})
        assert (
            wrong.status_code == 409
            and "早于起始日期" in wrong.content.decode()
            and 'value="2026-05-01"' in wrong.content.decode()
        )
        for odd in ("2026-13-01", "0001-01-01", "9999-12-31", "明天"):
            assert client.get(PAGE, {"from": odd}).status_code == 409, odd
            assert client.get(PAGE, {"until": odd}).status_code == 409, odd
        empty = client.post(PAGE, {"from": "2025-01-01", "until": "2025-02-01"})
        assert empty.status_code == 409 and "没有可以导出的行" in empty.content.decode()
    assert not Act.objects.filter(kind="data.exported").exists()


def test_the_next_period_begins_where_the_last_one_ended_and_only_what_moved_goes_again(
    bodies: dict[str, Agency],
) -> None:
    still, moving = (
        case(bodies).go("opened"),
        case(bodies, party=parties.company("wg", 1)).go("opened"),
    )
    with at(moving.day, 18):
        signed_in("wg", PUBLISHER).post(
            PAGE, {"from": "2026-01-01", "until": moving.day.isoformat()}
        )
    moving.investigated()
    with at(moving.day, 18):
        client = signed_in("wg", PUBLISHER)
        page = client.get(PAGE).content.decode()
        found, _ = platform_reader.read(
            client.post(
                PAGE, {"from": moving.day.isoformat(), "until": moving.day.isoformat()}
            ).content,
            clock.today(),
        )
        other = signed_in("wg", HEAD).get(PAGE).content.decode()
    assert f'value="{still.day.isoformat()}"' in page and 'value="2026-01-01"' in other
    assert [row["NAME"] for row in found["TBL_CASE_COMMON_BASE"]] == [moving.play.record.title]


def test_the_receipt_comes_back_to_the_export_that_it_answers(bodies: dict[str, Agency]) -> None:
    journey = case(bodies).go("opened")
    with at(journey.day, 18):
        client = signed_in("wg", PUBLISHER)
        client.post(PAGE, PERIOD)
        taken = Act.objects.get(record=bodies["wg"].record, kind="data.exported")
        there = f"{PAGE}/{taken.pk}/receipt"
        lacking = client.post(there, {"receipt": " ", "note": "退回一行"})
        assert (
            lacking.status_code == 409
            and "请填平台给的回执号" in lacking.content.decode()
            and "退回一行" in lacking.content.decode()
        )
        assert (
            client.post(there, {"receipt": "SD20260410-7", "note": "第 1 行缺登记人"}).status_code
            == 302
        )
        page = " ".join(client.get(PAGE).content.decode().split())
        assert {
            signed_in("wg", OFFICER).post(there, {"receipt": "x"}).status_code,
            signed_in("lm", 8).post(there, {"receipt": "x"}).status_code,
            client.post(f"{PAGE}/1/receipt", {"receipt": "x"}).status_code,
        } == {404} and client.get(there).status_code == 405
    assert "回执 SD20260410-7" in page and "第 1 行缺登记人" in page
    assert (
        Act.objects.filter(
            record=bodies["wg"].record, kind="export.receipted", subject=str(taken.pk)
        ).count()
        == 1
    )


def test_more_matters_than_are_checked_at_once_are_refused_with_a_way_out(
    bodies: dict[str, Agency], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mingzheng.desk import platform_views

    journeys = [case(bodies, party=parties.company("wg", number)).go("opened") for number in (1, 2)]
    monkeypatch.setattr(platform_views, "MOST", 1)
    with at(journeys[0].day, 18):
        answer = signed_in("wg", PUBLISHER).get(PAGE, PERIOD)
    assert answer.status_code == 409 and "请缩短期间" in answer.content.decode()


def test_rules_adopted_before_the_platform_was_known_are_said_to_lack_it(
    bodies: dict[str, Agency], tmp_path: Path
) -> None:
    shutil.copytree(LAW, tmp_path / "law", ignore=shutil.ignore_patterns("platform-*.toml"))
    with at("2026-04-07", 9):
        agency_acts.adopt_pack(bodies["wg"], None, bodies["wg"].pack, tmp_path / "law")
        answer = signed_in("wg", PUBLISHER).get(PAGE)
    assert answer.status_code == 409 and "请由法制机构采用新版规则包" in answer.content.decode()
