"""Checks across a whole chain of packs: names, slots, scope, and slackened statutory limits."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from mingzheng.core.regimes.faults import Fault, hint
from mingzheng.core.regimes.overlap import can_meet
from mingzheng.core.regimes.schema import UNIQUE, UNIQUE_IN_PACK
from mingzheng.core.regimes.shapes import Pack, Rule
from mingzheng.core.regimes.vocabulary import Vocabulary, fact_kind
from mingzheng.core.regimes.wording import Names, WordCheck

CONFIRMED = "confirmed"


def check(
    chain_of: Callable[[str], list[Pack]],
    own: Iterable[Pack],
    packs: Mapping[str, Pack],
    words: Vocabulary,
    broken: Iterable[Fault] = (),
) -> list[Fault]:
    """Faults of the packs `own` in the light of all that they extend. Rules already `broken`
    in structure, or using unknown words, are left out of the comparisons."""
    faults: list[Fault] = []
    bad = {(fault.file, fault.rule) for fault in broken}
    for pack in own:
        faults += _head(pack, packs, words)
        chain = chain_of(pack.id)
        facts = {
            rule.id: fact_kind(rule.id, rule.body)
            for held in reversed(chain)
            for rule in held.of("fact")
            if (rule.origin.file, rule.id) not in bad
        }
        names = Names.of(chain, words.with_facts(facts))
        for rule in pack.rules:
            if (rule.origin.file, rule.id) not in bad:
                faults += WordCheck(rule, names).run()
        bad |= {(fault.file, fault.rule) for fault in faults}
        sound = {held.id: _sound(held, bad) for held in chain}
        types = {fact.id: fact.type for fact in names.words.facts.values()}
        for find in (
            _twice,
            _out_of_scope,
            _same_slot,
            _slackened,
            _readings,
            _choices,
            _closed,
            _contradicted,
            _circles,
        ):
            faults += find(sound[pack.id], list(sound.values()), types)
    return faults


def _sound(pack: Pack, bad: set[tuple[str, str]]) -> Pack:
    return replace(
        pack, rules=tuple(rule for rule in pack.rules if (rule.origin.file, rule.id) not in bad)
    )


def _fault(rule: Rule, text: str) -> Fault:
    return Fault(rule.origin.file, rule.id, text)


def _head(pack: Pack, packs: Mapping[str, Pack], words: Vocabulary) -> Iterator[Fault]:
    file = pack.files[0]
    if pack.rank and pack.rank not in words.ranks:
        yield Fault(
            file,
            "pack",
            f"rank“{pack.rank}”不是效力层级{hint(pack.rank, words.ranks)}；"
            f"可用：{'、'.join(words.ranks)}",
        )
    for higher in pack.extends:
        if higher not in packs:
            yield Fault(
                file,
                "pack",
                f"extends 的“{higher}”没有这个规则包{hint(higher, packs)}；"
                f"已有：{'、'.join(sorted(packs))}",
            )
        elif pack.id in _above(higher, packs):
            yield Fault(file, "pack", f"extends 成了圈：{pack.id} 与 {higher} 互为上级，请去掉一边")
    kinds = words.facts["kind"].choices
    for kind in pack.scope.kinds if pack.scope else ():
        if kind not in kinds:
            yield Fault(
                pack.scope.file if pack.scope else file,
                "scope",
                f"kinds 的“{kind}”不是事项种类{hint(kind, kinds)}；可用：{'、'.join(kinds)}",
            )


def _above(id: str, packs: Mapping[str, Pack]) -> set[str]:
    found: set[str] = set()
    waiting = [id]
    while waiting:
        each = waiting.pop()
        if each not in found and each in packs:
            found.add(each)
            waiting += packs[each].extends
    return found


def _twice(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    """One id names one rule in the whole chain (a count, paper or quota: in its pack)."""
    seen = {
        _key(rule): rule
        for held in chain
        if held.id != pack.id
        for rule in held.rules
        if rule.table in UNIQUE
    }
    for rule in pack.rules:
        if rule.table not in UNIQUE_IN_PACK:
            continue
        before = seen.get(_key(rule))
        if before is not None:
            yield _fault(
                rule,
                f"编号已被 {before.origin.pack}（{before.origin.file}）的 "
                f"[[{before.table}]] 使用；换一个编号，要取代它请写 displaces",
            )
        seen[_key(rule)] = rule


def _key(rule: Rule) -> tuple[str, str]:
    """Duties, gates and terms share their numbering; papers, facts and the like have their own."""
    return "rule" if rule.table in ("duty", "gate", "term") else rule.table, rule.id


def _out_of_scope(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    scope = pack.scope
    if scope is None or scope.open:
        return
    for rule in pack.rules:
        kinds = rule.when.get("kind")
        named = [kinds] if isinstance(kinds, str) else kinds
        if isinstance(named, list) and named and not set(map(str, named)) & set(scope.kinds):
            yield _fault(
                rule,
                f"永远不会适用：when 的 kind 是 {'、'.join(map(str, named))}，"
                f"而 [scope] 只有 {'、'.join(scope.kinds)}（{scope.source}）；"
                "改 when，或者在 [scope] 里补上",
            )


def _limits(pack: Pack) -> list[Rule]:
    return [rule for rule in pack.rules if rule.table in ("duty", "term") and rule.topic]


def _same_slot(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    for one, other in combinations(_limits(pack), 2):
        if (
            one.table != other.table
            or one.topic != other.topic
            or one.id in other.texts_of("displaces")
            or other.id in one.texts_of("displaces")
            or one.rank in other.texts_of("yields_to")
            or other.rank in one.texts_of("yields_to")
            or not can_meet(one, other, types)
        ):
            continue
        yield _fault(
            other,
            f"与 {one.id}（{one.origin.file}）同在题目“{one.topic}”，可能同时适用：\n"
            f"    {one.id}：{_said(one)}\n    {other.id}：{_said(other)}\n"
            "    特别的一条写 displaces 取代一般的一条，或者用 when 分开",
        )


def _said(rule: Rule) -> str:
    amount = rule.body.get("within", rule.body.get("lasts", rule.body.get("no_later", "")))
    return f"{rule.text or rule.source}（{rule.source}；{amount} {rule.unit}）".replace(
        "； ）", "）"
    )


def _slackened(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    """A local limit may be tighter than the statutory one, never looser."""
    higher = [
        rule
        for held in chain
        if held.id != pack.id
        for rule in _limits(held)
        if rule.flag("statutory")
    ]
    for rule in _limits(pack):
        for law in higher:
            if (
                law.table == rule.table
                and law.topic == rule.topic
                and _looser(rule, law)
                and rule.rank not in law.texts_of("may_differ")
                and law.rank not in rule.texts_of("yields_to")
                and can_meet(rule, law, types)
            ):
                yield _fault(
                    rule,
                    f"放宽了法定期限，下位规定不能这样写：\n    上位 {law.id}：{_said(law)}\n"
                    f"    本条 {rule.id}：{_said(rule)}\n    请缩短到法定期限以内，"
                    "或者用 when 限定在法定期限不适用的情形",
                )


def _looser(rule: Rule, law: Rule) -> bool:
    key = "within" if rule.table == "duty" else "lasts"
    mine, theirs = rule.body.get(key), law.body.get(key)
    same_start = (rule.texts_of("day0") or ("happened_on",)) == (
        law.texts_of("day0") or ("happened_on",)
    )
    if (
        not isinstance(mine, int)
        or not isinstance(theirs, int)
        or rule.unit != law.unit
        or not same_start
    ):
        return False
    return mine < theirs if law.text_of("limit") == "at_least" else mine > theirs


def _readings(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    held = {str(rule.body.get("at")): rule for each in chain for rule in each.of("defect")}
    for rule in pack.rules:
        read = rule.body.get("if_read")
        if isinstance(read, Mapping):
            defect = held.get(str(read.get("at")))
            if defect is None:
                yield _fault(
                    rule,
                    f"if_read 的 at“{read.get('at')}”没有对应的 [[defect]]"
                    f"{hint(str(read.get('at')), held)}",
                )
            elif read.get("is") not in defect.texts_of("readings"):
                yield _fault(
                    rule,
                    f"if_read 的 is“{read.get('is')}”不是该处的读法"
                    f"{hint(str(read.get('is')), defect.texts_of('readings'))}",
                )
        default = rule.text_of("default") if rule.table == "defect" else ""
        if default and default not in rule.texts_of("readings"):
            yield _fault(
                rule,
                f"default“{default}”不在 readings 里{hint(default, rule.texts_of('readings'))}",
            )


def _choices(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    rules = [rule for each in chain for rule in each.rules]
    defects = {str(rule.body.get("at")): rule for rule in rules if rule.table == "defect"}
    topics = {rule.topic for rule in rules if rule.table == "unset"}
    ids = {rule.id for rule in rules if rule.table != "choice"}
    for choice in pack.of("choice"):
        at, value = str(choice.body.get("at")), choice.text_of("is")
        if pack.rank != "internal":
            yield _fault(choice, '[[choice]] 只能写在 rank = "internal" 的规则包里，由本机关作出')
        elif at in defects and value not in defects[at].texts_of("readings"):
            yield _fault(
                choice, f"“{value}”不是 {at} 的读法{hint(value, defects[at].texts_of('readings'))}"
            )
        elif (
            at not in defects and at not in topics and at not in ids and not at.startswith("role:")
        ):
            yield _fault(
                choice,
                f"at“{at}”既不是 [[defect]]、[[unset]]，也不是规则编号"
                f"{hint(at, [*defects, *topics, *ids])}",
            )
        elif at in ids and at not in defects and value != CONFIRMED:
            yield _fault(choice, f'对规则 {at} 只能选 is = "{CONFIRMED}"（予以确认）')


def _closed(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    shut = {
        rule.id: rule
        for each in chain
        if each.id != pack.id
        for rule in each.of("list")
        if rule.flag("closed")
    }
    for rule in pack.of("list"):
        if rule.id in shut:
            yield _fault(rule, f"上位清单 {rule.id}（{shut[rule.id].source}）是封闭的，不能增减")


def _contradicted(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    for unset in pack.of("unset"):
        filled = next(
            (
                rule
                for rule in _limits(pack)
                if rule.topic == unset.topic
                and not rule.when
                and not rule.slots()[0][0]
                and not unset.body.get("channels")
            ),
            None,
        )
        if filled is not None:
            yield _fault(unset, f"题目“{unset.topic}”已由本包 {filled.id} 规定，不能又写 [[unset]]")


def _circles(pack: Pack, chain: Sequence[Pack], types: Mapping[str, str]) -> Iterator[Fault]:
    """A condition that asks for itself, directly or through others, has no answer."""
    asks: dict[str, set[str]] = {}
    for each in chain:
        for rule in each.of("condition"):
            asks.setdefault(rule.id, set()).update(_asked(rule.body))
    for rule in pack.of("condition"):
        reached, waiting = set(), set(asks[rule.id])
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting |= asks.get(name, set())
        if rule.id in reached:
            yield _fault(rule, "条件又以自己为前提（is 成了圈），请去掉其中一处")


def _asked(value: object) -> set[str]:
    found: set[str] = set()
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key == "is":
                held = each.get("not") if isinstance(each, Mapping) else each
                found |= set(map(str, held if isinstance(held, list) else [held]))
            else:
                found |= _asked(each)
    elif isinstance(value, list):
        for each in value:
            found |= _asked(each)
    return found
