"""One injection, and the sweep over an operation's calls.

The calls of the undisturbed operation are counted first; then it is done again and again on
fresh copies, each time with one call disturbed. Whatever is left must be one of the states that
the undisturbed operation commits, none older than what was acknowledged.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import DatabaseError
from typing import Any

from django.db import connection

from mingzheng.site.demo.play import at
from tests.crashing import strace
from tests.crashing.forking import Child, Line, ask, fork
from tests.crashing.installation import (
    BASE,
    Print,
    committed,
    copy,
    differing,
    enter,
    fingerprint,
    verify,
)
from tests.crashing.operations import READY, Operation, Scene, time_passes
from tests.crashing.power import Disk


@dataclass
class Tally:
    """What came of all injections of one mode."""

    injections: int = 0
    acknowledged: int = 0
    missed: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def note(self, call: strace.Call, said: list[str], faults: list[tuple[str, str]]) -> None:
        """One injection was looked at."""
        self.injections += 1
        self.acknowledged += len(said)
        self.faults.update({sort for sort, _ in faults})
        self.examples += [f"{call.name}#{call.number}: {sort}: {text}" for sort, text in faults][
            : max(0, 20 - len(self.examples))
        ]


class Breaking:
    """An operation on its prepared installation: what it does undisturbed, and what is left when
    it is disturbed.
    """

    mutant: Callable[[], None] | None = None
    waited = False

    def __init__(self, operation: Operation, founded: Path, place: Path) -> None:
        self.operation, self.place = operation, place / operation.name
        self.prepared, self.copied, self.log = (
            self.place / "prepared",
            self.place / "copy",
            self.place / "calls",
        )
        copy(founded, self.prepared)
        self.scene: Scene = ask(self._tell)
        first, self.acks = self._undisturbed()
        second, _ = self._undisturbed()
        self.loose = operation.unfixed | {
            name
            for one, two in zip(first, second, strict=True)
            for name in differing(one, two, frozenset())
        }
        self.stages = first

    def _tell(self) -> Scene:
        enter(self.prepared)
        scene = self.operation.history()
        connection.close()
        return scene

    def _undisturbed(self) -> tuple[list[Print], dict[str, int]]:
        copy(self.prepared, self.copied)
        stages, acks = ask(self._stages)
        return stages, acks

    def _stages(self) -> tuple[list[Print], dict[str, int]]:
        """Every state that the operation commits, in order, and at which of them each
        acknowledgement is given.
        """
        enter(self.copied)
        stages: list[Print] = []
        acks: dict[str, int] = {}

        def look() -> None:
            seen = fingerprint(self.copied / BASE)
            if not stages or differing(stages[-1], seen, self.operation.unfixed):
                stages.append(seen)

        with at(self.scene["day"], 17):
            for word in self.operation.run(self.scene):
                if word == READY:
                    look()
                    watching = committed(look)
                    watching.__enter__()
                else:
                    acks[word] = len(stages) - 1
        watching.__exit__(None, None, None)
        return stages, acks

    def count(self) -> list[tuple[strace.Call, dict[str, int]]]:
        """Every call that changes something of the installation, with how many of each name came
        before it.
        """
        child, tracer = self._start(threads=True)
        said = child.rest()
        tracer.wait()
        assert self.operation.last in said, said
        found, before = [], Counter[str]()
        for call in strace.calls(self.log):
            if call.touches(self.copied) and call.happened:
                assert call.thread == child.pid, f"another thread changes the disk: {call}"
                found.append((call, dict(before)))
            if call.thread == child.pid:
                before[call.name] += 1
        return found

    def _start(
        self, *injections: str, threads: bool = False, stays: bool = False
    ) -> tuple[Child, Any]:
        copy(self.prepared, self.copied)
        child = fork(lambda line: self._work(line, 1 + stays))
        assert child.line.hear() == READY
        tracer = strace.attach(child.pid, self.log, *injections, threads=threads)
        child.line.say("go")
        return child, tracer

    def _work(self, line: Line, tries: int) -> None:
        enter(self.copied)
        if self.mutant:
            self.mutant()
        with at(self.scene["day"], 17):
            while tries:
                tries -= 1
                try:
                    self._do(line)
                    return
                except Exception as error:
                    line.say({"failed": type(error).__name__})
                    # The server goes on after an error: it lets go of its connection.
                    connection.close()
                    if tries:
                        time_passes()

    def _do(self, line: Line) -> None:
        for word in self.operation.run(self.scene):
            line.say(word)
            # Only the first time: whoever is asked again by the same process is not held up.
            if word == READY and not self.waited:
                self.waited = True
                line.hear()
        connection.close()

    def inject(
        self, call: strace.Call, before: dict[str, int], mode: str
    ) -> tuple[list[str], list[tuple[str, str]]] | None:
        """What was acknowledged, and (sort, sentence) of every fault; None when the call did not
        come.
        """
        child, tracer = self._start(*strace.injections(call, before, mode), stays=mode == "stay")
        # An error is said too (as an object), but it acknowledges nothing.
        said = [each for each in child.rest() if isinstance(each, str) and each != READY]
        tracer.wait()
        text = self.log.read_text(errors="replace")
        if "killed by SIGKILL" not in text and "(INJECTED)" not in text:
            return None
        if mode == "power":
            Disk(self.copied, self.prepared).follow(strace.calls(self.log)).fails()
        stuck = (
            [("again", "同一个进程不能再办一次")]
            if mode == "stay" and self.operation.last not in said
            else []
        )
        return said, stuck + ask(lambda: list(self._look(said)))

    def _look(self, said: list[str]) -> Iterator[tuple[str, str]]:
        """A new process finds the installation as it was left, then does the operation again to
        its end.
        """
        enter(self.copied)
        with at(self.scene["day"], 17):
            try:
                yield from self._state(said)
            except DatabaseError as error:
                yield "half", f"数据库读不出：{error}"
                return
            try:
                yield from self._again()
            except Exception as error:
                yield "again", f"不能再办一次：{type(error).__name__} {error}"

    def _again(self) -> Iterator[tuple[str, str]]:
        time_passes()
        heard = list(self.operation.run(self.scene))
        unlike = differing(self.stages[-1], fingerprint(self.copied / BASE), self.loose)
        if heard[-1] != self.operation.last or unlike:
            yield "again", f"再办一次，结果不同：{unlike[:4]}"
        yield from self._sound(heard)

    def _state(self, said: list[str]) -> Iterator[tuple[str, str]]:
        found = fingerprint(self.copied / BASE)
        reached = [
            number
            for number, stage in enumerate(self.stages)
            if not differing(stage, found, self.loose)
        ]
        if not reached:
            nearest = min((differing(stage, found, self.loose) for stage in self.stages), key=len)
            yield "half", f"不是任何一个完整的状态：{nearest[:4]}"
        elif max(reached) < max((self.acks[word] for word in said if word in self.acks), default=0):
            yield "lost", f"已经确认的不见了：{said}"
        yield from self._sound(said)

    def _sound(self, said: list[str]) -> Iterator[tuple[str, str]]:
        for sentence in verify():
            yield "verify", sentence
        for sentence in self.operation.files(self.copied, said):
            yield "lost", sentence


def spread(calls: list[Any], wanted: int) -> list[Any]:
    """So many of them, evenly, with the first and the last."""
    return [calls[round(each * (len(calls) - 1) / (wanted - 1))] for each in range(wanted)]


def sweep(breaking: Breaking, modes: list[str], where: str) -> dict[str, Any]:
    """Inject and answer the figures. `where`: `all` calls in every mode; a number: so many calls,
    the modes in turn; or names of calls.
    """
    began, tallies, calls = time.monotonic(), {mode: Tally() for mode in modes}, breaking.count()
    chosen = (
        calls
        if where == "all"
        else (
            spread(calls, int(where))
            if where.isdigit()
            else [each for each in calls if each[0].name in where.split("+")]
        )
    )
    for number, (call, before) in enumerate(chosen):
        for mode in [modes[number % len(modes)]] if where.isdigit() else modes:
            came = breaking.inject(call, before, mode)
            if came is None:
                tallies[mode].missed += 1
            else:
                tallies[mode].note(call, *came)
    return {
        "operation": breaking.operation.name,
        "calls": dict(Counter(call.name for call, _ in calls)),
        "stages": len(breaking.stages),
        "seconds": round(time.monotonic() - began),
        "modes": {mode: vars(tally) for mode, tally in tallies.items()},
    }
