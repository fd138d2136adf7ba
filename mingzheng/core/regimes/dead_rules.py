"""One pack read for its dead rules: those that no step, form or table of the product brings to life."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mingzheng.core.regimes.dead_conditions import conditions, facts, impossible
from mingzheng.core.regimes.deadlock import shut
from mingzheng.core.regimes.faults import hint
from mingzheng.core.regimes.gates import need_tables
from mingzheng.core.regimes.kinds import Kinds, named, possible
from mingzheng.core.regimes.mentions import refs_named, rows_of
from mingzheng.core.regimes.reach import PAPER, Complaint, Reach, approving, opening, said
from mingzheng.core.regimes.shapes import ActRef, Rule, act_refs
from mingzheng.core.regimes.supply import ANY

# Tables whose ids only the program looks for; a list may also be asked by a rule.
SOUGHT = {"quota": "比例", "count": "统计口径", "paper": "材料"}
# Acts beside the opening ones that must be done for a rule of a table to be of use.
USING = {"undo": ("undoes",), "suspension": ("until",)}
# More words than these are looked up, not told.
MANY = 20


def complaints(reach: Reach) -> Iterator[Complaint]:
    """Every complaint about every rule of the pack."""
    for rule in reach.pack.rules:
        yield from _acts(reach, rule)
        yield from facts(reach, rule)
        yield from conditions(reach, rule)
        yield from _read(reach, rule)
        yield from _topic(reach, rule)
        yield from _rows(reach, rule)
        yield from _elements(reach, rule)
        if not possible(rule.when, reach.every):
            continue  # said already: the condition excludes itself
        if rule.table == "duty" and not rule.flag("none"):
            yield from _duty(reach, rule)
        elif rule.table == "gate":
            yield from _gate(reach, rule)
        else:
            yield from _unused(reach, rule)


def _acts(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    for ref in dict.fromkeys(refs_named(rule)):
        if reach.alive(ref, reach.every) or ref.act not in reach.words.acts:
            continue
        done = reach.supply.acts.get(ref.act)
        name = f"“{ref.act}”（{reach.words.act_name(ref.act)}）"
        if done is None:
            what = f"行为{name}没有办理的地方，永远不会发生{near_act(ref.act, reach.supply.acts)}"
            mend = "请改用能办的行为（docs/vocabulary.md 标明了哪些能办）"
        elif approving(ref) and ref.of in done.of():
            what = f"{name}的审批路线“{ref.of}”本包和上级都没有规定，永远不会批"
            mend = "请改 of，或者用 [[route]] 写明由谁批准"
        else:
            held = done.of() - {ANY, ""}
            near = hint(ref.of, held | (reach.known if ANY in done.of() else set()))
            what = f"{name}没有“{ref.of}”这一种（of）{near}"
            mend = f"能办的：{'、'.join(sorted(held)) or '不分种类，请去掉 of'}"
            if len(held) > MANY:
                mend = "请改 of（docs/vocabulary.md 列着能办的）"
        yield Complaint(rule, what, mend, tuple(reach.waiting(ref)))


def _read(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    """Lists, routes, terms and the like that nothing asks for."""
    if rule.flag("none") or (held := _readers(reach, rule)) is None or held[1]:
        return
    what, _, known = held
    yield Complaint(
        rule,
        f"{what}{hint(rule.id, known)}",
        "请核对编号，用不上的请删去",
        ((f"{rule.table}s", rule.id), ("tables", rule.table)),
    )


def _readers(reach: Reach, rule: Rule) -> tuple[str, bool, set[str]] | None:
    """(what is said when nothing reads it, whether something does, what is read); None for
    tables that the engine itself reads.
    """
    supply, id = reach.supply, rule.id
    if rule.table == "list":
        known = {*(each.rstrip(ANY) for each in supply.lists), *reach.asked_lists}
        alive = supply.reads(id) or id in reach.asked_lists
        return f"清单“{id}”没有地方读，也没有规则用它", alive, known
    if rule.table == "route":
        return f"审批路线“{id}”没有哪一步走它", id in supply.routes, set(supply.routes)
    if rule.table == "condition":
        known = {*supply.ids["condition"], *reach.asked_conditions}
        return f"条件组“{id}”没有规则问它（is）", id in known, known
    if rule.table == "term":
        after = "、".join(sorted(supply.terms))
        alive = any(ref.act in supply.terms for ref in rule.refs("after"))
        return f"期间“{id}”没有地方读：读的只有 {after} 以后的期间", alive, set()
    if rule.table in SOUGHT:
        known = set(supply.ids.get(rule.table, ()))
        return f"{SOUGHT[rule.table]}“{id}”没有地方读", id in known, known
    return None


def _topic(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    """An agency's rule stands in a topic that others know; a new one is named."""
    known = {*reach.supply.topics, *reach.higher} - {""}
    if (
        reach.pack.agency
        and rule.table in ("duty", "gate", "term", "unset")
        and rule.topic not in known | {""}
        and not rule.text_of("title")
    ):
        yield Complaint(
            rule,
            f"题目“{rule.topic}”别处没有，不会与上级的规定比较{hint(rule.topic, known)}",
            '确实是新题目的，用 title = "…" 写出它的名称',
            (),
        )


def _rows(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    """Rows of a list whose acts are done, but not where the row counts."""
    for row in rows_of(rule):
        kinds = possible(row.get("when", {}), possible(rule.when, reach.every))
        for key in ("act", "from", "until"):
            ref = ActRef(str(row.get(key, "")), str(row.get("of", "")) if key == "act" else "")
            if kinds and reach.elsewhere(ref, kinds):
                yield reach.dead(
                    rule,
                    f"“{row.get('id', '')}”这一行用不上："
                    f"{reach.where(kinds)}没有哪一步做{said([ref])}",
                    "请改这一行的行为，或者改 kind",
                    ref,
                )


def _elements(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    """Elements that a list asks of a paper and that its builder never writes."""
    paper = rule.id.removeprefix(PAPER)
    able = reach.supply.elements.get(paper)
    if paper == rule.id or able is None or ANY in able:
        return
    for row in rows_of(rule):
        id = str(row.get("id", ""))
        if id in able:
            continue
        then = "，会一直出不了这份文书" if row.get("need", "must") == "must" else ""
        can = f"写得出的：{'、'.join(sorted(able))}" if able else "它没有可以核对的要素"
        yield Complaint(
            rule,
            f"《{reach.supply.names.get(paper, paper)}》写不出“{id}”这个要素{then}{hint(id, able)}",
            f"请改 id（{can}），或者删去这一行",
            (("lists", rule.id),),
        )


def _duty(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    kinds, after = reach.sphere(rule), rule.refs("after")
    closing = [*rule.refs("then"), *rule.refs("or")]
    able = [ref for ref in closing if reach.alive(ref, kinds)]
    if not any(reach.alive(ref, kinds) for ref in after):
        yield reach.dead(
            rule,
            f"这项义务永远不会产生：{reach.where(kinds)}没有哪一步做{said(after)}",
            "请改 after 或者 when",
            *after,
        )
    elif all(reach.supply.ends(ref, kinds) for ref in after):
        able = [ref for ref in able if reach.supply.follows_the_end(ref, kinds)]
    if why := impossible(reach, rule.when, kinds):
        yield Complaint(
            rule,
            f"这项义务永远不会产生：when 里的{why[0]}不可能成立",
            "请改 when",
            (why[1],),
        )
    if not able:
        yield reach.dead(
            rule,
            f"这项义务永远了结不了：产生以后，{reach.where(kinds)}没有哪一步做{said(closing)}",
            "请改 then，或者用 or 写上能办的行为",
            *closing,
        )


def _gate(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    """The act is done in the kinds of matter that the gate speaks of, and every outer need is
    within reach in each kind that it names, else in one of them.
    """
    kinds, before = reach.sphere(rule), rule.refs("before")
    if all(reach.elsewhere(ref, kinds) for ref in before):
        yield reach.dead(
            rule,
            f"这个条件永远不会起作用：{reach.where(kinds)}没有哪一步做{said(before)}",
            "请改 before 或者 when",
            *before,
        )
    for group in need_tables(rule):
        refs = [ref for need in group for ref in act_refs(need)]
        if any("act" not in need for need in group):
            continue
        lacking = _unmet(reach, group, kinds)
        if lacking & named(rule.when) or lacking == kinds:
            yield reach.dead(
                rule,
                f"这个条件永远满足不了，会一直拦着：{reach.where(lacking)}没有哪一步做{said(refs)}",
                "请改 needs",
                *refs,
                barring=True,
            )
    held = next((each for each in reach.locks if each.rule is rule), None)
    if held and (act := shut(held, reach.locks, reach.supply.order)):
        needs = [ref for group in held.groups for ref in group]
        yield reach.dead(
            rule,
            f"这个条件永远满足不了，会一直拦着：{said(needs)}要在{said([act])}以后才办得了",
            "请改 before 或者 needs，把先后理顺",
            barring=True,
        )


def _unmet(reach: Reach, group: Iterable[Mapping[str, Any]], kinds: Kinds) -> Kinds:
    """The kinds of matter in which nothing that a group of needs accepts can be done."""
    found = set()
    for kind in kinds:
        one = frozenset({kind})
        asked = [need for need in group if possible(need.get("when", {}), one)]
        refs = [ref for need in asked for ref in act_refs(need)]
        if refs and not any(reach.alive(ref, one) for ref in refs):
            found.add(kind)
    return frozenset(found)


def _unused(reach: Reach, rule: Rule) -> Iterator[Complaint]:
    """Acts for which another rule is there, done in none of its kinds of matter; where it names the
    kinds, each act.
    """
    kinds = reach.sphere(rule)
    for refs in (opening(rule), *(rule.refs(key) for key in USING.get(rule.table, ()))):
        dead = [ref for ref in refs if reach.elsewhere(ref, kinds)]
        if dead and (len(dead) == len(refs) or named(rule.when)):
            yield reach.dead(
                rule,
                f"这一条永远用不上：{reach.where(kinds)}没有哪一步做{said(dead)}",
                "请改这个行为，或者改 when",
                *dead,
            )


def near_act(act: str, living: Iterable[str]) -> str:
    """Living acts of the same noun, else the one that is spelt most like it, as a Chinese hint."""
    noun, known = act.partition(".")[0], sorted(living)
    same = [each for each in known if each.partition(".")[0] == noun]
    near = hint(act, same or known)
    return near or (f"；同类能办的：{'、'.join(same)}" if same else "")
