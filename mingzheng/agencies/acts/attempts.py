"""How often a sign-in may fail. No act of any record: counting is one UPDATE, so a hundred at once are a hundred."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from mingzheng.agencies import policy
from mingzheng.agencies.models import Attempts


def key(*words: object) -> str:
    """The name under which something is counted."""
    return sha256("\0".join(map(str, words)).encode()).hexdigest()


def take(name: str, limit: int, login: str = "") -> bool:
    """Take one attempt of those that are left; False when there is none. Taken before the password
    is looked at, and given back by `clear` when it was right.
    """
    now = timezone.now()
    old = Q(at__lte=now - _pause())
    Attempts.objects.bulk_create(
        [Attempts(key=name, login=login[:60], failures=0, at=now)], ignore_conflicts=True
    )
    rows = Attempts.objects.filter(key=name).filter(Q(failures__lt=limit) | old)
    return bool(
        rows.update(failures=Case(When(old, then=Value(1)), default=F("failures") + 1), at=now)
    )


def failed(name: str) -> None:
    """Count a failure that was not taken before."""
    take(name, 1 << 30)


def full(name: str, limit: int) -> bool:
    """Whether nothing is left."""
    return Attempts.objects.filter(
        key=name, failures__gte=limit, at__gt=timezone.now() - _pause()
    ).exists()


def give_back(*names: str) -> None:
    """Nothing was looked at, so nothing counts."""
    Attempts.objects.filter(key__in=names, failures__gt=0).update(failures=F("failures") - 1)


def clear(*names: str) -> None:
    """It was right: what failed before does not count any more."""
    Attempts.objects.filter(key__in=names).update(failures=0)


def clear_login(login: str) -> None:
    """The security administrator lifts the lock of a login."""
    Attempts.objects.filter(login=login[:60]).update(failures=0)


def locked(logins: list[str]) -> set[str]:
    """Which of these logins are locked somewhere now."""
    held = Attempts.objects.filter(login__in=logins, at__gt=timezone.now() - _pause())
    least = policy.read("lock")["pair"]
    return set(held.filter(failures__gte=least).values_list("login", flat=True))


def minutes() -> int:
    """How long it takes until it may be tried again."""
    return int(policy.read("lock")["minutes"])


def _pause() -> timedelta:
    return timedelta(minutes=minutes())
