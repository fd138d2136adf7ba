"""Waiting for a thing, with a deadline, and never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

Thing = TypeVar("Thing")


def until(
    come: Callable[[], Thing],
    seconds: float = 60,
    *,
    pause: Callable[[float], object] = time.sleep,
    every: float = 0.05,
) -> Thing:
    """What `come` answers as soon as it answers something, and its last answer when the time is
    over. A page waits with its own `pause`, so that its events go on.
    """
    end = time.monotonic() + seconds
    while not (thing := come()) and time.monotonic() < end:
        pause(every)
    return thing


def browsers(page: Any) -> Callable[[float], object]:
    """The pause of a browser's page."""
    return lambda seconds: page.wait_for_timeout(seconds * 1000)


def answered(ask: Callable[[], Thing], seconds: float = 60, every: float = 0.1) -> Thing | None:
    """What `ask` answers once it no longer fails to connect; None when it never does."""

    def once() -> Thing | None:
        try:
            return ask()
        except OSError:
            return None

    return until(once, seconds, every=every)
