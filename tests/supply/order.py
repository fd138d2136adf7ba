"""What surely comes before what in each table of steps, whatever its rules ask."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from tests.supply.matters import matters
from tests.supply.product import ANY, keyword, product

Way = tuple[str, str]  # an act and what it is about


def tables(done: Mapping[str, Mapping[str, Set[str]]]) -> dict[str, dict[str, Any]]:
    """Table → its kind, and act → the acts that only come after it; under "" those that none must
    precede. Tables that say the same are said once.
    """
    from mingzheng.procedures import registry

    product()
    found: dict[str, dict[str, Any]] = {}
    for procedure in registry.procedures():
        said = {"kind": procedure.kind, **_order(procedure, done)}
        if said not in found.values():
            found[procedure.code] = said
    return found


def _order(procedure: Any, done: Mapping[str, Mapping[str, Set[str]]]) -> dict[str, list[str]]:
    from tests.supply import qualifiers

    verbs = product().verbs
    rows = [
        (step, {(step.act, of) for of in qualifiers(verbs[step.verb_key].form, step.of, product())})
        for step in procedure.steps
    ]
    apart = _apart(procedure, done)
    starts = {procedure.start, *_jumps()} & {state.code for state in procedure.states}
    own = {step.act for step in procedure.steps} - apart
    every = _reached(rows, starts, set(), own)
    later: dict[str, set[str]] = {}
    for label in sorted({act for act, _ in every} | {f"{act}:{of}" for act, of in every if of}):
        act, _, of = label.partition(":")
        if act in apart or (of and {way for way in every if way[0] == act} == {(act, of)}):
            continue
        blocked = {way for way in every if way[0] == act and of in ("", way[1])}
        left = every - _reached(rows, starts, blocked, own) - blocked
        later[label] = _short({way for way in left if way[0] not in apart}, every)
    after = set().union(*later.values())
    first = sorted({act for act, _ in every} - {each.partition(":")[0] for each in after})
    return {"": first} | {
        label: sorted(direct) for label in later if (direct := _direct(label, later))
    }


def _reached(
    rows: list[tuple[Any, set[Way]]], starts: set[str], blocked: set[Way], own: set[str]
) -> set[Way]:
    """The acts that can still be done when some never are."""
    states, found = set(starts), set[Way]()
    while True:
        size = len(states) + len(found)
        standing = {act for act, _ in found} | {f"{act}:{of}" for act, of in found}
        for step, ways in rows:
            # What something else may do may stand already.
            able = not step.after or any(
                each in standing or each.partition(":")[0] not in own for each in step.after
            )
            if able and states & set(step.from_states) and ways - blocked:
                found |= ways - blocked
                states |= {step.to} - {""}
        if len(states) + len(found) == size:
            return found


def _short(ways: set[Way], every: set[Way]) -> set[str]:
    """Acts as one word where every manner of them is meant."""
    whole = {act for act, _ in ways if {way for way in every if way[0] == act} <= ways}
    return whole | {f"{act}:{of}" for act, of in ways if of and act not in whole}


def _direct(label: str, later: Mapping[str, set[str]]) -> set[str]:
    """What comes after an act and not already after another one that comes after it."""
    between = {each for each in later[label] if each in later and label not in later[each]}
    return later[label] - set().union(*(later[each] for each in between))


def _apart(procedure: Any, done: Mapping[str, Mapping[str, Set[str]]]) -> set[str]:
    """Acts that something else than a row of the table may do in such a matter."""
    read, known = product(), matters()
    found = {act for act, ways in done.items() if ANY in ways}
    for name, module, call in read.appending():
        kind = keyword(call, "kind")
        if kind is not None and known.told(name, module, call) & {procedure.kind, ANY}:
            found |= read.words(module, kind)
    return found


def _jumps() -> set[str]:
    """States into which code puts a matter otherwise than by a row of its table."""
    read = product()
    given = [
        (module, node)
        for calls in read.calls.values()
        for module, call in calls
        if (node := keyword(call, "to_state")) is not None
    ]
    return set().union(*(read.words(module, node) for module, node in given)) - {ANY, ""}
