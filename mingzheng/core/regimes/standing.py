"""Which rule stands: slots, lex specialis, fallback to the higher pack, and floors beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mingzheng.core.regimes.conditions import Verdict
from mingzheng.core.regimes.shapes import Rule

Slot = tuple[str, str]


@dataclass(frozen=True)
class Candidate:
    """A rule that opens on this act and whose `when` isn't false. `distance` 0 = nearest pack."""

    rule: Rule
    distance: int
    verdict: Verdict


@dataclass
class EffectiveAct:
    """A rule that stands in a slot, for certain when `unknown` is empty."""

    rule: Rule
    slot: Slot
    distance: int
    used: frozenset[str]
    unknown: frozenset[str]
    displaced: tuple[str, ...] = ()
    floors: list[Candidate] = field(default_factory=list)


# "live" means wherever it is shown, so it speaks for every channel.
EVERY = ("", "live")


def meet(one: Slot, other: Slot) -> bool:
    """Slots compete when neither names another channel or recipient than the other."""
    return all(a in EVERY or b in EVERY or a == b for a, b in zip(one, other, strict=True))


def slots_meet(one: Rule, other: Rule) -> bool:
    return any(meet(a, b) for a in one.slots() for b in other.slots())


def has_limit(rule: Rule) -> bool:
    """Whether the rule sets a limit of its own: 及时 alone is no 另有规定."""
    return (
        isinstance(rule.body.get("within"), int)
        or "no_later" in rule.body
        or "lasts" in rule.body
        or rule.flag("none")
    )


def removes(displacer: Rule, rule: Rule) -> bool:
    """Whether a displaced rule is gone altogether, rather than still computed as a floor."""
    return (
        not rule.binding
        or displacer.origin.pack == rule.origin.pack
        or displacer.rank in rule.texts_of("may_differ")
    )


def stand(
    candidates: Sequence[Candidate], displacers: Mapping[str, Sequence[tuple[Rule, Verdict]]]
) -> list[EffectiveAct]:
    """Resolve the candidates of one topic. `displacers`: rule id → rules that displace it, with
    their answer, whatever act opens them."""
    waits: dict[str, frozenset[str]] = {}
    gone: dict[str, str] = {}
    no_floor: set[str] = set()
    for each in candidates:
        for displacer, verdict in displacers.get(each.rule.id, ()):
            if verdict.value:
                gone[each.rule.id] = displacer.id
                if removes(displacer, each.rule):
                    no_floor.add(each.rule.id)
            else:
                waits[each.rule.id] = waits.get(each.rule.id, frozenset()) | verdict.unknown
    for each in candidates:
        if _yield(each, candidates, gone, waits):
            no_floor.add(each.rule.id)
    rows = _fill(candidates, gone, waits)
    for row in rows:
        row.floors = [each for each in candidates if _is_floor(each, row, no_floor)]
    return rows


def _yield(
    each: Candidate,
    candidates: Sequence[Candidate],
    gone: dict[str, str],
    waits: dict[str, frozenset[str]],
) -> bool:
    ranks = each.rule.texts_of("yields_to")
    for other in candidates:
        if (
            other.rule is each.rule
            or other.rule.rank not in ranks
            or other.rule.id in gone
            or not has_limit(other.rule)
            or not slots_meet(each.rule, other.rule)
        ):
            continue
        if other.verdict.value:
            gone[each.rule.id] = other.rule.id
            return True
        waits[each.rule.id] = waits.get(each.rule.id, frozenset()) | other.verdict.unknown
    return False


def _fill(
    candidates: Sequence[Candidate], gone: Mapping[str, str], waits: Mapping[str, frozenset[str]]
) -> list[EffectiveAct]:
    taken: list[tuple[Slot, int, str]] = []
    pending: list[tuple[Slot, int, frozenset[str]]] = []
    beaten: dict[str, list[str]] = {}
    rows: list[EffectiveAct] = []
    ids = {each.rule.id for each in candidates}
    for each in sorted(candidates, key=lambda each: each.distance):
        rule, distance = each.rule, each.distance
        if rule.id in gone:
            beaten.setdefault(gone[rule.id], []).append(rule.id)
            if gone[rule.id] not in ids:
                # The displacer opens on another act, yet the slot stays spoken for.
                taken += [(slot, distance, "") for slot in rule.slots()]
            continue
        for slot in rule.slots():
            winner = next(
                (id for held, near, id in taken if near < distance and meet(held, slot)), None
            )
            if winner is not None:
                beaten.setdefault(winner, []).append(rule.id)
                continue
            unknown = each.verdict.unknown.union(
                waits.get(rule.id, frozenset()),
                *(facts for held, near, facts in pending if near < distance and meet(held, slot)),
            )
            rows.append(EffectiveAct(rule, slot, distance, each.verdict.used, unknown))
            if each.verdict.value and not waits.get(rule.id):
                taken.append((slot, distance, rule.id))
            else:
                pending.append((slot, distance, unknown))
    for row in rows:
        row.displaced = tuple(dict.fromkeys(beaten.get(row.rule.id, [])))
    return rows


def _is_floor(each: Candidate, row: EffectiveAct, no_floor: set[str]) -> bool:
    rule = each.rule
    return (
        rule.binding
        and rule is not row.rule
        and rule.id not in no_floor
        and each.distance >= row.distance
        and not rule.flag("none")
        and row.rule.rank not in rule.texts_of("may_differ")
        and any(meet(slot, row.slot) for slot in rule.slots())
    )
