"""11 back-dating; 12 double clicks; 13 scope of writing; 14 open sessions; 16 UTC; 17 natural
days; 18 forms of another case.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mingzheng.agencies.acts import accounts
from mingzheng.agencies.models import Account
from mingzheng.core import clock
from mingzheng.core.workdays import Calendar
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records import law
from mingzheng.records.models import Act, Record
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import at, form_data, who
from tests.bypasses.test_05_to_09_records_and_people import enter
from tests.cases.telling import case, do, duties, heard, refused, state

IDENTIFY = {"mode": "shown", "to": "牛晋川", "place": "现场"}


@pytest.mark.parametrize("late", ["", "because"])
def test_11_a_day_sent_by_the_client_needs_one_of_the_listed_reasons(
    bodies: dict[str, Any], late: str
) -> None:
    journey = case(bodies).go("opened")
    journey.forward(2)
    words = refused(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        happened_at="2026-04-09T10:00",
        late_reason=late,
        **IDENTIFY,
    )
    assert "补录原因" in words


def test_11_what_is_entered_late_keeps_both_times(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    journey.forward(2)
    do(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        happened_at="2026-04-09T10:00",
        late_reason="offline",
        recorded_at="2020-01-01T00:00",
        files=journey.play.picture("离线记录"),
        **IDENTIFY,
    )
    act = Act.objects.filter(record=journey.play.record, kind="officer.identified").latest("pk")
    assert clock.local(act.happened_at).date() == date(2026, 4, 9)
    assert clock.local(act.recorded_at).date() == journey.day


def test_11_what_is_entered_late_brings_its_paper(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    journey.forward(2)
    words = refused(
        journey,
        "officer.identified",
        officers=journey.play.officers_ids(),
        happened_at="2026-04-09T10:00",
        late_reason="paper",
        **IDENTIFY,
    )
    assert "须同时上传原始凭据" in words


def test_11_an_approval_happens_when_it_is_given(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("registered")
    journey.forward(1)
    do(
        journey,
        "case.opened",
        officers=journey.play.officers_ids(),
        reason="符合条件",
        happened_at="2026-04-07T09:30",
        late_reason="paper",
        hour=9,
    )
    journey.forward(3)
    with at(journey.day, 9):
        journey.play.approve()
    opened = Act.objects.get(record=journey.play.record, kind="case.opened")
    assert clock.local(opened.happened_at).date() == journey.day
    assert (duties(journey, "decision/limit")[0].due - journey.day).days >= 90


def test_11_a_notice_is_not_dated_before_the_text_it_tells(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("drafted")
    journey.forward(3)
    values = {"contact": journey.telephone(), **journey.service(), "late_reason": "paper"}
    day = next(
        act for act in Act.objects.filter(record=journey.play.record, kind="draft.made")
    ).happened_at.date()
    words = refused(
        journey,
        "party.notified:penalty",
        happened_at=f"{day}T09:00",
        files=journey.play.picture(),
        **values,
    )
    assert "早于现在这一稿形成的时间" in words
    do(
        journey,
        "party.notified:penalty",
        happened_at=f"{day}T11:00",
        files=journey.play.picture(),
        **values,
    )


def test_11_a_step_in_the_minute_of_an_approval_comes_after_it(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    with at(journey.day, 10):
        journey.play.agree("秦望舒")
    with clock.fixed(datetime(2026, 4, 8, 10, 5, 40)):
        journey.play.agree("陈局")
    with clock.fixed(datetime(2026, 4, 8, 10, 5, 55)):
        journey.play.step("officer.identified", officers=journey.play.officers_ids(), **IDENTIFY)
    opened = Act.objects.get(record=journey.play.record, kind="case.opened")
    shown = Act.objects.get(record=journey.play.record, kind="officer.identified")
    assert shown.happened_at >= opened.happened_at
    with clock.fixed(datetime(2026, 4, 8, 10, 6, 10)):
        words = heard(
            lambda: journey.play.step(
                "officer.identified",
                officers=journey.play.officers_ids(),
                **{**IDENTIFY, "happened_at": "2026-04-08T10:04"},
            )
        )
    assert "早于上一环节" in words


def test_12_a_second_press_of_the_same_form_acts_once(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("served")
    by, record = who(bodies["wg"], "张三"), journey.play.record
    values = form_data(
        {"amount": "5000", "receipt": "P1", "way": "bank", "happened_at": f"{journey.day}T17:00"}
    )
    with at(journey.day, 17):
        first = procedure_acts.take_step(by, record.pk, "payment.received", values, form_key="once")
        second = procedure_acts.take_step(
            by, record.pk, "payment.received", values, form_key="once"
        )
    assert second.repeated and second.act == first.act
    assert Act.objects.filter(record=record, kind="payment.received").count() == 1


def test_12_an_approval_pressed_twice_is_given_once(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record)
    with at(journey.day, 15):
        for _ in range(2):
            procedure_acts.answer(
                who(bodies["wg"], "秦望舒"),
                found.pk,
                "agree",
                "同意",
                text_hash=found.text_hash,
                form_key="press",
            )
    found.refresh_from_db()
    assert (
        found.position == 1
        and Act.objects.filter(record=journey.play.record, kind="approval.given").count() == 1
    )


def test_12_two_windows_extend_a_limit_once(bodies: dict[str, Any], tmp_path: Any) -> None:
    from tests.records.rules import adopt

    adopt(bodies, tmp_path)
    journey = case(bodies).go("investigated")
    do(journey, "limit.extended:decision/limit", days="30", reason="复杂", hour=16)
    assert "正在审批中" in refused(
        journey, "limit.extended:decision/limit", days="30", reason="复杂"
    )
    with at(journey.day, 18):
        journey.play.approve()
    assert "只能延长 1 次" in refused(
        journey, "limit.extended:decision/limit", days="30", reason="复杂", hour=19
    )


def test_12_a_source_registered_twice_by_one_form_is_one_case(
    bodies: dict[str, Any], client: Any
) -> None:
    from mingzheng.catalogue.models import Item

    item = Item.objects.get(agency=bodies["wg"], code="jn-82")
    party = parties.company("wg", 4)
    before = Record.objects.filter(kind="penalty").count()
    enter(client, "wg-01")
    with at("2026-04-07"):
        page = client.get("/desk/cases/new/penalty").content.decode()
        key = re.search(r'name="form_key" value="([^"]+)"', page)
        assert key
        values = {
            "procedure": "penalty-ordinary",
            "source": "inspection",
            "item": item.pk,
            "cause": "案由",
            "place": "厂区",
            "conduct_on": "2026-04-07",
            "summary": "情况",
            "happened_at": "2026-04-07T09:00",
            "party_kind": "organisation",
            "party_name": party["name"],
            "identifier": party["identifier"],
            "representative": "某",
            "address": "某地",
            "form_key": key[1],
        }
        answers = [client.post("/desk/cases/new/penalty", values) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302], re.findall(
            r"<span>([^<]+)</span></p>", answers[0].content.decode()
        )
    assert Record.objects.filter(kind="penalty").count() == before + 1


@pytest.mark.parametrize("login", ["lm-01", "wg-05", "lc-justice-01", "wg-14"])
def test_13_no_address_writes_into_a_case_out_of_scope(
    bodies: dict[str, Any], client: Any, login: str
) -> None:
    journey = case(bodies).go("proposed")
    record, found = journey.play.record, Proposal.objects.get(record=journey.play.record)
    enter(client, login)
    acts = Act.objects.count()
    with at(journey.day, 15):
        for address, data in (
            (f"/desk/cases/{record.pk}/do/officer.identified", IDENTIFY),
            (
                f"/desk/proposals/{found.pk}",
                {"decision": "agree", "text_hash": found.text_hash, "form_key": "x"},
            ),
            (f"/desk/cases/{record.pk}/urge", {"words": "快"}),
        ):
            assert client.post(address, data).status_code in (404, 405), address
        for address in (f"/desk/cases/{record.pk}", f"/desk/proposals/{found.pk}"):
            assert client.get(address).status_code == 404, address
    assert Act.objects.count() == acts


def test_13_a_supervisor_reads_and_never_writes(bodies: dict[str, Any], client: Any) -> None:
    journey = case(bodies).go("proposed")
    record, found = journey.play.record, Proposal.objects.get(record=journey.play.record)
    enter(client, "ws-justice-01")
    with at(journey.day, 15):
        assert client.get(f"/desk/cases/{record.pk}").status_code == 200
        answer = client.post(
            f"/desk/proposals/{found.pk}",
            {"decision": "agree", "text_hash": found.text_hash, "form_key": "x"},
        )
        assert answer.status_code in (404, 409)
        assert client.post(f"/desk/cases/{record.pk}/do/case.opened", {}).status_code == 404
    found.refresh_from_db()
    assert found.position == 0


def test_14_a_disabled_account_loses_its_open_session(bodies: dict[str, Any], client: Any) -> None:
    enter(client, "wg-01")
    assert client.get("/desk").status_code == 200
    accounts.disable(
        bodies["wg"], who(bodies["wg"], "袁系"), Account.objects.get(login="wg-01"), "离岗"
    )
    answer = client.get("/desk")
    assert answer.status_code == 302 and answer["Location"].startswith("/login")


def test_16_today_is_the_day_in_china(bodies: dict[str, Any]) -> None:
    with clock.fixed(datetime(2026, 4, 8, 0, 30)):
        assert clock.today() == date(2026, 4, 8)
    journey = case(bodies).go("opened")
    journey.forward(1)
    with at(journey.day, 0, 30):
        journey.play.step("officer.identified", officers=journey.play.officers_ids(), **IDENTIFY)
    act = Act.objects.filter(record=journey.play.record, kind="officer.identified").latest("pk")
    assert clock.local(act.happened_at).date() == journey.day
    assert act.happened_at.astimezone(UTC).date() < journey.day, "同一时刻在 UTC 还是前一天"
    assert [
        past.on
        for past in law.history(journey.play.record).past
        if past.act == "officer.identified"
    ] == [journey.day]


def test_17_seven_workdays_are_not_nine_days() -> None:
    shipped = Calendar.shipped()
    for day in (date(2026, 4, 28), date(2026, 9, 29), date(2026, 2, 12)):
        due = shipped.add(day, 7, "workday").due
        assert due > day + timedelta(days=9)
        assert (
            sum(shipped.is_workday(day + timedelta(days=n)) for n in range(1, (due - day).days + 1))
            == 7
        )


def tickets(client: Any, record: Record, key: str) -> str:
    """The one-time ticket of a form as a browser gets it."""
    found = re.search(
        r'name="ticket" value="([^"]+)"',
        client.get(f"/desk/cases/{record.pk}/do/{key}").content.decode(),
    )
    assert found
    return found[1]


def test_18_a_form_filled_for_one_case_does_not_land_on_another(
    bodies: dict[str, Any], client: Any
) -> None:
    one, other = (
        case(bodies).go("opened"),
        case(bodies, party=parties.company("wg", 5)).go("opened"),
    )
    enter(client, "wg-01")
    with at(one.day, 15):
        ticket = tickets(client, one.play.record, "officer.identified")
        before = Act.objects.filter(record=other.play.record).count()
        values = {
            "ticket": ticket,
            "officers": one.play.officers_ids(),
            "happened_at": f"{one.day}T15:00",
            **IDENTIFY,
        }
        answer = client.post(f"/desk/cases/{other.play.record.pk}/do/officer.identified", values)
        assert (
            answer.status_code == 409
            and "另一件案子" in answer.content.decode()
            and "牛晋川" in answer.content.decode()
        )
        assert Act.objects.filter(record=other.play.record).count() == before
        answer = client.post(f"/desk/cases/{one.play.record.pk}/do/order.issued", values)
        assert answer.status_code == 409
        assert (
            client.post(
                f"/desk/cases/{one.play.record.pk}/do/officer.identified", values
            ).status_code
            == 302
        )


def test_18_a_form_opened_before_the_case_moved_on_says_what_changed(
    bodies: dict[str, Any], client: Any
) -> None:
    journey = case(bodies).go("opened")
    enter(client, "wg-01")
    with at(journey.day, 15):
        ticket = tickets(client, journey.play.record, "officer.identified")
        journey.play.step(
            "officer.identified", by="李四", officers=journey.play.officers_ids(), **IDENTIFY
        )
        values = {
            "ticket": ticket,
            "officers": journey.play.officers_ids(),
            "happened_at": f"{journey.day}T15:00",
            **IDENTIFY,
        }
        answer = client.post(f"/desk/cases/{journey.play.record.pk}/do/officer.identified", values)
    assert answer.status_code == 409
    assert (
        "案件有了新的变化" in answer.content.decode() and "亮明执法身份" in answer.content.decode()
    )
    assert state(journey) == "investigating"


def test_18_a_key_used_on_one_case_does_nothing_on_another(bodies: dict[str, Any]) -> None:
    one, other = (
        case(bodies).go("served"),
        case(bodies, party=parties.company("wg", 5)).go("served"),
    )
    values = form_data(
        {"amount": "5000", "receipt": "P1", "way": "bank", "happened_at": f"{one.day}T17:00"}
    )
    with at(one.day, 17):
        procedure_acts.take_step(
            who(bodies["wg"], "张三"),
            one.play.record.pk,
            "payment.received",
            values,
            form_key="shared",
        )
        words = heard(
            lambda: procedure_acts.take_step(
                who(bodies["wg"], "张三"),
                other.play.record.pk,
                "payment.received",
                values,
                form_key="shared",
            )
        )
    assert "另一件案子" in words
