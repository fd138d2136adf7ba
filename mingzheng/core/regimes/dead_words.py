"""Words that can be written but not done: acts that nothing does, facts that nobody supplies, lists
that nobody reads, and the duties and gates that hang on them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingzheng.core.regimes.faults import Fault, hint
from mingzheng.core.regimes.gates import need_tables
from mingzheng.core.regimes.library import Library
from mingzheng.core.regimes.scene import SUMS
from mingzheng.core.regimes.schema import KEYS
from mingzheng.core.regimes.shapes import ActRef, Pack, Rule, act_refs, texts
from mingzheng.core.regimes.supply import ANY, Awaiting, Supply
from mingzheng.core.regimes.vocabulary import Vocabulary, fact_kind
from mingzheng.core.regimes.wording import ALTERNATIVE_KEYS

COMBINED = ("any", "all", "not")
FAMILIES = {
    "acts": "没有哪一步、哪项任务做这个行为",
    "facts": "没有表单填、也没有地方算这个事实",
    "unread": "表单问这个事实，却没有哪条规则用它",
}
# Tables whose ids only the program looks for; a list may also be asked by a rule.
SOUGHT = {"quota": "比例", "count": "统计口径", "paper": "材料"}


@dataclass
class Found:
    """What one pack's words lack: `faults` must be mended, `notes` only say what has to wait."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Complaint:
    """What is dead in a rule, how to mend it, and the words (family, word) of which any would do so
    by coming to life. `barring`: until then it bars the way.
    """

    rule: Rule
    what: str
    mend: str
    words: tuple[tuple[str, str], ...]
    barring: bool = False

    def fault(self, then: str = "") -> Fault:
        """As it is told; `then` stands in the place of how to mend it."""
        return Fault(self.rule.origin.file, self.rule.id, f"{self.what}；{then or self.mend}")


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
        excused = ours is not None and ours.version == pack.version
        for each in complaints(library, pack, supply):
            chapter = next(filter(None, (awaiting.chapter(*word) for word in each.words)), None)
            if chapter is None:
                found.faults.append(each.fault())
            elif not excused:
                said = each.fault(f"要等“{chapter.name}”一章建成才起作用")
                (found.faults if each.barring else found.notes).append(said)
    found.faults, found.notes = sorted(set(found.faults)), sorted(set(found.notes))
    return found


def complaints(library: Library, pack: Pack, supply: Supply) -> list[Complaint]:
    """Everything about a pack's words that is dead today, whatever it may wait for."""
    return list(_Reading(library, pack, supply).run())


def dead_vocabulary(library: Library, supply: Supply) -> set[tuple[str, str]]:
    """The words of the vocabulary that nothing does or supplies, and the facts that are asked and
    that no rule of any pack reads, as (family, word).
    """
    readings = [_Reading(library, pack, supply) for pack in library.packs.values()]
    asked = {fact for each in readings for fact in each.asked_facts}
    read = {name for each in readings for rule in each.pack.rules for name in _named(rule)}
    words = library.words
    parts = {part for whole in SUMS if whole in read for part in SUMS[whole]}
    return {
        *(("acts", act) for act in words.acts if act not in supply.acts),
        *(("facts", fact) for fact in words.facts if fact not in supply.facts | asked),
        *(
            ("unread", fact)
            for fact in supply.answered - read - parts
            if _asked_as_such(words, fact)
        ),
    }


def list_faults(library: Library, supply: Supply, awaiting: Awaiting) -> list[Fault]:
    """What is wrong with the two lists that the product keeps: a dead word of the vocabulary that
    waits for no chapter, and a word that waits although something does, supplies or reads it.
    `library` are the shipped packs.
    """
    vocabulary = dead_vocabulary(library, supply)
    dead = vocabulary.union(
        *(
            each.words
            for pack in library.packs.values()
            for each in complaints(library, pack, supply)
        )
    )
    faults = [
        Fault(
            "vocabulary.toml",
            word,
            f"{FAMILIES[family]}；请删去这个词，或者在 awaiting.toml 里写明等哪一章",
        )
        for family, word in sorted(vocabulary)
        if awaiting.chapter(family, word) is None
    ]
    faults += [
        Fault("awaiting.toml", chapter.noun, f"{family} 的“{word}”不用再等了，请删去，并改小 most")
        for chapter in awaiting.chapters
        for family, words in chapter.words.items()
        for word in sorted(words)
        if (family, word) not in dead
    ]
    if len(awaiting) != awaiting.most:
        faults.append(
            Fault("awaiting.toml", "most", f"写的是 {awaiting.most}，实际 {len(awaiting)} 个词")
        )
    return faults


def _asked_as_such(words: Vocabulary, fact: str) -> bool:
    """Whether a fact is a question of its own: a yes or no, and no sum, name or date of a paper."""
    return fact in words.facts and words.facts[fact].type == "yes-no"


class _Reading:
    """One pack read for its dead words, in the light of all that it extends."""

    def __init__(self, library: Library, pack: Pack, supply: Supply) -> None:
        self.pack, self.supply = pack, supply
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
        self.higher = {rule.topic for each in self.chain if each is not pack for rule in each.rules}
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

    # Acts.
    def alive(self, ref: ActRef, kinds: frozenset[str] = frozenset()) -> bool:
        """Whether something does the act, in one of these kinds of matter."""
        return self.supply.does(ref, self.known, kinds)

    def _acts(self, rule: Rule) -> Iterator[Complaint]:
        for ref in dict.fromkeys(_refs(rule)):
            if self.alive(ref) or ref.act not in self.words.acts:
                continue
            done = self.supply.acts.get(ref.act)
            name = f"“{ref.act}”（{self.words.act_name(ref.act)}）"
            if done is None:
                what = (
                    f"行为{name}没有办理的地方，永远不会发生{near_act(ref.act, self.supply.acts)}"
                )
                mend = "请改用能办的行为（docs/vocabulary.md 标明了哪些能办）"
            else:
                held = done.of - {ANY, ""}
                near = hint(ref.of, held | (self.known if ANY in done.of else set()))
                what = f"{name}没有“{ref.of}”这一种（of）{near}"
                mend = f"能办的：{'、'.join(sorted(held)) or '不分种类，请去掉 of'}"
            yield self._complaint(rule, what, mend, *self._waiting(ref))

    def _waiting(self, *refs: ActRef) -> list[tuple[str, str]]:
        """The words that dead acts wait for: the act, or just this manner of it."""
        return [
            ("acts", str(ref) if ref.act in self.supply.acts else ref.act)
            for ref in refs
            if not self.alive(ref)
        ]

    def _complaint(
        self, rule: Rule, what: str, mend: str, *words: tuple[str, str], barring: bool = False
    ) -> Complaint:
        return Complaint(rule, what, mend, words, barring)

    # Facts.
    def told(self, fact: str) -> bool:
        """Whether a form, a reader or an act supplies the fact."""
        return fact in self.supply.facts or fact in self.asked_facts

    def _facts(self, rule: Rule) -> Iterator[Complaint]:
        for name in sorted({*_named(rule), *([rule.id] if rule.table == "fact" else [])}):
            if name not in self.words.facts or self.told(name):
                continue
            yield self._complaint(
                rule,
                f"事实“{name}”（{self.words.fact_name(name)}）没有表单填、也没有地方算，永远不知道"
                f"{hint(name, self.supply.facts)}",
                "请改用有来源的事实（docs/vocabulary.md 标明了哪些有）",
                ("facts", name),
                barring=rule.table == "gate",
            )

    # What is only read.
    def _read(self, rule: Rule) -> Iterator[Complaint]:
        """Lists, routes, terms and the like that nothing asks for."""
        if rule.flag("none") or (held := self._readers(rule)) is None or held[1]:
            return
        said, _, known = held
        yield self._complaint(
            rule,
            f"{said}{hint(rule.id, known)}",
            "请核对编号，用不上的请删去",
            (f"{rule.table}s", rule.id),
            ("tables", rule.table),
        )

    def _readers(self, rule: Rule) -> tuple[str, bool, set[str]] | None:
        """(what is said when nothing reads it, whether something does, what is read); None for
        tables that the engine itself reads.
        """
        supply, id = self.supply, rule.id
        if rule.table == "list":
            known = {*(each.rstrip(ANY) for each in supply.lists), *self.asked_lists}
            alive = supply.reads(id) or id in self.asked_lists
            return f"清单“{id}”没有地方读，也没有规则用它", alive, known
        if rule.table == "route":
            return f"审批路线“{id}”没有哪一步走它", id in supply.routes, set(supply.routes)
        if rule.table == "condition":
            known = {*supply.ids["condition"], *self.asked_conditions}
            return f"条件组“{id}”没有规则问它（is）", id in known, known
        if rule.table == "term":
            after = "、".join(sorted(supply.terms))
            alive = any(ref.act in supply.terms for ref in rule.refs("after"))
            return f"期间“{id}”没有地方读：读的只有 {after} 以后的期间", alive, set()
        if rule.table in SOUGHT:
            known = set(supply.ids.get(rule.table, ()))
            return f"{SOUGHT[rule.table]}“{id}”没有地方读", id in known, known
        return None

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
                f"题目“{rule.topic}”别处没有，不会与上级的规定比较{hint(rule.topic, known)}",
                '确实是新题目的，用 title = "…" 写出它的名称',
            )

    # Duties and gates.
    def _duty(self, rule: Rule) -> Iterator[Complaint]:
        kinds, opening = _kinds(rule), rule.refs("after")
        closing = [*rule.refs("then"), *rule.refs("or")]
        able = [ref for ref in closing if self.alive(ref, kinds)]
        if not any(self.alive(ref, kinds) for ref in opening):
            yield self._complaint(
                rule,
                f"这项义务永远不会产生：{self._where(kinds)}没有哪一步做{_said(opening)}",
                "请改 after 或者 when",
                ("duties", rule.id),
                *self._waiting(*opening),
            )
        elif all(self.supply.ends(ref, kinds) for ref in opening):
            able = [ref for ref in able if self.supply.follows_the_end(ref, kinds)]
        if why := self._impossible(rule.when):
            yield self._complaint(
                rule,
                f"这项义务永远不会产生：when 里的{why[0]}不可能成立",
                "请改 when",
                ("duties", rule.id),
                why[1],
            )
        if not able:
            yield self._complaint(
                rule,
                f"这项义务永远了结不了：产生以后，{self._where(kinds)}没有哪一步做{_said(closing)}",
                "请改 then，或者用 or 写上能办的行为",
                ("duties", rule.id),
                *self._waiting(*closing),
            )

    def _gate(self, rule: Rule) -> Iterator[Complaint]:
        """Each outer need must be within reach in the kinds of matter that the gate speaks of."""
        kinds = _kinds(rule)
        for group in need_tables(rule):
            refs = [ref for need in group for ref in act_refs(need)]
            if any("act" not in need for need in group):
                continue
            if not any(self.alive(ref, kinds) for ref in refs):
                yield self._complaint(
                    rule,
                    f"这个条件永远满足不了，会一直拦着：{self._where(kinds)}没有哪一步做"
                    f"{_said(refs)}",
                    "请改 needs",
                    ("gates", rule.id),
                    *self._waiting(*refs),
                    barring=True,
                )

    def _where(self, kinds: frozenset[str]) -> str:
        names = self.words.facts["kind"].choices
        said = "、".join(names.get(kind, kind) for kind in sorted(kinds))
        return f"{said}里" if said else ""

    def _impossible(self, table: Mapping[str, Any]) -> tuple[str, tuple[str, str]] | None:
        """Why a condition can never hold: a fact that nobody tells, an act that nothing does.
        Alternatives must all be impossible.
        """
        for key, value in table.items():
            why = None
            if key == "any":
                reasons = [self._impossible(each) for each in value]
                why = reasons[0] if reasons and all(reasons) else None
            elif key == "all":
                why = next(filter(None, map(self._impossible, value)), None)
            elif key == "holds" and not isinstance(value, Mapping):
                refs = [_split(word) for word in texts(value)]
                dead = refs and not any(map(self.alive, refs))
                why = (f"行为“{refs[0]}”", ("acts", refs[0].act)) if dead else None
            elif key in self.words.facts and not self.told(key):
                why = (f"事实“{key}”", ("facts", key))
            if why:
                return why
        return None


def near_act(act: str, living: Iterable[str]) -> str:
    """Living acts of the same noun, else the one that is spelt most like it, as a Chinese hint."""
    noun, known = act.partition(".")[0], sorted(living)
    same = [each for each in known if each.partition(".")[0] == noun]
    near = hint(act, same or known)
    return near or (f"；同类能办的：{'、'.join(same)}" if same else "")


def _said(refs: Iterable[ActRef]) -> str:
    return f"“{'、'.join(dict.fromkeys(map(str, refs)))}”"


def _named(rule: Rule) -> set[str]:
    """Every fact that a rule asks, also as a date."""
    dates = {
        word for key in ("day0", "judged_on", "or_until") for word in texts(rule.body.get(key))
    }
    return {name for table in _conditions(rule) for name in _facts(table)} | dates - {"happened_on"}


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
