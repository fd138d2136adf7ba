"""Conditions of a rule that can never be so, and facts that nobody tells where they are asked."""

from collections.abc import Iterator, Mapping
from typing import Any

from mingzheng.core.regimes.faults import hint
from mingzheng.core.regimes.kinds import Kinds, leaves, possible
from mingzheng.core.regimes.mentions import conditions_of, facts_named, ref_of
from mingzheng.core.regimes.reach import OPENING, Complaint, Reach, said
from mingzheng.core.regimes.shapes import ActRef, Rule, texts
from mingzheng.core.regimes.supply import ANY


def facts(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    """Facts that nobody tells at all, and days to count from that nobody tells here."""
    for name in sorted({*facts_named(rule), *([rule.id] if rule.table == "fact" else [])}):
        if name not in reach.words.facts or reach.told(name, reach.every):
            continue
        yield Complaint(
            rule,
            f"事实“{name}”（{reach.words.fact_name(name)}）没有表单填、也没有地方算，永远不知道"
            f"{hint(name, reach.supply.facts)}",
            "请改用有来源的事实（docs/vocabulary.md 标明了哪些有）",
            (("facts", name),),
            barring=rule.table == "gate",
        )
    for name in texts(rule.body.get("day0")):
        if name in reach.words.facts and reach.told(name, reach.every):
            yield from _fact_here(reach, rule, name, reach.sphere(rule))


def _fact_here(reach: Reach, rule: Rule, name: str, kinds: Kinds) -> Iterator[Complaint]:
    """A fact that is told, but in other kinds of matter than those in which the rule asks."""
    if reach.told(name, kinds):
        return
    elsewhere = reach.where(reach.supply.facts.get(name, frozenset()))
    yield Complaint(
        rule,
        f"事实“{name}”（{reach.words.fact_name(name)}）只在{elsewhere}有来源，"
        f"在{reach.where(kinds)}没有表单填、也没有地方算，永远不知道",
        "请改用这种事项里有来源的事实，或者改 kind",
        (("facts", name),),
        barring=rule.table == "gate",
    )


def conditions(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    """What a condition asks can be so, in the kinds of matter in which it is asked."""
    held, sphere = possible(rule.when, reach.every), reach.sphere(rule)
    for table in conditions_of(rule):
        within = reach.every if table is rule.when else held
        for key, value, kinds in leaves(table, within):
            if not kinds:
                yield Complaint(
                    rule,
                    f"条件里的事项种类互相排斥，“{key}”这一处永远不会成立",
                    "请改 kind",
                    (),
                )
            elif here := kinds & sphere:
                yield from _leaf(reach, rule, key, value, here)


def _leaf(reach: Reach, rule: Rule, key: str, value: Any, kinds: Kinds) -> Iterator[Complaint]:
    if key == "holds":
        held = value.get("not") if isinstance(value, Mapping) else value
        refs = [ref_of(word) for word in texts(held)]
        if refs and not any(reach.alive(ref, kinds) for ref in refs):
            yield reach.dead(
                rule,
                f"条件 holds 的{said(refs)}永远不会有：{reach.where(kinds)}没有哪一步做它",
                "请改 holds，或者改 kind",
                *refs,
            )
    elif key == "of":
        yield from _of(reach, rule, value, kinds)
    elif key in reach.words.facts and reach.told(key, reach.every):
        yield from _fact_here(reach, rule, key, kinds)


def _of(reach: Reach, rule: Rule, value: Any, kinds: Kinds) -> Iterator[Complaint]:
    """What the act of the rule may be about; in a rule of no act, what any act may be."""
    refs = rule.refs(OPENING[rule.table]) if rule.table in OPENING else ()
    acts = [ref for ref in refs if reach.alive(ref, kinds)]
    if refs and not acts:
        return
    words = value.values() if isinstance(value, Mapping) else [value]
    for word in (word for each in words for word in texts(each)):
        asked = [ActRef(ref.act, word) for ref in acts if ref.of in ("", word)]
        if not refs:
            asked = [ActRef(act, word) for act in reach.supply.acts]
        if any(reach.alive(ref, kinds) for ref in asked):
            continue
        held = frozenset().union(*(reach.supply.acts[ref.act].of(kinds) for ref in acts))
        held -= {ANY, ""}
        about = f"{said(acts)}{reach.where(kinds, '在')}没有" if refs else "没有哪个行为有"
        yield reach.dead(
            rule,
            f"条件 of 的“{word}”永远不会成立：{about}这一种{hint(word, held or reach.known)}",
            f"可以写的：{'、'.join(sorted(held))}" if held else "请改 of",
            *asked,
        )


def impossible(
    reach: Reach, table: Mapping[str, Any], kinds: Kinds
) -> tuple[str, tuple[str, str]] | None:
    """Why a condition can never hold: a fact that nobody tells, an act that nothing does.
    Alternatives must all be impossible.
    """
    for key, value in table.items():
        why = None
        if key == "any":
            reasons = [impossible(reach, each, kinds) for each in value]
            why = reasons[0] if reasons and all(reasons) else None
        elif key == "all":
            why = next(filter(None, (impossible(reach, each, kinds) for each in value)), None)
        elif key == "holds" and not isinstance(value, Mapping):
            refs = [ref_of(word) for word in texts(value)]
            dead = refs and not any(reach.alive(ref, kinds) for ref in refs)
            why = (f"行为“{refs[0]}”", ("acts", refs[0].act)) if dead else None
        elif key in reach.words.facts and not reach.told(key, kinds):
            why = (f"事实“{key}”", ("facts", key))
        if why:
            return why
    return None
