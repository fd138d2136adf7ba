"""Whether two rules can ever meet: on the same act, the same day, the same facts."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from mingzheng.core.regimes.shapes import Rule
from mingzheng.core.regimes.standing import slots_meet

Table = Mapping[str, Any]
MANY = ("choices", "texts", "acts")


def can_meet(one: Rule, other: Rule, types: Mapping[str, str]) -> bool:
    """False only where it is certain that both never apply together. types: fact id → type."""
    return (
        slots_meet(one, other)
        and _acts_meet(one, other)
        and _days_meet(one, other)
        and not _other_reading(one, other)
        and not disjoint(one.when, other.when, types)
    )


def _acts_meet(one: Rule, other: Rule) -> bool:
    return any(
        a.act == b.act and (not a.of or not b.of or a.of == b.of)
        for a in one.refs("after")
        for b in other.refs("after")
    )


def _days_meet(one: Rule, other: Rule) -> bool:
    return (one.since or date.min) < (other.until or date.max) and (other.since or date.min) < (
        one.until or date.max
    )


def _other_reading(one: Rule, other: Rule) -> bool:
    a, b = one.body.get("if_read"), other.body.get("if_read")
    return (
        isinstance(a, Mapping)
        and isinstance(b, Mapping)
        and a.get("at") == b.get("at")
        and a.get("is") != b.get("is")
    )


def disjoint(one: Table, other: Table, types: Mapping[str, str]) -> bool:
    """Whether two conditions exclude each other, as far as their words alone can tell."""
    return all(_clash(a, b, types) for a in _branches(one) for b in _branches(other))


def _branches(table: Table) -> Iterator[Table]:
    """The alternatives of a condition, each one plain table; `all` is folded in where it can be."""
    flat: dict[str, Any] = {key: value for key, value in table.items() if key not in ("any", "all")}
    for part in table.get("all", []):
        flat = {**part, **flat}
    for each in table.get("any") or [{}]:
        for inner in _branches(each) if "any" in each else [each]:
            merged = {**inner, **flat}
            # A fact asked both inside and outside: the narrower answer can't be told, keep both.
            both = {f"{key} ": inner[key] for key in inner if key in flat}
            yield {**merged, **both}


def _clash(one: Table, other: Table, types: Mapping[str, str]) -> bool:
    for key, a in one.items():
        for name, b in other.items():
            if (
                key.strip() == name.strip()
                and key.strip() != "not"
                and _values_clash(a, b, types.get(key.strip(), "") in MANY)
            ):
                return True
    return _denied(one.get("not"), other) or _denied(other.get("not"), one)


def _denied(denial: object, table: Table) -> bool:
    """not = { k = v } against k = v: every key of the denied table is met by the other."""
    if not isinstance(denial, Mapping) or not denial:
        return False
    return all(key in table and _within(table[key], value) for key, value in denial.items())


def _within(value: Any, wider: Any) -> bool:
    if isinstance(value, Mapping) or isinstance(wider, Mapping):
        return bool(value == wider)
    return set(_many(value)) <= set(_many(wider))


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _values_clash(a: Any, b: Any, many: bool) -> bool:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return not many and _bounds_clash(a, b)
    if isinstance(b, Mapping):
        a, b = b, a
    if isinstance(a, Mapping):
        if set(a) == {"not"}:
            return _within(b, a["not"]) and not isinstance(a["not"], Mapping)
        return not many and all(_outside(each, a) for each in _many(b))
    return not many and not set(_many(a)) & set(_many(b))


def _outside(value: Any, bounds: Mapping[str, Any]) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    low, high = _interval(bounds)
    return (
        value < low[0]
        or value > high[0]
        or (value == low[0] and low[1])
        or (value == high[0] and high[1])
    )


def _interval(bounds: Mapping[str, Any]) -> tuple[tuple[float, bool], tuple[float, bool]]:
    """((low, excluded), (high, excluded)) of numeric bounds."""
    low, high = (float("-inf"), False), (float("inf"), False)
    for word, bound in bounds.items():
        if isinstance(bound, bool) or not isinstance(bound, (int, float)):
            continue
        if word in ("over", "at_least"):
            low = max(low, (float(bound), word == "over"))
        if word in ("under", "at_most"):
            high = min(high, (float(bound), word == "under"))
    return low, high


def _bounds_clash(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    (low_a, high_a), (low_b, high_b) = _interval(a), _interval(b)
    for low, high in ((low_a, high_b), (low_b, high_a)):
        if low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])):
            return True
    return False
