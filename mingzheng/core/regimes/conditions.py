"""Conditions as plain data, answered true, false or unknown: what isn't known never makes false."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """`value` None = unknown. `used`: facts that decided; `unknown`: facts that would decide."""

    value: bool | None
    used: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


YES, NO = Verdict(True), Verdict(False)


class Asked(Protocol):
    """What a condition may ask of the matter at hand."""

    def fact(self, name: str) -> Any: ...
    def part(self, name: str) -> tuple[Any, frozenset[str]]: ...
    def condition(self, id: str) -> Verdict: ...
    def holds(self, act: str) -> Verdict: ...
    def listed(self, list_id: str) -> frozenset[str]: ...


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    held = list(verdicts)
    against = [each for each in held if each.value is False]
    if against:
        return Verdict(False, against[0].used)
    used = frozenset().union(*(each.used for each in held))
    unknown = frozenset().union(*(each.unknown for each in held if each.value is None))
    return Verdict(None if any(each.value is None for each in held) else True, used, unknown)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    return negated(all_of(negated(each) for each in verdicts))


def negated(verdict: Verdict) -> Verdict:
    value = None if verdict.value is None else not verdict.value
    return Verdict(value, verdict.used, verdict.unknown)


def judge(table: Table, asked: Asked) -> Verdict:
    """A table is AND; its keys are facts or one of any, all, not, is, holds."""
    return all_of(_judge_key(key, expected, asked) for key, expected in table.items())


def _judge_key(key: str, expected: Any, asked: Asked) -> Verdict:
    if key == "any":
        return any_of(judge(each, asked) for each in expected)
    if key == "all":
        return all_of(judge(each, asked) for each in expected)
    if key == "not":
        tables = expected if isinstance(expected, list) else [expected]
        return negated(any_of(judge(each, asked) for each in tables))
    if key == "is":
        return _named(expected, asked.condition)
    if key == "holds":
        return _named(expected, asked.holds)
    return _judge_fact(key, expected, asked)


def _named(expected: Any, ask: Callable[[str], Verdict]) -> Verdict:
    if isinstance(expected, Mapping):
        return negated(_named(expected["not"], ask))
    names = expected if isinstance(expected, list) else [expected]
    return any_of(ask(str(name)) for name in names)


def _judge_fact(name: str, expected: Any, asked: Asked) -> Verdict:
    value = asked.fact(name)
    if value is not None:
        return Verdict(_meets(value, expected, asked), frozenset({name}))
    # A sum of which only a part is known may already be over a bound.
    part, waits = asked.part(name)
    if (
        part is not None
        and isinstance(expected, Mapping)
        and set(expected) <= {"over", "at_least"}
        and _meets(part, expected, asked)
    ):
        return Verdict(True, frozenset({name}))
    return Verdict(None, unknown=waits or frozenset({name}))


def _meets(value: Any, expected: Any, asked: Asked) -> bool:
    if isinstance(expected, Mapping):
        return all(_bound(value, word, bound, asked) for word, bound in expected.items())
    wanted = expected if isinstance(expected, list) else [expected]
    held = value if isinstance(value, (list, tuple)) else [value]
    return any(_same(each, want) for each in held for want in wanted)


def _same(value: Any, wanted: Any) -> bool:
    # true == 1 in Python, but a yes-no fact is no number.
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _bound(value: Any, word: str, bound: Any, asked: Asked) -> bool:
    if word == "not":
        return not _meets(value, bound, asked)
    if word == "only":
        held = value if isinstance(value, (list, tuple)) else [value]
        return bool(held) and all(each in bound for each in held)
    if word == "listed":
        held = value if isinstance(value, (list, tuple)) else [value]
        return any(str(each) in asked.listed(str(bound)) for each in held)
    return BOUNDS[word](value, bound)


BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "over": lambda value, bound: value > bound,
    "at_least": lambda value, bound: value >= bound,
    "at_most": lambda value, bound: value <= bound,
    "under": lambda value, bound: value < bound,
}
BOUND_WORDS = (*BOUNDS, "not", "only", "listed")
COMBINERS = ("any", "all", "not", "is", "holds")


def in_force(since: date | None, until: date | None, day: date) -> bool:
    """`until` is the first day no longer in force."""
    return (since is None or since <= day) and (until is None or day < until)
