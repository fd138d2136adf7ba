"""Words that can be written but not done: acts that nothing does, facts that nobody supplies, lists
that nobody reads, and the duties and gates that hang on them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingzheng.core.regimes.faults import Fault, hint
from mingzheng.core.regimes.gates import need_tables
from mingzheng.core.regimes.library import Library
from mingzheng.core.regimes.schema import KEYS
from mingzheng.core.regimes.shapes import ActRef, Pack, Rule, act_refs, texts
from mingzheng.core.regimes.supply import Awaited, Awaiting, Supply
from mingzheng.core.regimes.vocabulary import Vocabulary, fact_kind
from mingzheng.core.regimes.wording import ALTERNATIVE_KEYS

COMBINED = ("any", "all", "not")
# Tables whose ids only the program looks for; a list may also be asked by a rule.
SOUGHT = {"quota": "比例", "count": "统计口径", "paper": "材料"}


@dataclass
class Found:
    """What one pack's words lack: `faults` must be mended, `notes` only say what has to wait."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def dead_words(
    library: Library, ids: Iterable[str], supply: Supply, awaiting: Awaiting, shipped: Library
) -> Found:
    """The dead words of the packs `ids`. What waits for a chapter to come is excused in the packs
    that the product brings; elsewhere it is noted, and a gate that waits for it is a fault: it
    would bar the way until then.
    """
    found = Found()
    for id in ids:
        pack, ours = library.packs[id], shipped.packs.get(id)
        reading = _Reading(library, pack, supply, awaiting)
        excused = ours is not None and ours.version == pack.version
        for fault, chapter, barring in reading.run():
            if chapter is None:
                found.faults.append(fault)
            elif not excused:
                (found.faults if barring else found.notes).append(fault)
    found.faults, found.notes = sorted(set(found.faults)), sorted(set(found.notes))
    return found


Complaint = tuple[Fault, Awaited | None, bool]


class _Reading:
    """One pack read for its dead words, in the light of all that it extends."""

    def __init__(
        self, library: Library, pack: Pack, supply: Supply, awaiting: Awaiting
    ) -> None:
        self.pack, self.supply, self.awaiting = pack, supply, awaiting
        self.chain = library.chain(pack.id)
        near = [each for each in library.packs.values() if pack in library.chain(each.id)]
        rules = [rule for each in self.chain for rule in each.rules]
        self.words: Vocabulary = library.words.with_facts(
            {rule.id: fact_kind(rule.id, rule.body) for rule in rules if rule.table == "fact"}
        )
        self.known = {
            *self.words.qualifiers,
            *self.words.acts,
            *(rule.topic for rule in rules if rule.topic),
        }
        self.higher = {
            rule.topic for each in self.chain if each is not pack for rule in each.rules
        }
        # What a list or a condition is asked by, also in a nearer pack that builds on this one.
        every = [rule for each in near for rule in each.rules] + rules
        self.asked_lists = {word for rule in every for word in _lists_asked(rule)}
        self.asked_conditions = {word for rule in every for word in _asked(rule, "is")}
        self.asked_facts = {
            name
            for rule in rules
            if rule.table == "list" and rule.id in supply.asking
            for table in _conditions(rule)
            for name in _facts(table)
            if name in self.words.facts and self.words.facts[name].type == "yes-no"
        }

    def run(self) -> Iterator[Complaint]:
        """Every complaint about every rule of the pack."""
        for rule in self.pack.rules:
            yield from self._acts(rule)
            yield from self._facts(rule)
            yield from self._read(rule)
            yield from self._topic(rule)
            if rule.table == "duty" and not rule.flag("none"):
                yield from self._duty(rule)
            elif rule.table == "gate":
                yield from self._gate(rule)

    def _complaint(
        self, rule: Rule, text: str, chapter: Awaited | None = None, barring: bool = False
    ) -> Complaint:
        if chapter is not None:
            text += f"；要等“{chapter.name}”建成"
        return Fault(rule.origin.file, rule.id, text), chapter, barring

    # Acts.
    def alive(self, ref: ActRef, kinds: frozenset[str] = frozenset()) -> bool:
        """Whether something does the act."""
        return self.supply.does(ref, self.known, kinds)

    def waits(self, ref: ActRef) -> Awaited | None:
        """The chapter that an act, or just this manner of it, waits for."""
        return self.awaiting.chapter("acts", ref.act) or self.awaiting.chapter("acts", str(ref))

    def _acts(self, rule: Rule) -> Iterator[Complaint]:
        barring = {str(ref) for group in need_tables(rule) for ref in act_refs(group)}
        for ref in dict.fromkeys(_refs(rule)):
            if self.alive(ref) or ref.act not in self.words.acts:
                continue
            name = self.words.act_name(ref.act)
            if ref.act not in self.supply.acts:
                text = (
                    f"行为“{ref.act}”（{name}）没有办理的地方，永远不会发生"
                    f"{hint(ref.act, self.supply.acts)}；请改用能办的行为（见 docs/vocabulary.md）"
                )
            else:
                held = self.supply.acts[ref.act].of - {"*", ""}
                text = (
                    f"“{ref.act}”（{name}）没有“{ref.of}”这一种（of）"
                    f"{hint(ref.of, held | (self.known if '*' in self.supply.acts[ref.act].of else set()))}"
                    f"；能办的：{'、'.join(sorted(held)) or '不分种类，请去掉 of'}"
                )
            gate = rule.table == "gate" and str(ref) in barring
            yield self._complaint(rule, text, self.waits(ref), gate)

    # Facts.
    def told(self, fact: str) -> bool:
        """Whether a form, a reader or an act supplies the fact."""
        return fact in self.supply.facts or fact in self.asked_facts

    def _facts(self, rule: Rule) -> Iterator[Complaint]:
        named = {name for table in _conditions(rule) for name in _facts(table)}
        for key in ("day0", "judged_on", "or_until"):
            named |= set(texts(rule.body.get(key))) - {"happened_on"}
        if rule.table == "fact":
            named.add(rule.id)
        for name in sorted(named):
            if name not in self.words.facts or self.told(name):
                continue
            yield self._complaint(
                rule,
                f"事实“{name}”（{self.words.fact_name(name)}）没有表单填、也没有地方算，永远不知道"
                f"{hint(name, self.supply.facts)}；请改用有来源的事实",
                self.awaiting.chapter("facts", name),
                rule.table == "gate",
            )

    # What is only read.
    def _read(self, rule: Rule) -> Iterator[Complaint]:
        """Lists, routes, terms and the like that nothing asks for."""
        waiting = None
        if rule.table == "list" and not (
            self.supply.reads(rule.id) or rule.id in self.asked_lists
        ):
            family, known = "lists", {*self.supply.lists, *self.asked_lists}
            text = f"清单“{rule.id}”没有地方读，也没有规则用它"
        elif rule.table == "route" and rule.id not in self.supply.routes:
            family, known = "routes", set(self.supply.routes)
            text = f"审批路线“{rule.id}”没有哪一步走它"
        elif rule.table == "condition" and not (
            rule.id in self.supply.ids["condition"] or rule.id in self.asked_conditions
        ):
            family, known = "conditions", {*self.supply.ids["condition"], *self.asked_conditions}
            text = f"条件组“{rule.id}”没有规则问它（is）"
        elif (
            rule.table == "term"
            and not rule.flag("none")
            and not any(ref.act in self.supply.terms for ref in rule.refs("after"))
        ):
            family, known = "terms", set(self.supply.terms)
            text = f"期间“{rule.id}”没有地方读：读的只有{'、'.join(sorted(known))}以后的期间"
            known = set()
        elif rule.table in SOUGHT and rule.id not in self.supply.ids.get(rule.table, ()):
            family, known = f"{rule.table}s", set(self.supply.ids.get(rule.table, ()))
            text = f"{SOUGHT[rule.table]}“{rule.id}”没有地方读"
            waiting = self.awaiting.chapter("tables", rule.table)
        else:
            return
        near = hint(rule.id, {each.rstrip("*") for each in known})
        yield self._complaint(
            rule,
            f"{text}{near}；请核对编号，用不上的请删去",
            waiting or self.awaiting.chapter(family, rule.id),
        )

    def _topic(self, rule: Rule) -> Iterator[Complaint]:
        """An agency's rule stands in a topic that others know; a new one is named."""
        known = {*self.supply.topics, *self.higher} - {""}
        if (
            self.pack.agency
            and rule.table in ("duty", "gate", "term", "unset")
            and rule.topic not in known | {""}
            and not rule.text_of("title")
        ):
            yield self._complaint(
                rule,
                f"题目“{rule.topic}”别处没有，不会与上级的规定比较{hint(rule.topic, known)}；"
                '确实是新题目的，用 title = "…" 写出它的名称',
            )

    # Duties and gates.
    def _duty(self, rule: Rule) -> Iterator[Complaint]:
        kinds = _kinds(rule)
        opening = [ref for ref in rule.refs("after") if self._may(ref, kinds)]
        if not opening:
            yield self._complaint(
                rule,
                f"这项义务永远不会产生：{self._where(kinds)}没有哪一步做"
                f"“{'、'.join(map(str, rule.refs('after')))}”；请改 after 或者 when",
                self._chapter("duties", rule, rule.refs("after")),
            )
        elif why := self._impossible(rule.when):
            yield self._complaint(
                rule,
                f"这项义务永远不会产生：when 里的{why}不可能成立；请改 when",
                self._chapter("duties", rule, (), self._missing_facts(rule.when)),
            )
        closing = [*rule.refs("then"), *rule.refs("or")]
        able = [ref for ref in closing if self._may(ref, kinds)]
        if able and opening and all(self.supply.ends(ref, kinds) for ref in opening):
            able = [
                ref
                for ref in able
                if self.waits(ref) or self.supply.follows_the_end(ref, kinds)
            ]
        if not able:
            yield self._complaint(
                rule,
                f"这项义务永远了结不了：产生以后，{self._where(kinds)}没有哪一步做"
                f"“{'、'.join(map(str, closing))}”；请改 then，或者用 or 写上能办的行为",
                self._chapter("duties", rule, closing),
            )

    def _gate(self, rule: Rule) -> Iterator[Complaint]:
        """Each outer need must be within reach in the kinds of matter that the gate speaks of."""
        kinds = _kinds(rule)
        for group in need_tables(rule):
            refs = [ref for need in group for ref in act_refs(need) if "act" in need]
            if not refs or any("act" not in need for need in group):
                continue
            if not any(self._may(ref, kinds) for ref in refs):
                yield self._complaint(
                    rule,
                    f"这个条件永远满足不了，会一直拦着：{self._where(kinds)}没有哪一步做"
                    f"“{'、'.join(map(str, refs))}”；请改 needs",
                    self._chapter("gates", rule, refs),
                    True,
                )

    def _may(self, ref: ActRef, kinds: frozenset[str]) -> bool:
        return self.alive(ref, kinds)

    def _chapter(
        self,
        family: str,
        rule: Rule,
        refs: Iterable[ActRef],
        facts: Iterable[str] = (),
    ) -> Awaited | None:
        """The chapter that the rule itself, or any word that would give it life, waits for."""
        chapters = [self.awaiting.chapter(family, rule.id), *map(self.waits, refs)]
        chapters += [self.awaiting.chapter("facts", name) for name in facts]
        return next((each for each in chapters if each), None)

    def _where(self, kinds: frozenset[str]) -> str:
        names = self.words.facts["kind"].choices
        said = "、".join(names.get(kind, kind) for kind in sorted(kinds))
        return f"{said}里" if said else ""

    def _missing_facts(self, table: Mapping[str, Any]) -> list[str]:
        return [name for name in _facts(table) if not self.told(name)]

    def _impossible(self, table: Mapping[str, Any]) -> str:
        """Why a condition can never hold, or "": a fact that nobody tells, an act that nothing
        does. Alternatives must all be impossible.
        """
        for key, value in table.items():
            if key == "any":
                reasons = [self._impossible(each) for each in value]
                if reasons and all(reasons):
                    return reasons[0]
            elif key == "all":
                if why := next(filter(None, map(self._impossible, value)), ""):
                    return why
            elif key == "holds" and not isinstance(value, Mapping):
                refs = [_split(each) for each in (value if isinstance(value, list) else [value])]
                if not any(map(self.alive, refs)):
                    return f"行为“{refs[0]}”"
            elif key in self.words.facts and not self.told(key):
                return f"事实“{key}”"
        return ""


def _split(word: object) -> ActRef:
    act, _, of = str(word).partition(":")
    return ActRef(act, of)


def _kinds(rule: Rule) -> frozenset[str]:
    """The kinds of matter that a rule names; none where it names none, or only excludes some."""
    return frozenset(texts(rule.when.get("kind")))


def _refs(rule: Rule) -> Iterator[ActRef]:
    """Every act that a rule speaks of."""
    for key, kind in KEYS[rule.table].items():
        if kind == "acts" and key in rule.body:
            yield from rule.refs(key)
        elif kind == "needs" and key in rule.body:
            for group in need_tables(rule):
                yield from (ref for need in group if "act" in need for ref in act_refs(need))
    if rule.table == "extension":
        yield from (ActRef("limit.extended", topic) for topic in rule.texts_of("of"))
    for row in _rows(rule):
        if isinstance(row.get("act"), str):
            yield ActRef(row["act"], str(row.get("of", "")))
        yield from (
            ActRef(row[key])
            for key in ("from", "until")
            if isinstance(row.get(key), str) and "." in row[key]
        )
    for table in _conditions(rule):
        yield from map(_split, _under(table, "holds"))


def _rows(rule: Rule) -> list[Mapping[str, Any]]:
    rows = rule.body.get("rows", []) if rule.table == "list" else []
    return [row for row in rows if isinstance(row, Mapping)]


def _conditions(rule: Rule) -> Iterator[Mapping[str, Any]]:
    """Every condition that stands in a rule."""
    yield rule.when
    if rule.table == "condition":
        for key in ("any", "all"):
            for each in rule.body.get(key, ()):
                yield {name: value for name, value in each.items() if name not in ALTERNATIVE_KEYS}
    for row in _rows(rule):
        yield row.get("when", {})
    if "needs" in rule.body:
        for group in need_tables(rule):
            yield from (need["when"] for need in group if "when" in need)
    if isinstance(rule.body.get("may_end"), Mapping):
        yield rule.body["may_end"].get("when", {})


def _facts(table: Mapping[str, Any]) -> Iterator[str]:
    """The facts that a condition asks."""
    for key, value in table.items():
        if key in COMBINED:
            for each in value if isinstance(value, list) else [value]:
                yield from _facts(each)
        elif key not in ("is", "holds"):
            yield key


def _under(table: Mapping[str, Any], wanted: str) -> Iterator[str]:
    """The words that a condition asks under `is`, `holds` or a comparison of its facts."""
    for key, value in table.items():
        if key in COMBINED:
            for each in value if isinstance(value, list) else [value]:
                yield from _under(each, wanted)
        elif key == wanted:
            held = value.get("not") if isinstance(value, Mapping) else value
            yield from texts(held)
        elif isinstance(value, Mapping) and wanted in value:
            yield from texts(value[wanted])


def _asked(rule: Rule, key: str) -> Iterator[str]:
    for table in _conditions(rule):
        yield from _under(table, key)


def _lists_asked(rule: Rule) -> Iterator[str]:
    yield from _asked(rule, "listed")
    if "needs" in rule.body:
        for group in need_tables(rule):
            yield from (str(need["list"]) for need in group if "list" in need)
