"""The queue: done at least once, each key once, retried, and dead letters kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from mingzheng.jobs import acts
from mingzheng.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A kind of job that notes what it was given."""
    found: list[int] = []
    monkeypatch.setitem(acts._kinds, "test.note", lambda number: found.append(number))
    return found


def test_a_key_is_asked_for_once(seen: list[int]) -> None:
    for _ in range(3):
        acts.enqueue("test.note", "a", number=7)
    assert acts.drain() == 1 and seen == [7]
    acts.enqueue("test.note", "a", number=8)
    assert acts.drain() == 0, "已办过的同一件事不再办"


def test_work_is_asked_for_in_the_transaction_of_the_act(seen: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        acts.enqueue("test.note", "a", number=7)
        raise ZeroDivisionError
    assert acts.drain() == 0 and not seen


def test_a_failure_waits_longer_each_time_and_ends_as_a_dead_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(**_: Any) -> None:
        raise ValueError("赵某的姓名")

    monkeypatch.setitem(acts._kinds, "test.fail", fail)
    acts.enqueue("test.fail", "a")
    waits = []
    for _ in range(acts.TRIES):
        Job.objects.update(run_after=timezone.now())
        assert acts.work_one()
        found = Job.objects.get()
        waits.append(found.run_after)
    assert found.state == Job.DEAD and found.tries == acts.TRIES
    assert waits == sorted(waits) and "ValueError" in found.error
    assert not acts.work_one()


def test_the_log_of_a_failure_names_no_party(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: Any) -> None:
        raise ValueError("赵某的姓名")

    monkeypatch.setitem(acts._kinds, "test.fail", fail)
    acts.enqueue("test.fail", "a")
    acts.work_one()
    assert "ValueError" in caplog.text and "赵某" not in caplog.text


def test_the_work_of_a_dead_worker_is_taken_over(seen: list[int]) -> None:
    acts.enqueue("test.note", "a", number=7)
    taken = acts.take()
    assert taken is not None and acts.take() is None
    Job.objects.filter(pk=taken.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert acts.drain() == 1 and seen == [7]


def test_the_schedule_asks_once_a_period(monkeypatch: pytest.MonkeyPatch, seen: list[int]) -> None:
    monkeypatch.setattr(acts, "_schedule", [("test.note", timedelta(hours=1))])
    acts.plan()
    acts.plan()
    assert Job.objects.filter(kind="test.note").count() == 1


def test_the_worker_says_that_it_lives() -> None:
    acts.beat("walk")
    found = acts.last_beat("walk")
    assert found is not None and timezone.now() - found < timedelta(seconds=5)
    assert acts.last_beat("nobody") is None
