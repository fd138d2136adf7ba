"""12: two connections press at the same moment; one acts, the other is told so. Run on PostgreSQL,
where rows really wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections

from mingzheng.agencies.models import Agency
from mingzheng.cases.acts.inspection import scan
from mingzheng.cases.models import Licence, Property, Visit
from mingzheng.core import clock
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures.models import Proposal
from mingzheng.records.models import Act, Duty, Record
from mingzheng.records.refusal import Refused
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at, form_data, who
from tests.cases.licensing import licence
from tests.cases.telling import duties
from tests.cases.test_coercion import answers, approved, clip, seized
from tests.cases.test_inspection import tour

pytestmark = pytest.mark.sql


@pytest.fixture
def founded(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Agency]]:
    """The cast in a copy of the test database: what is committed here cannot be rolled back, nor
    deleted.
    """
    assert connection.vendor == "postgresql"
    name, copy = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_copy"
    with django_db_blocker.unblock():
        connections.close_all()
        server(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        connection.settings_dict["NAME"] = copy
        try:
            yield {body.code: body for body in Agency.objects.all()}
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = name
            server(f'DROP DATABASE "{copy}" WITH (FORCE)')


def server(statement: str) -> None:
    """One statement beside the database of the tests."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def together(*acts: Callable[[], Any]) -> list[str]:
    """What each of the acts came to, started at the same moment, each on a connection of its
    own.
    """
    barrier, said = threading.Barrier(len(acts)), ["?"] * len(acts)
    moment = clock.now()

    def run(index: int) -> None:
        barrier.wait()
        try:
            with clock.fixed(moment):
                done = acts[index]()
            said[index] = "repeated" if getattr(done, "repeated", False) else "done"
        except Refused as refusal:
            said[index] = f"refused：{refusal}"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(said)


def step(
    agency: Agency, record: Record, key: str, form_key: str, **values: Any
) -> Callable[[], Any]:
    """A press of the button of a step."""
    said = {"happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"), **values}
    return lambda: procedure_acts.take_step(
        who(agency, "张三"), record.pk, key, form_data(said), form_key=form_key
    )


def test_12_one_form_sent_twice_at_once_acts_once(founded: dict[str, Agency]) -> None:
    lic = licence(founded).go("served")
    with at(lic.day, 16):
        press = step(
            founded["wg"],
            lic.play.record,
            "certificate.issued",
            "same",
            number="X1",
            receiver=lic.name,
        )
        said = together(press, press)
    assert said == ["done", "repeated"]
    assert Licence.objects.filter(record=lic.play.record).count() == 1


def test_12_one_seizure_sent_twice_at_once_enters_the_store_once(
    founded: dict[str, Agency],
) -> None:
    journey = approved(founded)
    clip(journey)
    with at(journey.day, 16):
        values = answers(journey)
        said = together(
            *(
                step(founded["wg"], journey.play.record, "property.seized", "same", **values)
                for _ in range(2)
            )
        )
    assert said == ["done", "repeated"]
    assert (
        Property.objects.filter(record=journey.play.record).count() == 2
        and len(duties(journey, "seizure/limit")) == 1
    )


def test_12_two_windows_for_the_same_certificate_issue_one(founded: dict[str, Agency]) -> None:
    lic = licence(founded).go("served")
    with at(lic.day, 16):
        said = together(
            *(
                step(
                    founded["wg"],
                    lic.play.record,
                    "certificate.issued",
                    key,
                    number=key,
                    receiver=lic.name,
                )
                for key in ("X1", "X2")
            )
        )
    assert said[0] == "done" and "已经办过了" in said[1], said
    assert Licence.objects.filter(record=lic.play.record).count() == 1


def test_12_two_last_signatures_extend_a_seizure_once(founded: dict[str, Agency]) -> None:
    journey = seized(founded)
    first = duties(journey, "seizure/limit")[0].due
    assert first is not None
    with at(journey.forward(3), 9):
        journey.play.step(
            "limit.extended:seizure/limit", days=30, told_on=journey.day, reason="案情复杂"
        )
        found = Proposal.objects.get(record=journey.play.record, state=Proposal.OPEN)
        name = journey.play.approver(found)
        agree = [
            lambda key=key: procedure_acts.answer(
                who(founded["wg"], name),
                found.pk,
                "agree",
                "同意",
                text_hash=found.text_hash,
                form_key=key,
            )
            for key in ("one", "two")
        ]
        said = together(*agree)
    assert said[0] == "done" and said[1].startswith("refused"), said
    assert Act.objects.filter(record=journey.play.record, kind="limit.extended").count() == 1
    due = Duty.objects.get(pk=duties(journey, "seizure/limit")[0].pk).due
    assert due is not None and (due - first).days <= 30 + 8


def test_12_two_telephones_confirm_one_arrival(founded: dict[str, Agency]) -> None:
    from django.db import transaction

    trip = tour(founded).go("started")
    visit = Visit.objects.get(record=trip.play.record)

    def press() -> Any:
        with transaction.atomic():
            return scan(visit)

    with at(trip.day, 10):
        said = together(press, press)
    assert said[0] == "done" and "已经确认过" in said[1], said
    assert Act.objects.filter(record=trip.play.record, kind="visit.scanned").count() == 1
    assert list(verify_all()) == []
