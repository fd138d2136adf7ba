"""Which doors of the product a test went through: a request, a command, a browser.

Counted while the test runs, its fixtures included, so that nobody has to say it: a test marked
`@clause` that knocked nowhere fails.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What runs a command of the product, or the verifier that is handed to strangers.
COMMANDS = ("mingzheng", "run.py", "mingzheng_verify.py")

_came: Counter[str] = Counter()


def came(door: str) -> None:
    """Somebody went through a door."""
    _came[door] += 1


def count() -> int:
    """How often, in all tests of this process."""
    return _came.total()


def fault(name: str, marked: bool, before: int) -> str:
    """What is wrong with a test's mark, empty when nothing is."""
    if marked and count() == before:
        return (
            f"{name} carries @clause and made no request, ran no command and opened no browser:"
            " what it shows is a @rule."
        )
    return ""


def watch() -> None:
    """From now on every door is watched."""
    from django.core.signals import request_started

    from mingzheng.site import command_line

    request_started.connect(_requested, weak=False, dispatch_uid="tests.scenes.doors")
    command_line.main = _counted(command_line.main)
    sys.addaudithook(_audited)


def _requested(**_: Any) -> None:
    came("request")


def _counted(run: Callable[[list[str]], int]) -> Callable[[list[str]], int]:
    def main(arguments: list[str]) -> int:
        came("command")
        return run(arguments)

    return main


def _audited(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "subprocess.Popen":
        return
    words = arguments[1]
    words = [words] if isinstance(words, (str, bytes)) else words
    if any(Path(str(word)).name in COMMANDS for word in words):
        came("command")
