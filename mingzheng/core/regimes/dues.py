"""The date a duty ends on, with everything needed to say how it was counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mingzheng.core.regimes.scene import Scene
from mingzheng.core.regimes.shapes import Rule
from mingzheng.core.workdays import Calendar, Counted, Suspension

How = dict[str, Any]


@dataclass
class Due:
    """`on` None: no number, or a fact missing (`unknown`), or the clock stands still."""

    on: date | None
    at: datetime | None = None
    provisional: bool = False
    unknown: frozenset[str] = frozenset()
    how: How = field(default_factory=dict)


def due_of(
    rule: Rule,
    scene: Scene,
    calendar: Calendar,
    version: str,
    suspensions: Sequence[Suspension] = (),
) -> Due:
    """When the duty of this rule ends if the scene's act opens it."""
    how = _head(rule, scene, version)
    if "no_later" in rule.body:
        return _next_such_day(rule, scene, calendar, how)
    number = rule.body.get("within")
    if not isinstance(number, int):
        return Due(None, how={**how, "within": number})
    start, name, missing = start_day(rule, scene)
    if start is None:
        return Due(None, unknown=missing, how=how)
    how["start"] = {"act": scene.act, "fact": name, "date": start.isoformat()}
    names = rule.texts_of("day0")
    if name in names[1:]:
        # Another day would count first if only it were known.
        how["start"]["unless"] = list(names[: names.index(name)])
    how |= {"within": number, "unit": rule.unit, "roll": rule.roll, "extensions": []}
    return recount(how, [_as_row(each) for each in suspensions], [], calendar)


def _head(rule: Rule, scene: Scene, version: str) -> How:
    return {
        "rule": rule.id,
        "pack": rule.origin.pack,
        "version": version,
        "source": rule.source,
        "topic": rule.topic,
        "act": scene.act,
    }


def start_day(rule: Rule, scene: Scene) -> tuple[date | None, str, frozenset[str]]:
    """(day 0, the fact it comes from, facts that are missing): the first known fact wins."""
    names = rule.texts_of("day0") or ("happened_on",)
    for name in names:
        if name == "happened_on":
            moment = scene.facts.get("happened_at")
            exact = rule.unit == "hour" and isinstance(moment, datetime)
            return (moment if exact else scene.on), name, frozenset()
        held = scene.facts.get(name)
        if isinstance(held, date):
            return held, name, frozenset()
    return None, "", frozenset(names)


def _next_such_day(rule: Rule, scene: Scene, calendar: Calendar, how: How) -> Due:
    start, name, missing = start_day(rule, scene)
    if start is None:
        return Due(None, unknown=missing, how=how)
    month, day = (int(part) for part in rule.text_of("no_later").split("-"))
    years = (start.year + n for n in range(9))  # 29 February may be eight years away
    due = next(each for year in years if (each := _date(year, month, day)) and each >= start)
    how |= {
        "start": {"act": scene.act, "fact": name, "date": start.isoformat()},
        "no_later": rule.text_of("no_later"),
        "due": due.isoformat(),
        "provisional": False,
    }
    return Due(due, how=how)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _as_row(each: Suspension | Mapping[str, Any]) -> How:
    if isinstance(each, Suspension):
        return {"from": each.start.isoformat(), "until": each.end.isoformat(), "why": each.why}
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in each.items()
    }


def recount(
    how: Mapping[str, Any],
    suspensions: Sequence[Suspension | Mapping[str, Any]],
    extensions: Sequence[Mapping[str, Any]],
    calendar: Calendar,
) -> Due:
    """Count again from a stored `how`. suspensions: Suspension or {from, until, why} (until None
    = the clock still stands: no due date). extensions: {by, unit, why} or {until, why}."""
    new: How = {
        **how,
        "suspensions": [_as_row(each) for each in suspensions],
        "extensions": [_as_row(each) for each in extensions],
    }
    if "start" not in how or "within" not in how:
        return Due(_iso_day(how.get("due")), how=new)
    start = _moment(how["start"]["date"])
    closed = [
        Suspension(_moment(each["from"]), _moment(each["until"]), str(each.get("why", "")))
        for each in new["suspensions"]
        if each.get("until")
    ]
    number, later = _extended(how, new["extensions"])
    counted = calendar.add(start, number, how["unit"], how["roll"], closed)
    for each in later:
        counted = _further(counted, each, how, calendar)
    new |= _trace(counted, calendar)
    pause = next((each for each in new["suspensions"] if not each.get("until")), None)
    if pause and _plain(_moment(pause["from"])) <= _plain(counted.due):
        return Due(None, how={**new, "due": None, "paused": pause["from"]})
    new["due"] = counted.due.isoformat()
    moment = counted.due if isinstance(counted.due, datetime) else None
    return Due(_plain(counted.due), moment, counted.provisional, how=new)


def _extended(
    how: Mapping[str, Any], extensions: Sequence[Mapping[str, Any]]
) -> tuple[int, list[Mapping[str, Any]]]:
    """Extensions in the unit of the limit lengthen it; others run from where it ended."""
    same = [each for each in extensions if each.get("unit") == how["unit"] and "until" not in each]
    return (
        int(how["within"]) + sum(int(each["by"]) for each in same),
        [each for each in extensions if each not in same],
    )


def _further(
    counted: Counted, each: Mapping[str, Any], how: Mapping[str, Any], calendar: Calendar
) -> Counted:
    if each.get("until"):
        due = _moment(each["until"])
        return Counted(
            counted.start,
            counted.n,
            counted.unit,
            due,
            False,
            counted.skipped,
            counted.worked,
            counted.roll,
            None,
            counted.suspensions,
        )
    return calendar.add(counted.due, int(each["by"]), str(each["unit"]), how["roll"])


def _trace(counted: Counted, calendar: Calendar) -> How:
    def row(day: date, why: str) -> How:
        return {"date": day.isoformat(), "why": why, "notice": calendar.notice_of(day)}

    return {
        "skipped": [row(*each) for each in counted.skipped],
        "worked": [row(*each) for each in counted.worked],
        "rolled_from": counted.rolled_from.isoformat() if counted.rolled_from else None,
        "due": counted.due.isoformat(),
        "provisional": counted.provisional,
    }


def _moment(text: str | date) -> date:
    if isinstance(text, date):
        return text
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _plain(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _iso_day(text: object) -> date | None:
    return _plain(_moment(text)) if isinstance(text, str) else None
