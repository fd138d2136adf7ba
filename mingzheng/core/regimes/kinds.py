"""In which kinds of matter a condition can hold, and in which it surely does, by what it says of
`kind` alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mingzheng.core.regimes.mentions import COMBINED
from mingzheng.core.regimes.shapes import texts

Kinds = frozenset[str]


def possible(table: Mapping[str, Any], every: Kinds) -> Kinds:
    """The kinds of matter in which a condition may hold."""
    return every.intersection(*(_possible(key, value, every) for key, value in table.items()))


def certain(table: Mapping[str, Any], every: Kinds) -> Kinds:
    """The kinds of matter in which a condition holds whatever else is known."""
    return every.intersection(*(_certain(key, value, every) for key, value in table.items()))


def named(table: Mapping[str, Any]) -> Kinds:
    """The kinds of matter that a condition names and does not only leave out."""
    found = set[str]()
    for key, value in table.items():
        if key in ("any", "all"):
            found = found.union(*(named(each) for each in tables(value)))
        elif key == "kind" and not isinstance(value, Mapping):
            found.update(texts(value))
    return frozenset(found)


def _possible(key: str, value: Any, every: Kinds) -> Kinds:
    if key == "any":
        return _union(possible(each, every) for each in tables(value))
    if key == "all":
        return every.intersection(*(possible(each, every) for each in tables(value)))
    if key == "not":
        return every - _union(certain(each, every) for each in tables(value))
    held = _named(value, every) if key == "kind" else None
    return every if held is None else held


def _certain(key: str, value: Any, every: Kinds) -> Kinds:
    if key == "any":
        return _union(certain(each, every) for each in tables(value))
    if key == "all":
        return every.intersection(*(certain(each, every) for each in tables(value)))
    if key == "not":
        return every - _union(possible(each, every) for each in tables(value))
    held = _named(value, every) if key == "kind" else None
    return held or frozenset()


def _named(value: Any, every: Kinds) -> Kinds | None:
    """The kinds that a comparison names; None where another list decides."""
    if not isinstance(value, Mapping):
        return every.intersection(texts(value))
    if not set(value) <= {"not", "only"}:
        return None
    return every.intersection(
        *(
            every - set(texts(each)) if word == "not" else texts(each)
            for word, each in value.items()
        )
    )


def tables(value: Any) -> list[Mapping[str, Any]]:
    """What stands under `any`, `all` or `not`: one condition or several."""
    return list(value) if isinstance(value, list) else [value]


def leaves(table: Mapping[str, Any], kinds: Kinds) -> Iterator[tuple[str, Any, Kinds]]:
    """Every comparison in a condition, with the kinds of matter in which it decides anything; no
    kinds where the parts around it exclude each other.
    """
    here = possible(table, kinds)
    for key, value in table.items():
        if key in COMBINED:
            # What is left out is asked wherever the rest of the table may hold.
            rest = {name: each for name, each in table.items() if name != "not"}
            within = possible(rest, kinds) if key == "not" else here
            for each in tables(value):
                yield from leaves(each, within)
        else:
            yield key, value, here


def _union(each: Iterable[Kinds]) -> Kinds:
    return frozenset().union(*each)
