"""Gates: before an act the record must hold something, and nothing since has undone it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mingzheng.core.regimes.answers import ListAnswer, Missing, Refusal
from mingzheng.core.regimes.conditions import Verdict, judge
from mingzheng.core.regimes.resolving import Chain, displacing
from mingzheng.core.regimes.scene import Scene
from mingzheng.core.regimes.shapes import ActRef, Rule, act_refs
from mingzheng.core.regimes.stories import History, PastAct, values
from mingzheng.core.regimes.vocabulary import Vocabulary
from mingzheng.core.workdays import Calendar

Rows = Callable[[str, Scene], ListAnswer]


@dataclass(frozen=True)
class OpenGate:
    """A gate before the scene's act that holds, or may hold (`verdict` unknown)."""

    rule: Rule
    verdict: Verdict


def gates_before(chain: Chain, scene: Scene) -> list[OpenGate]:
    """Gates of every pack add up; only a non-statutory one can be displaced."""
    found = []
    for rule in chain.rules("gate"):
        if scene.act not in {ref.act for ref in rule.refs("before")} or not scene.live(rule):
            continue
        verdict = scene.opens(rule, "before")
        if verdict.value is not False:
            found.append(OpenGate(rule, verdict))
    removed = displacing(
        chain, [each.rule for each in found if not each.rule.flag("statutory")], scene
    )
    gone = {id for id, rows in removed.items() if any(verdict.value for _, verdict in rows)}
    waits = {
        id: frozenset().union(*(verdict.unknown for _, verdict in rows))
        for id, rows in removed.items()
    }
    return [
        _waiting(each, waits.get(each.rule.id, frozenset()))
        for each in found
        if each.rule.id not in gone
    ]


def _waiting(each: OpenGate, unknown: frozenset[str]) -> OpenGate:
    if not unknown:
        return each
    return OpenGate(each.rule, Verdict(None, each.verdict.used, each.verdict.unknown | unknown))


def need_tables(rule: Rule) -> list[list[Mapping[str, Any]]]:
    """`needs` in one form: every outer item must hold, by any of its inner tables."""
    outer = rule.body.get("needs", [])
    return [
        [_table(each) for each in (item if isinstance(item, list) else [item])]
        for item in (outer if isinstance(outer, list) else [outer])
    ]


def _table(item: object) -> Mapping[str, Any]:
    return item if isinstance(item, Mapping) else {"act": str(item)}


def need_acts(rule: Rule, rows: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """Act kinds a gate asks for, alternatives and list rows included."""
    named = [ref.act for group in need_tables(rule) for need in group for ref in act_refs(need)]
    listed = [str(row["act"]) for row in rows if row.get("act")]
    return [act for act in dict.fromkeys([*named, *listed]) if act]


class GateKeeper:
    """Answers for one act what its gates find missing in the record."""

    def __init__(
        self,
        scene: Scene,
        history: History,
        calendar: Calendar,
        attrs: Mapping[str, object],
        rows: Rows,
    ) -> None:
        self.scene, self.history, self.calendar = scene, history, calendar
        self.attrs, self.rows = attrs, rows
        self.words: Vocabulary = scene.book.words

    def refusal(self, gate: OpenGate) -> Refusal | None:
        """The gate's refusal, or None where everything it needs is there."""
        rule, missing, days = gate.rule, [], []
        for group in need_tables(rule):
            lacks, earliest = self._group(group)
            missing += lacks
            days += [earliest] if lacks else []
        if not missing and not rule.flag("bars"):
            return None
        only_waiting = bool(days) and all(days) and not rule.flag("bars")
        return Refusal(
            gate=rule.id,
            topic=rule.topic,
            pack=rule.origin.pack,
            source=rule.source,
            text=rule.text or self._say(rule, missing),
            missing=tuple(missing),
            unknown=tuple(sorted(gate.verdict.unknown)),
            soft=rule.flag("soft"),
            earliest=max(day for day in days if day) if only_waiting else None,
        )

    def _say(self, rule: Rule, missing: Sequence[Missing]) -> str:
        act = self.words.act_name(self.scene.act)
        if rule.flag("bars"):
            return f"不得{act}（{rule.source}）"
        return f"{act}前须先有：{'；'.join(each.words for each in missing)}"

    def _group(self, group: Sequence[Mapping[str, Any]]) -> tuple[list[Missing], date | None]:
        """([], None) when any alternative holds; else what is missing and the earliest day."""
        lacks: list[Missing] = []
        days: list[date] = []
        for need in group:
            if judge(need.get("when", {}), self.scene).value is False:
                continue
            found, earliest = self._need(need)
            if not found:
                return [], None
            lacks += found
            days += [earliest] if earliest else []
        if len(group) > 1 and lacks:
            words = " 或者 ".join(dict.fromkeys(each.words for each in lacks))
            lacks = [Missing(each.act, each.of, words) for each in lacks[:1]]
        return lacks, min(days, default=None)

    def _need(self, need: Mapping[str, Any]) -> tuple[list[Missing], date | None]:
        if "list" in need:
            return self._list(str(need["list"])), None
        refs = act_refs(need)
        if "act" not in need or (
            need.get("distinct_from") and any(ref.act == self.scene.act for ref in refs)
        ):
            return self._acting_person(need), None
        found = [each for ref in refs for each in self.history.of(ref, self.scene.on)]
        if "channel" in need:
            found = [each for each in found if need["channel"] in each.values("channel")]
        if not found:
            return [self._missing(refs[0], need)], None
        if "ahead" in need or "elapsed" in need:
            return self._waited(refs[0], need, found)
        if "distinct" in need:
            return self._distinct(refs[0], need, found), None
        if "distinct_from" in need:
            return self._other_person(refs[0], need, found), None
        if "per" in need:
            return self._per(refs[0], need, found), None
        return [], None

    def _missing(self, ref: ActRef, need: Mapping[str, Any], why: str = "") -> Missing:
        of = f"（{self.words.qualifier(ref.of)}）" if ref.of else ""
        name = self.words.act_name(ref.act) + of
        unit = self.words.units.get(str(need.get("unit")), "").removesuffix("（自然日）")
        if "ahead" in need:
            name = f"提前{need['ahead']}{unit}{name}"
        if "elapsed" in need:
            name = f"{name}后满{need['elapsed']}{unit}"
        return Missing(ref.act, ref.of, why or name)

    def _waited(
        self, ref: ActRef, need: Mapping[str, Any], found: Sequence[PastAct]
    ) -> tuple[list[Missing], date | None]:
        """ahead: so long before this act. elapsed: a period that has run out, so that this act
        comes after its last day, on which the party may still use it."""
        first = min(found, key=lambda each: each.on)
        start = first.at if need["unit"] == "hour" and first.at else first.on
        number = need["ahead"] if "ahead" in need else need["elapsed"]
        ready = self.calendar.add(start, int(number), str(need["unit"]), "elapsed" in need).due
        ready = date(ready.year, ready.month, ready.day)
        if "elapsed" in need:
            ready += timedelta(days=1)
        if ready <= self.scene.on:
            return [], None
        return [self._missing(ref, need)], ready

    def _distinct(
        self, ref: ActRef, need: Mapping[str, Any], found: Sequence[PastAct]
    ) -> list[Missing]:
        name, wanted = str(need["distinct"]), int(need.get("at_least", 2))
        held = frozenset().union(*(each.values(name) for each in found))
        if len(held) >= wanted:
            return []
        act = self.words.act_name(ref.act)
        who = self.words.owners.get(name) or self.words.roles.get(name, name)
        return [
            self._missing(
                ref, need, f"{act}：须有不少于 {wanted} 名不同的{who}，现有 {len(held)} 名"
            )
        ]

    def _who(self, role: str) -> str:
        return self.words.roles.get(role) or self.words.owners.get(role, role)

    def _other_person(
        self, ref: ActRef, need: Mapping[str, Any], found: Sequence[PastAct]
    ) -> list[Missing]:
        if any(not self._same_person(each.attrs, str(need["distinct_from"])) for each in found):
            return []
        act = self.words.act_name(ref.act)
        who = self._who(str(need["distinct_from"]))
        return [self._missing(ref, need, f"{act}的人员不得是本件的{who}")]

    def _acting_person(self, need: Mapping[str, Any]) -> list[Missing]:
        if not self._same_person(self.attrs, str(need.get("distinct_from", ""))):
            return []
        role, act = str(need["distinct_from"]), self.scene.act
        of = "来自" if role in self.words.owners else "是"
        return [
            Missing(act, "", f"{self.words.act_name(act)}的人员不得{of}本件的{self._who(role)}")
        ]

    def _same_person(self, attrs: Mapping[str, object], role: str) -> bool:
        if role == "handler" and self.scene.fact("reviewer_is_handler") is True:
            return True
        barred = self.history.everyone(role) | values(self.attrs, role)
        # From a section the question is where he sits, from a role who he is.
        return bool(values(attrs, "unit" if role in self.words.owners else "person") & barred)

    def _per(self, ref: ActRef, need: Mapping[str, Any], found: Sequence[PastAct]) -> list[Missing]:
        name = str(need["per"])
        plural = "parties" if name == "party" else f"{name}s"
        rows = self.scene.facts.get(plural) or []
        wanted = [row.get("id") if isinstance(row, Mapping) else row for row in rows]
        return [
            self._missing(ref, need, f"{self.words.act_name(ref.act)}（{each}）")
            for each in wanted
            if not any(
                not past.values(name)
                and not past.subject
                or each in past.values(name)
                or each == past.subject
                for past in found
            )
        ]

    def _list(self, id: str) -> list[Missing]:
        """Every must-row: its act in the record, or its field filled in facts["elements"]."""
        elements = self.scene.facts.get("elements") or {}
        lacks = []
        for row in self.rows(id, self.scene).rows:
            if row["need"] != "must":
                continue
            name = str(row.get("name") or row.get("title") or row.get("text") or row["id"])
            if row.get("act") and row.get("kind") != "field":
                ref = ActRef(str(row["act"]), str(row.get("of", "")))
                if not any(self.history.of(ref, self.scene.on)):
                    lacks.append(Missing(ref.act, ref.of, name))
            elif elements.get(row["id"]) in (None, "", [], {}, False):
                lacks.append(Missing("", str(row["id"]), name))
        return lacks
