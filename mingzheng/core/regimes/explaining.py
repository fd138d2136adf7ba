"""The JSON of `mingzheng law explain`: what an act needs and what it sets off."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from mingzheng.core.regimes.answers import Owed, TermAnswer, UnsetAnswer
from mingzheng.core.regimes.gates import OpenGate, need_acts, need_tables
from mingzheng.core.regimes.reading import plain
from mingzheng.core.regimes.resolving import displacing
from mingzheng.core.regimes.scene import Facts, Scene, read_facts
from mingzheng.core.regimes.shapes import Rule
from mingzheng.core.regimes.standing import EVERY
from mingzheng.core.workdays import Calendar

if TYPE_CHECKING:
    from mingzheng.core.regimes.regime import Regime

Row = dict[str, Any]


def explain(regime: "Regime", act: str, on: date, facts: Facts, calendar: Calendar) -> Row:
    """Everything about one act on one day. Raises BadFacts (Chinese) for what can't be asked."""
    scenes = regime.scenes(act, on, facts)
    held, strange = read_facts(facts, regime.words)
    allowed, source = regime.allows(str(held.get("kind") or ""))
    major = regime.major(on, facts)
    head: Row = {
        "pack": regime.id,
        "title": regime.title,
        "version": regime.version,
        "packs": regime.pack_versions,
        "act": act,
        "on": on.isoformat(),
        "applicable": allowed,
    }
    answer: Row = {
        "gates": [],
        "duties": [],
        "major": {
            "is": major.is_,
            "because": [dict(each) for each in major.because],
            "would_decide": list(major.would_decide),
        },
        "terms": [],
        "lists": [],
        "undoes": [],
    }
    notes = [_note("fact", text) for text in strange]
    if not allowed:
        kind = regime.words.facts["kind"].choices.get(str(held["kind"]), str(held["kind"]))
        notes.append(_note("scope", f"本机关无权实施{kind}", source))
        return {**head, "source": source, **answer, "notes": notes, "defects": []}
    owed = regime.owed(act, on, facts, calendar)
    terms = regime.terms(act, on, facts, calendar)
    scene = next(iter(scenes.values()))
    answer |= {
        "gates": [_gate(regime, gate, scene) for gate in regime.gates(act, on, facts)],
        "duties": [_duty(each) for each in owed] + _unset_rows(regime, "duty", act, owed),
        "terms": [_term(each) for each in terms] + _unset_rows(regime, "term", act, terms),
        "lists": _recordings(regime, act, scene),
        "undoes": [
            {
                "id": each.id,
                "undoes": [str(ref) for ref in each.acts],
                "source": each.source,
                "pack": each.pack,
                "holds": each.holds,
                "unknown": list(each.unknown),
            }
            for each in regime.undone_by(act, on, facts)
        ],
    }
    notes += _notes(regime, act, scenes, owed, terms)
    return {**head, **answer, "notes": notes, "defects": _defects(regime, answer)}


def _note(about: str, text: str, source: str = "", **more: Any) -> Row:
    return {"about": about, "text": text, "source": source, **more}


def _gate(regime: "Regime", gate: OpenGate, scene: Scene) -> Row:
    rule = gate.rule
    listed = [
        row
        for group in need_tables(rule)
        for need in group
        if "list" in need
        for row in regime.rows(str(need["list"]), scene.on, scene.facts).rows
    ]
    return {
        "id": rule.id,
        "needs": need_acts(rule, listed),
        "source": rule.source,
        "detail": [[plain(need) for need in group] for group in need_tables(rule)],
        "bars": rule.flag("bars"),
        "unknown": sorted(gate.verdict.unknown),
        "route": _route(regime, rule, scene),
        "topic": rule.topic,
        "pack": rule.origin.pack,
        "version": regime.version_of(rule),
        "text": rule.text,
        "soft": rule.flag("soft"),
        "statutory": rule.flag("statutory"),
        "confirmed": regime.confirmed(rule),
        "mode": rule.text_of("mode"),
        "by": rule.text_of("by"),
        "per": rule.text_of("per"),
        "facts": sorted(gate.verdict.used),
    }


def _route(regime: "Regime", rule: Rule, scene: Scene) -> Row | None:
    id = rule.text_of("route")
    if not id:
        return None
    found = regime.route(id, scene.on, scene.facts)
    # A route that no pack defines is a single role, such as route = "head".
    return asdict(found) if found else {"id": id, "steps": [{"role": id}]}


def _duty(each: Owed) -> Row:
    row: Row = {"id": each.rule, **asdict(each)}
    row |= {
        "then": each.then[0] if each.then else None,
        "or": [ref.act for ref in each.closes if ref.act not in each.then],
        "closes": [str(ref) for ref in each.closes],
        "due": _iso(each.due),
        "due_at": _iso(each.due_at),
        "light_due": _iso(each.light_due),
        "channel": each.channel or None,
        "to": each.to or None,
        "per": each.per or None,
        "by": each.by or None,
        "party": list(each.party) or None,
        "unit": each.unit or None,
        "displaced": list(each.displaced),
        "unknown": list(each.unknown),
    }
    del row["rule"]
    return row


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _term(each: TermAnswer) -> Row:
    row: Row = {"id": each.rule, **asdict(each)}
    row |= {
        "until": _iso(each.until),
        "from": _iso(each.start),
        "channel": each.channel or None,
        "party": list(each.party) or None,
        "unit": each.unit or None,
        "limit": each.limit or None,
        "then": each.then or None,
        "route": each.route or None,
        "unknown": list(each.unknown),
        "displaced": list(each.displaced),
    }
    del row["rule"], row["start"]
    return row


def _unset_rows(
    regime: "Regime", table: str, act: str, rows: Sequence[Owed | TermAnswer]
) -> list[Row]:
    """A topic the texts leave open and nothing fills is answered null and 未规定, never left
    out.
    """
    shape = {field.name: None for field in fields(Owed if table == "duty" else TermAnswer)}
    found: dict[str, Row] = {}
    for each in regime.unset():
        opens = each.after or regime.words.topic_after(each.topic)
        if (
            act in opens
            and regime.words.topic_table(each.topic) == table
            and not any(_fills(row, each) for row in rows)
        ):
            row: Row = {
                **shape,
                "id": None,
                "or": [],
                "until": None,
                "from": None,
                "topic": each.topic,
                "pack": each.pack,
                "version": regime.pack_versions[each.pack],
                "provisional": False,
                "source": each.source,
                "unset": True,
                "unknown": [],
                "displaced": [],
                "closes": [],
                "how": {},
                "fallback": False,
                "awaited": False,
                "none": False,
                "permanent": False,
                "confirmed": True,
                "text": _unset_text(each.refers_to),
            }
            found.setdefault(
                each.topic,
                {key: value for key, value in row.items() if key not in ("rule", "start")},
            )
    return list(found.values())


def _fills(row: Owed | TermAnswer, unset: UnsetAnswer) -> bool:
    """A rule for one channel doesn't settle the others."""
    return row.topic == unset.topic and (row.channel in EVERY or row.channel in unset.channels)


def _unset_text(refers_to: str) -> str:
    return f"未规定（原文指向：{refers_to}）" if refers_to else "未规定"


def _recordings(regime: "Regime", act: str, scene: Scene) -> list[Row]:
    """Rows of any list that say something of this act, such as how it must be recorded."""
    found: list[Row] = []
    for id in regime.lists_about(act):
        answer = regime.rows(id, scene.on, scene.facts)
        found += [
            {"list": id, **row, "waiver": plain(answer.waiver)}
            for row in answer.rows
            if act in (row.get("act"), *(row.get("acts") or ()))
        ]
    return found


def _notes(
    regime: "Regime",
    act: str,
    scenes: Mapping[str, Scene],
    owed: list[Owed],
    terms: list[TermAnswer],
) -> list[Row]:
    notes: list[Row] = []
    rows: list[Owed | TermAnswer] = [*owed, *terms]
    for each in owed:
        if each.floor and each.due:
            notes.append(
                _note(
                    "slack",
                    f"{each.source}的期限（{each.due}）长于上位规定（{each.floor['due']}），按较早的日期提醒",
                    str(each.floor["source"]),
                    id=each.rule,
                )
            )
        if each.none:
            notes.append(
                _note(
                    "none",
                    f"{each.source}：{each.text or '此处不作要求'}",
                    each.source,
                    id=each.rule,
                )
            )
    for term in terms:
        if term.floor:
            word = "短于" if term.floor["limit"] != "at_most" else "长于"
            notes.append(
                _note(
                    "slack",
                    f"{term.source}的期间{word}上位规定（{term.floor['until']}）",
                    str(term.floor["source"]),
                    id=term.rule,
                )
            )
    if not regime.rules("condition"):
        notes.append(_note("major", "本规则包及其上级没有规定何为重大决定（是否漏写 extends？）"))
    for unset in {each.topic: each for each in reversed(regime.unset())}.values():
        filled = [row for row in rows if row.topic == unset.topic]
        if filled:
            notes.append(
                _note(
                    "unset",
                    f"{_unset_text(unset.refers_to)}；适用{filled[0].source}",
                    unset.source,
                    topic=unset.topic,
                )
            )
    for row in rows:
        if not row.confirmed:
            notes.append(_note("unconfirmed", "规则尚待确认", row.source, id=row.rule))
    return [*notes, *_displaced(regime, act, scenes), *_none_rules(regime, act, scenes, owed)]


def _displaced(regime: "Regime", act: str, scenes: Mapping[str, Scene]) -> list[Row]:
    """Rules that a rule opening on another act displaces: nothing is owed here, and why."""
    notes: dict[str, Row] = {}
    for scene in scenes.values():
        rules = [*regime.opened_by("duty", act), *regime.opened_by("term", act)]
        for id, rows in displacing(regime, rules, scene).items():
            for other, verdict in rows:
                if verdict.value and act not in {ref.act for ref in other.refs("after")}:
                    after = "、".join(regime.words.act_name(ref.act) for ref in other.refs("after"))
                    notes[id] = _note(
                        "displaced",
                        f"{id} 不适用：改按 {other.id}（自“{after}”起算）",
                        other.source,
                        id=id,
                        by=other.id,
                    )
    return list(notes.values())


def _none_rules(
    regime: "Regime", act: str, scenes: Mapping[str, Scene], owed: list[Owed]
) -> list[Row]:
    """A text that says nothing is owed is told even where no row stands for it."""
    shown = {each.rule for each in owed}
    notes: dict[str, Row] = {}
    for scene in scenes.values():
        for rule in regime.opened_by("duty", act):
            if rule.flag("none") and rule.id not in shown and regime.stands(rule, scene):
                notes[rule.id] = _note(
                    "none",
                    f"{rule.source}：{rule.text or '此处不作要求'}",
                    rule.source,
                    id=rule.id,
                    topic=rule.topic,
                )
    return list(notes.values())


def _defects(regime: "Regime", answer: Row) -> list[Row]:
    """Defects of the agency's own text, those that touch a rule of this answer first."""
    shown = {row["id"] for part in ("gates", "duties", "terms") for row in answer[part]}
    touched = {
        str(rule.body["if_read"].get("at"))
        for table in ("duty", "gate", "term")
        for rule in regime.rules(table)
        if rule.id in shown and "if_read" in rule.body
    }
    rows = [
        {**asdict(each), "readings": list(each.readings), "touches": each.at in touched}
        for each in regime.defects()
    ]
    return sorted(rows, key=lambda row: not row["touches"])
