"""8, 10, 11, 12 for visits, licences, seizures, registrations: recused people, deductions, dates,
second presses.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Certificate, Exclusion, Person
from mingzheng.cases.acts import handover, store
from mingzheng.cases.acts.inspection import scan
from mingzheng.cases.models import Licence, Property, Stocktake, Visit
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act, Duty, Record
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.play import at, form_data, person_id, who
from mingzheng.site.demo.registering import Registering, couple
from tests.bypasses.test_05_to_09_records_and_people import enter
from tests.cases.licensing import licence
from tests.cases.telling import case, duties, heard
from tests.cases.test_coercion import answers, approved, clip, seized
from tests.cases.test_inspection import tour

TOLD = {
    "manner": "direct",
    "place": "厂区",
    "receiver": "负责人",
    "relation": "legal-representative",
}


def recuse(play: Any, day: date, name: str) -> None:
    """The head decides that somebody withdraws from the matter."""
    values = {"person": person_id(play.body, name), "asked_by": "party", "reason": "亲属"}
    with at(day, 17):
        play.step("recusal.requested", **values)
        play.step("officer.recused", **values)
        play.approve()


@pytest.mark.parametrize("kind", ["visit", "licence", "seizure"])
def test_8_a_recused_officer_is_out_of_every_kind_of_matter_and_its_register(
    bodies: dict[str, Agency], client: Any, kind: str
) -> None:
    history: Any = {
        "visit": lambda: tour(bodies).go("approved"),
        "licence": lambda: licence(bodies).go("accepted"),
        "seizure": lambda: seized(bodies),
    }[kind]()
    record = history.play.record
    recuse(history.play, history.day, "李四")
    assert Exclusion.objects.filter(record=record, person__name="李四").exists()
    enter(client, "wg-02")
    with at(history.day, 18):
        assert not access.visible(who(bodies["wg"], "李四")).filter(pk=record.pk).exists()
        for address in (
            f"/desk/cases/{record.pk}",
            f"/desk/documents/{record.documents.earliest('pk').pk}",
        ):
            assert client.get(address).status_code == 404, address
        for address in ("/desk", "/desk/cases", "/desk/cases?export=xlsx", "/desk/property"):
            assert record.title not in body_of(client.get(address)), address
        for thing in Property.objects.filter(record=record):
            assert thing.number not in body_of(client.get("/desk/property"))


def body_of(answer: Any) -> str:
    """What a page says; a sheet's bytes are unpacked first."""
    if getattr(answer, "streaming", False):
        from io import BytesIO

        from openpyxl import load_workbook

        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
        return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    return str(answer.content.decode())


def offered(bodies: dict[str, Agency], journey: Any) -> Any:
    """张三's case is offered to 郭砚青."""
    giver, taker = (
        Person.objects.get(pk=person_id(bodies["wg"], name)) for name in ("张三", "郭砚青")
    )
    with at(journey.day, 15):
        return handover.offer(
            who(bodies["wg"], "秦望舒"), giver, taker, [journey.play.record.pk], "调离"
        )[0]


def test_8_somebody_recused_after_the_offer_does_not_take_the_case_over(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("investigated")
    row = offered(bodies, journey)
    both = [person_id(bodies["wg"], name) for name in ("张三", "郭砚青")]
    with at(journey.day, 16):
        journey.play.step("case.reassigned", by="秦望舒", officers=both, reason="共同承办")
    recuse(journey.play, journey.day, "郭砚青")
    with at(journey.day, 18):
        assert "回避" in heard(lambda: handover.answer(who(bodies["wg"], "郭砚青"), row.pk, True))
    assert not journey.play.record.handlers.filter(person__name="郭砚青", until=None).exists()


def test_26_a_certificate_that_ended_after_the_offer_does_not_take_the_case_over(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("opened")
    row = offered(bodies, journey)
    Certificate.objects.filter(person__name="郭砚青").update(until=journey.day)
    with at(journey.day + timedelta(days=1), 9):
        assert "执法证件" in heard(
            lambda: handover.answer(who(bodies["wg"], "郭砚青"), row.pk, True)
        )


def test_10_two_tests_at_once_never_stretch_a_seizure_by_their_sum(
    bodies: dict[str, Agency],
) -> None:
    """Begun on two days, ended on two days: no more than from the first day to the last is
    added.
    """
    journey = seized(bodies)
    first = duties(journey, "seizure/limit")[0].light_due
    assert first is not None
    began = journey.forward(1)
    for wait, key, values in (
        (0, "testing.commissioned", {"laboratory": "甲中心", "items": "能效检测"}),
        (2, "testing.commissioned", {"laboratory": "乙中心", "items": "材质检测"}),
        (3, "testing.reported", {"number": "J1", "conclusion": "合格"}),
        (2, "testing.reported", {"number": "J2", "conclusion": "合格"}),
    ):
        with at(journey.forward(wait), 9):
            told = (
                {"told_on": journey.day}
                if key == "testing.commissioned"
                else {"files": journey.play.picture()}
            )
            journey.play.step(key, **told, **values)
    limit = duties(journey, "seizure/limit")[0]
    assert (
        limit.light_due is not None
        and limit.paused_since is None
        and len(limit.how["suspensions"]) == 1
    )
    assert timedelta(0) < limit.light_due - first <= journey.day - began + timedelta(days=1)


def test_10_a_licence_is_extended_by_what_was_excluded_once(bodies: dict[str, Agency]) -> None:
    lic = licence(bodies).go("accepted")
    before = Duty.objects.get(record=lic.play.record, rule="XK42/decide").due
    lic.experts()
    duty = Duty.objects.get(record=lic.play.record, rule="XK42/decide")
    assert before is not None and duty.due is not None
    with at(lic.day, 17):
        assert heard(
            lambda: lic.play.step("testing.reported:expert-review", number="2", conclusion="再评")
        )
    assert Duty.objects.get(pk=duty.pk).due == duty.due


@pytest.mark.parametrize("late", ["", "because"])
def test_11_an_arrival_is_not_dated_back_to_before_its_notice(
    bodies: dict[str, Agency], late: str
) -> None:
    trip = tour(bodies).go("noticed")
    with at(trip.planned, 9):
        trip.identify()
        words = heard(
            lambda: trip.play.step(
                "inspection.started",
                officers=trip.play.officers_ids(),
                place="厂区",
                received_by="负责人",
                happened_at=f"{trip.began}T08:00",
                late_reason=late,
            )
        )
    assert "补录原因" in words


def test_11_a_paper_does_not_carry_a_seizure_back_before_its_approval(
    bodies: dict[str, Agency],
) -> None:
    journey = approved(bodies)
    clip(journey)
    values = answers(
        journey, happened_at=f"{journey.day - timedelta(days=1)}T09:00", late_reason="paper"
    )
    with at(journey.day, 16):
        assert heard(
            lambda: journey.play.step("property.seized", files=journey.play.picture(), **values)
        )
    assert not Property.objects.filter(record=journey.play.record).exists()


def test_11_a_certificate_of_a_licence_does_not_end_before_it_begins(
    bodies: dict[str, Agency],
) -> None:
    lic = licence(bodies).go("served")
    with at(lic.day, 16):
        assert heard(
            lambda: lic.play.step(
                "certificate.issued",
                number="X1",
                receiver=lic.name,
                since="2026-09-01",
                until="2026-08-01",
            )
        )
    assert not Licence.objects.filter(record=lic.play.record).exists()


def press(
    agency: Agency, name: str, record: Record, key: str, values: dict[str, Any], times: int = 2
) -> list[Any]:
    """The same form of a step, pressed several times."""
    return [
        procedure_acts.take_step(
            who(agency, name),
            record.pk,
            key,
            form_data(values),
            form_key=f"press-{record.pk}-{key}",
        )
        for _ in range(times)
    ]


def test_12_a_certificate_is_issued_once_however_often_the_button_is_pressed(
    bodies: dict[str, Agency],
) -> None:
    lic = licence(bodies).go("served")
    with at(lic.day, 16):
        first, second = press(
            bodies["wg"],
            "张三",
            lic.play.record,
            "certificate.issued",
            {"number": "X1", "receiver": lic.name, "happened_at": f"{lic.day}T16:00"},
        )
    assert second.repeated and Licence.objects.filter(record=lic.play.record).count() == 1


def test_12_a_seizure_pressed_twice_enters_the_store_once(bodies: dict[str, Agency]) -> None:
    journey = approved(bodies)
    clip(journey)
    with at(journey.day, 16):
        _, second = press(
            bodies["wg"],
            "张三",
            journey.play.record,
            "property.seized",
            {**answers(journey), "happened_at": f"{journey.day}T16:00"},
        )
    assert second.repeated and Property.objects.filter(record=journey.play.record).count() == 2
    assert len(duties(journey, "seizure/limit")) == 1


def test_12_an_opening_of_any_kind_pressed_twice_is_one_matter(bodies: dict[str, Agency]) -> None:
    from mingzheng.procedures import registry

    before = Record.objects.count()
    lic: Licensing = licence(bodies).go("received")
    pair = Registering(bodies["lm"], couple(1), "marriage-registration", lic.day).go("received")
    trip = tour(bodies).go("planned")
    assert Record.objects.count() == before + 3
    for history, code in ((lic, "licence"), (pair, "registration"), (trip, "inspection")):
        asked = next(each for each in registry.openings() if each.code == code)
        key = Act.objects.filter(record=history.play.record).earliest("pk")
        assert key.record_id == history.play.record.pk and asked.kind == history.play.record.kind
    with at(trip.day, 11):
        assert "已经安排过" in heard(lambda: trip.planned_now(not_duplicate="on"))


def test_12_the_home_presses_its_button_twice(bodies: dict[str, Agency], client: Any) -> None:
    trip = tour(bodies).go("started")
    visit = Visit.objects.get(record=trip.play.record)
    with at(trip.day, 10):
        statuses = [client.post(f"/q/{visit.code}/here").status_code for _ in range(2)]
    assert statuses == [302, 409]
    assert Act.objects.filter(record=trip.play.record, kind="visit.scanned").count() == 1
    with at(trip.day, 10, 5), pytest.raises(Refused), transaction.atomic():
        scan(visit)


def test_12_a_count_sent_twice_is_one_count(bodies: dict[str, Agency]) -> None:
    journey = seized(bodies)
    keeper = who(bodies["wg"], "郝档")
    seen = {row.pk: (True, "") for row in Property.objects.filter(record=journey.play.record)}
    with at(journey.day, 18):
        assert (
            store.count(keeper, "一号库", seen, "once").pk
            == store.count(keeper, "一号库", seen, "once").pk
        )
    assert Stocktake.objects.count() == 1


def test_12_a_release_is_approved_once(bodies: dict[str, Agency]) -> None:
    journey = seized(bodies)
    ids = list(Property.objects.filter(record=journey.play.record).values_list("pk", flat=True))
    said = {
        "things": ids,
        "how": "transferred",
        "receiver": "财政局（示例）",
        "witnesses": "",
        "basis": "节约能源法",
        "note": "没收",
    }
    with at(journey.forward(1), 9):
        journey.play.step("seizure.handled", **said)
        assert "正在审批中" in heard(lambda: journey.play.step("seizure.handled", **said))
        journey.play.approve()
        assert heard(lambda: journey.play.step("seizure.handled", **said))
    assert Proposal.objects.filter(record=journey.play.record, step="seizure.handled").count() == 1
