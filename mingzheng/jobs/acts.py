"""Enqueue and work: leases, retry with backoff, dead letters, a schedule."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from mingzheng.jobs.models import Heartbeat, Job
from mingzheng.records.unit import work

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
TRIES = 6
_kinds: dict[str, Callable[..., object]] = {}
F = TypeVar("F", bound=Callable[..., object])
_schedule: list[tuple[str, timedelta]] = []


def job(kind: str, every: timedelta | None = None) -> Callable[[F], F]:
    """Register the function that does jobs of `kind`; `every` puts it on the schedule."""

    def register(function: F) -> F:
        _kinds[kind] = function
        if every is not None:
            _schedule.append((kind, every))
        return function

    return register


def enqueue(kind: str, key: str, agency_id: int | None = None, **args: Any) -> None:
    """Ask for work in the caller's transaction; the same key is asked for only once."""
    # Queue times are the machine's own: a demo clock must not hold work back.
    Job.objects.get_or_create(
        key=f"{kind}:{key}",
        defaults={"kind": kind, "args": args, "agency_id": agency_id, "run_after": timezone.now()},
    )


def take() -> Job | None:
    """Lease the next job, also one whose worker died; None when there is nothing to do."""
    now = timezone.now()
    ready = Q(state=Job.WAITING, run_after__lte=now) | Q(state=Job.RUNNING, lease_until__lt=now)
    with work():
        found = (
            Job.objects.select_for_update(skip_locked=_skips())
            .filter(ready)
            .order_by("run_after", "pk")
            .first()
        )
        if found is None:
            return None
        found.state, found.lease_until, found.tries = Job.RUNNING, now + LEASE, found.tries + 1
        found.save(update_fields=["state", "lease_until", "tries"])
        return found


def _skips() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


def work_one() -> bool:
    """Do one job; False when the queue is empty."""
    found = take()
    if found is None:
        return False
    try:
        _kinds[found.kind](**found.args)
    except Exception as error:
        _fail(found, error)
    else:
        Job.objects.filter(pk=found.pk).update(state=Job.DONE, lease_until=None, error="")
    return True


def _fail(found: Job, error: Exception) -> None:
    # The text of an error may carry a party's name, so only its type goes to the log.
    log.warning("job %s failed: %s", found.pk, type(error).__name__)
    dead = found.tries >= TRIES
    Job.objects.filter(pk=found.pk).update(
        state=Job.DEAD if dead else Job.WAITING,
        lease_until=None,
        error=f"{type(error).__name__}: {error}"[:1000],
        run_after=timezone.now() + timedelta(seconds=2**found.tries),
    )


def stopped(agency_id: int) -> list[Job]:
    """The jobs of an agency that were given up and wait for a person, oldest first."""
    return list(Job.objects.filter(state=Job.DEAD, agency_id=agency_id).order_by("pk"))


def failed(kind: str, key: str) -> bool:
    """Whether this work was given up and waits for a person."""
    return Job.objects.filter(key=f"{kind}:{key}", state=Job.DEAD).exists()


def again(kind: str = "") -> int:
    """Put what was given up (of one kind, or all) back into the queue, once its cause is mended; how
    many.
    """
    dead = Job.objects.filter(state=Job.DEAD)
    return (dead.filter(kind=kind) if kind else dead).update(
        state=Job.WAITING, tries=0, lease_until=None, run_after=timezone.now()
    )


def drain(limit: int = 100_000) -> int:
    """Work until nothing is ready; used by tests, the demo and commands. Answers how many were
    done.
    """
    done = 0
    while done < limit and work_one():
        done += 1
    return done


def beat(name: str = "worker") -> None:
    """Say that this process lives."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def last_beat(name: str = "worker") -> datetime | None:
    """When the process last said so."""
    found = Heartbeat.objects.filter(name=name).values_list("seen_at", flat=True).first()
    return found


def plan() -> None:
    """Enqueue what the schedule asks for in this period; the key names the period."""
    now = timezone.now().timestamp()
    for kind, every in _schedule:
        enqueue(kind, f"at-{int(now // every.total_seconds())}")


@job("jobs.clear", every=timedelta(days=1))
def clear() -> None:
    """Forget what the schedule asked for and got done; the errands of acts stay."""
    scheduled = {kind for kind, _ in _schedule}
    Job.objects.filter(
        kind__in=scheduled, state=Job.DONE, run_after__lt=timezone.now() - timedelta(days=1)
    ).delete()


def run_forever(stop: Callable[[], bool]) -> None:
    """The worker's loop."""
    while not stop():
        try:
            beat()
            plan()
            while not stop() and work_one():
                beat()
        except OperationalError:
            log.warning("database busy, worker waits")
        time.sleep(0.3)
