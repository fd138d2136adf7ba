"""Little stories a jurist writes beside the packs, run as tests and by `law check`.

A file of examples holds [[example]] tables:

    [[example]]
    title = "许可、处罚决定七个工作日内公开"
    pack = "wenshang-industry"
    facts = { kind = "penalty" }                     # facts of the whole story
    given = [                                        # acts in the order they happened
      { act = "officer.identified", on = 2026-09-01, officer = ["甲", "乙"] },
      { act = "party.notified", of = "penalty", on = 2026-09-10 },
      { act = "decision.made", on = 2026-09-18, fine = 500 },   # facts of this act alone
    ]
    ask = { act = "publication.published", on = 2026-09-20 }
    missing = ["WG-A8/approval"]                     # exactly the gates that refuse `ask`
    owed = [{ rule = "WG-A7.1/licence-penalty", due = 2026-09-29 }]   # still open at the end

Other keys: `asks_too` = gates besides `missing` that may refuse (given = short stories);
in `owed`: `floor` = date of the higher norm, `light` = the earlier date, `channel`, `to`;
`not_owed` = rule ids that must not be open; `terms` = [{ rule, until, channel }] set off by `ask`;
`major` = true, false or "unknown"; `applicable` = false. In `given`, the keys officer, person,
handler, reviewer, unit, handling-unit, channel, party and subject are attributes of the act;
others are facts.
An act that a later act undoes drops out; a later act that a duty waits for closes the oldest."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from mingzheng.core.regimes.answers import Owed, Refusal
from mingzheng.core.regimes.faults import BadFacts, Fault
from mingzheng.core.regimes.library import Library
from mingzheng.core.regimes.reading import parse
from mingzheng.core.regimes.regime import Regime
from mingzheng.core.regimes.stories import History, PastAct
from mingzheng.core.workdays import Calendar

ATTRS = (
    "officer",
    "person",
    "handler",
    "reviewer",
    "channel",
    "party",
    "subject",
    "unit",
    "handling-unit",
)
KEYS = (
    "title",
    "pack",
    "facts",
    "given",
    "ask",
    "missing",
    "asks_too",
    "owed",
    "not_owed",
    "terms",
    "major",
    "applicable",
    "clause",
    "note",
)


def example_files(paths: Sequence[Path]) -> list[Path]:
    """TOML files under the paths that hold examples."""
    files = [
        file
        for path in paths
        for file in (sorted(path.rglob("*.toml")) if path.is_dir() else [path])
    ]
    return [file for file in files if examples_of(file)]


def examples_of(file: Path) -> list[Mapping[str, Any]]:
    """The examples of a file; one that can't be read is told by loading, not here."""
    try:
        held = parse(file.read_text(encoding="utf-8-sig"), file.name)[0].get("example", [])
    except (OSError, UnicodeDecodeError):
        return []
    return [each for each in held if isinstance(each, Mapping)] if isinstance(held, list) else []


def run_examples(paths: Sequence[Path], library: Library, calendar: Calendar) -> list[Fault]:
    """Every example that doesn't come out as written."""
    faults: list[Fault] = []
    for file in example_files(paths):
        for number, example in enumerate(examples_of(file), 1):
            title = str(example.get("title", f"第 {number} 例"))
            faults += [
                Fault(file.name, title, text) for text in problems(example, library, calendar)
            ]
    return faults


def problems(example: Mapping[str, Any], library: Library, calendar: Calendar) -> list[str]:
    """What comes out otherwise than one example says, in Chinese."""
    strange = [key for key in example if key not in KEYS]
    if strange:
        return [f"不认识的键 {'、'.join(strange)}；可用：{'、'.join(KEYS)}"]
    if example.get("pack") not in library.packs:
        return [f"没有规则包“{example.get('pack')}”"]
    try:
        return _Run(example, library.regime(example["pack"]), calendar).problems()
    except (BadFacts, KeyError, TypeError, AttributeError) as error:
        return [f"例子写法有误：{error}"]


class _Run:
    """One example played through."""

    def __init__(self, example: Mapping[str, Any], regime: Regime, calendar: Calendar) -> None:
        self.example, self.regime, self.calendar = example, regime, calendar
        self.base: dict[str, Any] = dict(example.get("facts", {}))
        self.past: list[PastAct] = []
        self.open: list[Owed] = []
        for row in example.get("given", []):
            self._happen(row)

    def facts(self, row: Mapping[str, Any]) -> dict[str, Any]:
        own = {key: value for key, value in row.items() if key not in ("act", "on", "at", *ATTRS)}
        return {"holds": History(self.past).kinds(), **self.base, **own}

    def _happen(self, row: Mapping[str, Any]) -> None:
        act, of, on = str(row["act"]), str(row.get("of", "")), row["on"]
        facts = self.facts(row)
        for undo in self.regime.undone_by(act, on, facts):
            if undo.holds:
                self.past = [
                    each
                    for each in self.past
                    if not any(ref.fits(each.act, each.of) for ref in undo.acts)
                ]
        self._close(act, of)
        attrs = {key: row[key] for key in ATTRS if key in row}
        self.past.append(PastAct(act, on, of=of, subject=str(row.get("subject", "")), attrs=attrs))
        self.open += self.regime.owed(act, on, self.facts(row), self.calendar)

    def _close(self, act: str, of: str) -> None:
        """The act closes the oldest open duty of each rule that waits for it."""
        closed: set[tuple[str, str, str]] = set()
        left = []
        for duty in self.open:
            key = (duty.rule, duty.channel, duty.to)
            if key not in closed and any(ref.fits(act, of) for ref in duty.closes):
                closed.add(key)
            else:
                left.append(duty)
        self.open = left

    def problems(self) -> list[str]:
        ask = self.example.get("ask")
        found = self._owed()
        if ask:
            found += self._asked(ask)
        return found

    def _asked(self, ask: Mapping[str, Any]) -> list[str]:
        act, on, facts = str(ask["act"]), ask["on"], self.facts(ask)
        found = []
        attrs = {key: ask[key] for key in ATTRS if key in ask}
        refused = {
            each.gate: each
            for each in self.regime.refusals(
                act, on, facts, History(self.past), self.calendar, attrs
            )
        }
        if "missing" in self.example:
            wanted = set(self.example["missing"])
            extra = set(refused) - wanted - set(self.example.get("asks_too", []))
            found += [f"应当被 {gate} 拦下，实际没有" for gate in sorted(wanted - set(refused))]
            found += [
                f"被 {gate} 拦下（{refused[gate].text}），例子里没有写"
                f"{self._unknown(refused[gate])}"
                for gate in sorted(extra)
            ]
        if "major" in self.example:
            is_major = self.regime.major(on, facts).is_
            held = "unknown" if is_major is None else is_major
            if held != self.example["major"]:
                found.append(f"是否重大应为 {self.example['major']}，实际为 {held}")
        if "applicable" in self.example:
            allowed = self.regime.allows(str(facts.get("kind") or ""))[0]
            if allowed is not self.example["applicable"]:
                found.append(f"applicable 应为 {self.example['applicable']}，实际为 {allowed}")
        return found + self._terms(act, on, facts)

    def _unknown(self, refusal: Refusal) -> str:
        """The facts that an example leaves open, where only they let a gate bar."""
        names = [f"“{name}”（{self.regime.words.fact_name(name)}）" for name in refusal.unknown]
        return f"；还不知道事实{'、'.join(names)}，请在 facts 里写明" if names else ""

    def _terms(self, act: str, on: date, facts: Mapping[str, Any]) -> list[str]:
        held = self.regime.terms(act, on, facts, self.calendar)
        found = []
        for want in self.example.get("terms", []):
            rows = [
                row
                for row in held
                if row.rule == want.get("rule", row.rule)
                and row.channel == want.get("channel", row.channel)
            ]
            dates = [row.until for row in rows]
            if not rows or ("until" in want and want["until"] not in dates):
                got = "、".join(f"{row.rule} {row.until}" for row in held) or "无"
                found.append(f"期间应有 {dict(want)}，实际为：{got}")
        return found

    def _owed(self) -> list[str]:
        found = []
        for want in self.example.get("owed", []):
            rows = [row for row in self.open if row.rule == want["rule"]]
            if not any(self._same(row, want) for row in rows):
                got = "；".join(
                    f"{row.rule} 到期 {row.due}"
                    + (f"（上位 {row.floor['due']}）" if row.floor else "")
                    for row in rows
                )
                others = "、".join(sorted({row.rule for row in self.open}))
                found.append(f"应有义务 {_said(want)}，实际为：{got or f'无（现有：{others}）'}")
        for id in self.example.get("not_owed", []):
            if any(row.rule == id for row in self.open):
                found.append(f"不应有义务 {id}，实际仍未了结")
        return found

    def _same(self, row: Owed, want: Mapping[str, Any]) -> bool:
        held = {
            "due": row.due,
            "light": row.light_due,
            "channel": row.channel,
            "to": row.to,
            "floor": row.floor and date.fromisoformat(row.floor["due"]),
            "rule": row.rule,
        }
        return all(
            held.get(key) == (None if value == "none" else value) for key, value in want.items()
        )


def _said(want: Mapping[str, Any]) -> str:
    return "，".join(f"{key} = {value}" for key, value in want.items())
