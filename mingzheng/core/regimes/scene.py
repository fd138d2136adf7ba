"""The matter at hand: an act, its day and its facts, as conditions ask about it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from mingzheng.core.regimes.conditions import NO, YES, Verdict, all_of, any_of, in_force, judge
from mingzheng.core.regimes.faults import BadFacts, hint
from mingzheng.core.regimes.shapes import ActRef, Rule
from mingzheng.core.regimes.vocabulary import FactKind, Vocabulary

Facts = Mapping[str, Any]
LIMIT = 10**15  # larger than any sum of money a case can be about; also keeps out inf and nan
SUMS = {"money": ("fine", "confiscated")}


class Rulebook(Protocol):
    """What a scene needs of its regime."""

    words: Vocabulary

    def rules(self, table: str) -> list[Rule]: ...
    def reading(self, at: str) -> str: ...
    def list_words(self, list_id: str, scene: "Scene") -> frozenset[str]: ...


class Scene:
    """One act under one set of facts; a several-party matter makes one scene per party."""

    def __init__(self, book: Rulebook, act: str, on: date, facts: Facts, party: str = "") -> None:
        self.book, self.act, self.on, self.facts, self.party = book, act, on, facts, party
        self._known: dict[str, Verdict] = {}

    def fact(self, name: str) -> Any:
        value = self.facts.get(name)
        if value is None and name in SUMS:
            parts = [self.facts.get(part) for part in SUMS[name]]
            return None if None in parts else sum(parts)
        return value

    def part(self, name: str) -> tuple[Any, frozenset[str]]:
        """The known part of a sum, and the facts that are missing from it."""
        if name not in SUMS:
            return None, frozenset()
        parts = SUMS[name]
        known = [self.facts[part] for part in parts if self.facts.get(part) is not None]
        missing = frozenset(part for part in parts if self.facts.get(part) is None)
        return (sum(known) if known else None), missing

    def listed(self, list_id: str) -> frozenset[str]:
        return self.book.list_words(list_id, self)

    def holds(self, act: str) -> Verdict:
        held = self.facts.get("holds")
        if held is None:
            return Verdict(None, unknown=frozenset({"holds"}))
        kinds = {str(each).partition(":")[0] for each in held} | {str(each) for each in held}
        return Verdict(act in kinds, frozenset({"holds"}))

    def condition(self, id: str) -> Verdict:
        """A named condition: any alternative of any rule of that id that counts here."""
        if id not in self._known:
            # A condition that asks for itself must not loop; checking refuses it when loading.
            self._known[id] = Verdict(None, unknown=frozenset({id}))
            found = [verdict for _, _, verdict in self.alternatives(id)]
            self._known[id] = any_of(found) if found else NO
        return self._known[id]

    def alternatives(self, id: str) -> Iterator[tuple[Rule, Mapping[str, Any], Verdict]]:
        """Each alternative of a condition with its answer. The nearest pack's rules count, and
        every statutory one beside them: a local list can't remove what the law says."""
        rules = [rule for rule in self.book.rules("condition") if rule.id == id and self.live(rule)]
        nearest = rules[0].origin.pack if rules else ""
        for rule in rules:
            if rule.origin.pack != nearest and not rule.flag("statutory"):
                continue
            guard = judge(rule.when, self)
            for each in rule.body.get("any", [{}]):
                tests = {
                    key: value
                    for key, value in each.items()
                    if key not in ("id", "source", "text", "note", "since", "until", "confirmed")
                }
                if in_force(each.get("since"), each.get("until"), self.on):
                    yield (
                        rule,
                        each,
                        all_of(
                            [
                                guard,
                                judge(tests, self),
                                judge({"all": rule.body.get("all", [])}, self),
                            ]
                        ),
                    )

    def live(self, rule: Rule) -> bool:
        """In force on the day that judges it (or that day isn't known), and of the reading
        chosen.
        """
        day = self.on
        judged_on = rule.text_of("judged_on")
        if judged_on:
            if not isinstance(self.facts.get(judged_on), date):
                return self._read_so(rule)
            day = self.facts[judged_on]
        return in_force(rule.since, rule.until, day) and self._read_so(rule)

    def _read_so(self, rule: Rule) -> bool:
        read = rule.body.get("if_read")
        return not isinstance(read, Mapping) or self.book.reading(str(read.get("at"))) == read.get(
            "is"
        )

    def opens(self, rule: Rule, key: str) -> Verdict:
        """Whether this act, its day and its facts bring a live rule into play; `key` names its
        acts (after, before, act)."""
        judged_on = rule.text_of("judged_on")
        dated = YES
        if judged_on and self.facts.get(judged_on) is None and (rule.since or rule.until):
            dated = Verdict(None, unknown=frozenset({judged_on}))
        return all_of([self.fits(rule.refs(key)), dated, judge(rule.when, self)])

    def fits(self, refs: tuple[ActRef, ...]) -> Verdict:
        """Whether this act is one of the refs; unknown when only its `of` would tell."""
        same = [ref for ref in refs if ref.act == self.act]
        if not same:
            return NO
        of = self.facts.get("of")
        if any(not ref.of for ref in same):
            return YES
        if of is None:
            return Verdict(None, unknown=frozenset({"of"}))
        return Verdict(any(ref.of == of for ref in same), frozenset({"of"}))


def read_facts(facts: Mapping[str, Any], words: Vocabulary) -> tuple[dict[str, Any], list[str]]:
    """Facts with dates made of ISO text and nulls left out, and a note for each name not known.
    Raises BadFacts (Chinese) for a value of the wrong kind."""
    held: dict[str, Any] = {}
    notes: list[str] = []
    for name, value in facts.items():
        kind = words.facts.get(str(name))
        if kind is None:
            notes.append(f"事实“{name}”不在词汇表中{hint(str(name), words.facts)}，未予考虑")
        elif value is not None:
            held[kind.id] = _read_fact(kind, value, words, notes)
    return held, notes


def _read_fact(kind: FactKind, value: Any, words: Vocabulary, notes: list[str]) -> Any:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind.id == "parties":
        return _read_parties(value, words, notes)
    if kind.type == "yes-no" and not isinstance(value, bool):
        raise BadFacts(f"事实 {kind.id}（{kind.name}）应为 true 或 false，而不是 {value!r}")
    if kind.type in ("number", "money") and (not number or not 0 <= value < LIMIT):
        unit = "（元）" if kind.type == "money" else ""
        raise BadFacts(f"事实 {kind.id}（{kind.name}）应为不小于 0 的数字{unit}，而不是 {value!r}")
    if kind.type in ("date", "time"):
        return _read_day(kind, value)
    if kind.type in ("choice", "choices"):
        return _read_choice(kind, value)
    if kind.type in ("texts", "acts"):
        held = list(value) if isinstance(value, (list, tuple)) else [value]
        _check_acts(kind, held if kind.type == "acts" else [], words)
        return held
    if kind.type == "text" and not isinstance(value, (str, list)):
        raise BadFacts(f"事实 {kind.id}（{kind.name}）应为文字，而不是 {value!r}")
    if kind.type == "table" and not isinstance(value, Mapping):
        raise BadFacts(
            f'事实 {kind.id}（{kind.name}）应为表，如 {{"要素": "内容"}}，而不是 {value!r}'
        )
    return value


def _check_acts(kind: FactKind, held: list[Any], words: Vocabulary) -> None:
    for each in held:
        act = str(each).partition(":")[0]
        if act not in words.acts:
            raise BadFacts(
                f"事实 {kind.id}（{kind.name}）里的行为“{each}”不在词汇表中{hint(act, words.acts)}"
            )


def _read_parties(value: Any, words: Vocabulary, notes: list[str]) -> list[dict[str, Any]]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, Mapping) for each in value):
        raise BadFacts(
            '事实 parties（各当事人）应为表的列表，如 [{"id": "甲", "party": "natural"}]'
        )
    parties = []
    for number, each in enumerate(value, 1):
        named = {key: part for key, part in each.items() if key not in ("id", "name")}
        read, more = read_facts(named, words)
        notes += more
        parties.append({**read, "id": str(each.get("id") or each.get("name") or f"当事人{number}")})
    return parties


def _read_day(kind: FactKind, value: Any) -> date:
    if isinstance(value, date):
        return value if kind.type == "time" or not isinstance(value, datetime) else value.date()
    try:
        return (datetime if kind.type == "time" else date).fromisoformat(value)
    except (TypeError, ValueError):
        shape = "2026-09-18T15:30" if kind.type == "time" else "2026-09-18"
        raise BadFacts(f"事实 {kind.id}（{kind.name}）应写成 {shape}，而不是 {value!r}") from None


def _read_choice(kind: FactKind, value: Any) -> Any:
    given = list(value) if isinstance(value, (list, tuple)) else [value]
    for each in given:
        if not isinstance(each, str) or (each not in kind.choices and not kind.open):
            near = hint(str(each), kind.choices)
            raise BadFacts(
                f"事实 {kind.id}（{kind.name}）不能是 {each!r}{near}；"
                f"可取：{'、'.join(kind.choices)}"
            )
    return given if kind.type == "choices" else value
