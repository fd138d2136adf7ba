"""Sessions of an account: begun, looked at, ended elsewhere. Working rows beside the record."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone

from mingzheng.agencies.models import Account, Sitting


def begin(account: Account, key: str, address: str, browser: str) -> Sitting:
    """《网络安全法》第二十一条: a session begins, from where and with which browser."""
    return Sitting.objects.create(
        account=account, key=key, begun_at=timezone.now(), address=address, browser=browser
    )


def open_ones(account: Account) -> list[Sitting]:
    """The sessions that still run, newest first."""
    rows = list(Sitting.objects.filter(account=account, ended_at=None).order_by("-pk")[:100])
    alive = set(
        Session.objects.filter(
            session_key__in=[row.key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    return [row for row in rows if row.key in alive]


def end(rows: list[Sitting], how: str) -> None:
    """《网络安全法》第二十一条: these sessions end now, on whatever machine they run."""
    Session.objects.filter(session_key__in=[row.key for row in rows]).delete()
    Sitting.objects.filter(pk__in=[row.pk for row in rows], ended_at=None).update(
        ended_at=timezone.now(), ended_how=how
    )


def end_all(account: Account, how: str, but: str = "") -> int:
    """《网络安全法》第二十一条: every session but the one at hand."""
    rows = [row for row in open_ones(account) if row.key != but]
    end(rows, how)
    return len(rows)


def left(key: str) -> None:
    """《网络安全法》第二十一条: somebody signed out."""
    Sitting.objects.filter(key=key, ended_at=None).update(ended_at=timezone.now(), ended_how="out")
