"""Gates that nobody could ever pass: what they need comes only after what they stand before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingzheng.core.regimes.gates import need_tables
from mingzheng.core.regimes.kinds import Kinds, certain
from mingzheng.core.regimes.mentions import ref_of
from mingzheng.core.regimes.shapes import ActRef, Rule, act_refs, texts
from mingzheng.core.regimes.supply import Order

Group = tuple[ActRef, ...]


@dataclass(frozen=True)
class Lock:
    """What a gate asks in every case of these kinds of matter, whatever else is known."""

    rule: Rule
    before: Group
    groups: tuple[Group, ...]
    kinds: Kinds


def locks(rules: Iterable[Rule], every: Kinds) -> list[Lock]:
    """The gates of which it is certain that they bar: in force without end, for nothing else than
    a kind of matter, and displaced by no other rule.
    """
    held = list(rules)
    displaced = {id for rule in held for id in rule.texts_of("displaces")}
    return [
        lock
        for rule in held
        if rule.table == "gate" and rule.id not in displaced and (lock := _lock(rule, every))
    ]


def _lock(rule: Rule, every: Kinds) -> Lock | None:
    if rule.flag("soft") or any(key in rule.body for key in ("until", "judged_on", "if_read")):
        return None
    before = rule.refs("before")
    of = texts(rule.when.get("of"))
    if of:
        before = tuple(
            ActRef(ref.act, each) for ref in before for each in of if ref.of in ("", each)
        )
    rest = {key: value for key, value in rule.when.items() if key != "of" or not of}
    groups = tuple(
        tuple(ref for need in group for ref in act_refs(need))
        for group in need_tables(rule)
        if all("act" in need and "when" not in need and not _person(need, before) for need in group)
    )
    kinds = certain(rest, every)
    return Lock(rule, before, groups, kinds) if kinds and groups else None


def _person(need: Mapping[str, Any], before: Group) -> bool:
    """Whether a need asks who does the act, and not that it was done before."""
    return "distinct_from" in need and any(ref.act == need["act"] for ref in before)


def shut(lock: Lock, held: Sequence[Lock], orders: Iterable[Order]) -> ActRef | None:
    """The act that can never be done because of this gate, in any table that has it and what the
    gate needs.
    """
    orders = [order for order in orders if order.kind in lock.kinds]
    needed = {ref.act for group in lock.groups for ref in group}
    others = [each for each in held if each.rule is not lock.rule]
    for ref in lock.before:
        both = [order for order in orders if ref.act in order.acts and needed & order.acts]
        if all(
            not _doable(ref, order, held)
            and (_doable(ref, order, others) or not _doable(ref, order, [lock]))
            for order in both or [Order("", kind, frozenset(), {}) for kind in lock.kinds]
        ):
            return ref
    return None


def _doable(wanted: ActRef, order: Order, held: Sequence[Lock]) -> bool:
    """Whether an act can come about: each thing that must precede it can, one after the other."""
    needs: dict[ActRef, list[Group]] = {}
    waiting = [wanted]
    while waiting:
        ref = waiting.pop()
        if ref not in needs:
            needs[ref] = _preceding(ref, order, held)
            waiting += [each for group in needs[ref] for each in group]
    done: set[ActRef] = set()
    while more := {
        ref
        for ref, groups in needs.items()
        if ref not in done and all(done.intersection(group) for group in groups)
    }:
        done |= more
    return wanted in done


def _preceding(ref: ActRef, order: Order, held: Sequence[Lock]) -> list[Group]:
    stepped = [
        (ref_of(act),)
        for act, later in order.later.items()
        if ref.act in later or str(ref) in later
    ]
    barred = [
        group
        for lock in held
        if order.kind in lock.kinds
        and any(each.act == ref.act and each.of in ("", ref.of) for each in lock.before)
        for group in lock.groups
    ]
    return stepped + barred
