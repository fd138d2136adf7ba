"""From TOML text to rules: structure, keys and kinds of value. Words are checked later."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mingzheng.core.regimes.faults import Fault, hint
from mingzheng.core.regimes.schema import (
    CHOICES,
    COMMON,
    KEYS,
    LISTED_WORDS,
    NEEDS_SOURCE,
    NUMBERED,
    PACK_KEYS,
    REQUIRED,
    SCOPE_KEYS,
)
from mingzheng.core.regimes.shapes import Origin, Pack, Rule, Scope, texts
from mingzheng.core.regimes.vocabulary import renewed


@dataclass
class RawFile:
    """One parsed file of a pack, its rules and its faults."""

    name: str
    head: dict[str, Any]
    content: dict[str, Any]
    scope: Scope | None = None
    rules: list[Rule] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, rule: str, text: str) -> None:
        self.faults.append(Fault(self.name, rule, text))


def parse(text: str, name: str) -> tuple[dict[str, Any], list[Fault]]:
    """The parsed TOML, or {} and the fault that says why it isn't TOML."""
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        return {}, [
            Fault(name, "（文件）", f"不是合法的 TOML：{error}；请检查该处的引号、括号和等号")
        ]
    except RecursionError:
        return {}, [Fault(name, "（文件）", "表套得太深，读不了；请改平一些")]


def read(content: dict[str, Any], name: str) -> RawFile:
    """Rules of one parsed file; faults are collected, not raised."""
    head = content.get("pack")
    raw = RawFile(name, head if isinstance(head, dict) else {}, content)
    if not isinstance(head, dict):
        raw.fault("pack", "缺少 [pack] 表；至少要有 id、title、rank")
        return raw
    for key in ("id", "title", "rank"):
        if not isinstance(head.get(key), str) or not head[key].strip():
            raw.fault("pack", f"[pack] 缺少 {key}（文字）")
    _check_keys(raw, "pack", head, PACK_KEYS)
    origin = Origin(
        str(head.get("id", "")),
        str(head.get("title", "")),
        str(head.get("rank", "")),
        name,
        head.get("roll") is True,
        _day(head.get("since")),
        _day(head.get("until")),
        head.get("confirmed") is not False,
    )
    # The pack keeps its own text, and with it its version; its rules speak in today's words.
    said = renewed(content)
    _read_scope(raw, said.get("scope"))
    for table, rows in said.items():
        if table not in ("pack", "scope"):
            _read_table(raw, table, rows, origin)
    return raw


def _read_scope(raw: RawFile, scope: object) -> None:
    if scope is None:
        return
    if not isinstance(scope, dict) or not isinstance(scope.get("kinds"), list):
        raw.fault("scope", '[scope] 要有 kinds（事项种类的列表），如 kinds = ["penalty"]')
        return
    _check_keys(raw, "scope", scope, SCOPE_KEYS)
    if not scope.get("source"):
        raw.fault("scope", "缺少 source：写明依据哪一条确定适用范围")
    raw.scope = Scope(
        tuple(map(str, scope["kinds"])),
        scope.get("open") is True,
        str(scope.get("source", "")),
        raw.name,
    )


def _read_table(raw: RawFile, table: str, rows: object, origin: Origin) -> None:
    if table not in KEYS:
        raw.fault(table, f"不认识的表 [[{table}]]{hint(table, KEYS)}")
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raw.fault(table, f"应写成 [[{table}]]（双方括号），每条一张表")
        return
    for number, body in enumerate(rows, 1):
        id = str(body.get("id") or body.get("at") or _own_id(table, body, number))
        rule = Rule(table, id, origin, body)
        _check_keys(raw, id, body, COMMON | KEYS[table])
        _check_body(raw, rule)
        raw.rules.append(rule)


def _own_id(table: str, body: Mapping[str, Any], number: int) -> str:
    named = body.get("topic") or body.get("name") or body.get("act")
    return f"{table}/{named if isinstance(named, str) else number}"


def _check_keys(raw: RawFile, id: str, body: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    for key, value in body.items():
        if key not in keys:
            raw.fault(id, f"不认识的键 {key}{hint(key, keys)}")
        else:
            problem = _problem(key, keys[key], value)
            if problem:
                raw.fault(id, f"{key} {problem}")


def _check_body(raw: RawFile, rule: Rule) -> None:
    body, table = rule.body, rule.table
    for key in REQUIRED[table]:
        if key not in body:
            raw.fault(rule.id, f"[[{table}]] 缺少 {key}")
    if table in NEEDS_SOURCE and not rule.text_of("source"):
        raw.fault(rule.id, "缺少 source：写明出自哪个文件第几条")
    number = NUMBERED.get(table, "")
    if isinstance(body.get(number), int) and not body.get("unit"):
        raw.fault(
            rule.id,
            f'{number} = {body[number]} 没有单位；请写 unit = "workday"（工作日）、'
            '"day"（自然日）、"month"、"year" 或 "hour"',
        )
    for key, allowed in CHOICES.items():
        if key in body and body[key] not in allowed:
            raw.fault(rule.id, f"{key} 只能是 {'、'.join(allowed)}{hint(str(body[key]), allowed)}")
    since, until = _day(body.get("since")), _day(body.get("until"))
    if since and until and until <= since:
        raw.fault(
            rule.id, f"until（{until}）不晚于 since（{since}），这条规则永远不会生效；请核对日期"
        )
    if table == "duty":
        _check_duty(raw, rule)
    if table == "term" and "lasts" not in body and not rule.flag("none"):
        raw.fault(rule.id, '缺少 lasts（数字加 unit，或 "permanent"）')
    if table == "gate" and not body.get("needs") and not rule.flag("bars"):
        raw.fault(rule.id, "既没有 needs 也没有 bars = true：请写明事前须有什么，或者直接禁止")
    if table == "fact" and body.get("type") in ("choice", "choices") and not body.get("choices"):
        raw.fault(rule.id, "type 为单选、多选时要列出 choices")


def _check_duty(raw: RawFile, rule: Rule) -> None:
    given = [key for key in ("within", "no_later", "same_as") if key in rule.body]
    if rule.flag("none"):
        if given or "then" in rule.body:
            raw.fault(rule.id, "none = true 表示此处没有义务，不能再写 then、within 等")
        return
    if "then" not in rule.body:
        raw.fault(rule.id, "缺少 then：期限内应当完成的行为")
    if len(given) != 1:
        raw.fault(
            rule.id,
            'within、no_later、same_as 三者写且只写一个；只说“及时”的写 within = "promptly"',
        )
    no_later = rule.text_of("no_later")
    if no_later and not _month_day(no_later):
        raw.fault(rule.id, f'no_later = "{no_later}" 应写成“月-日”，如 "01-31"')


def _month_day(text: str) -> bool:
    try:
        return len(text) == 5 and bool(date.fromisoformat(f"2024-{text}"))
    except ValueError:
        return False


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _problem(key: str, kind: str, value: object) -> str:
    """Why `value` isn't of this kind, or ""."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if kind == "text":
        return "" if isinstance(value, str) else "应为文字（加引号）"
    if kind == "flag":
        return "" if isinstance(value, bool) else "应为 true 或 false（不加引号）"
    if kind == "day":
        return "" if _day(value) else f"应为日期，如 2026-01-31（不加引号），而不是 {value!r}"
    if kind in ("within", "by"):
        words = LISTED_WORDS.get(key, ())
        if value in words or (whole and isinstance(value, int) and value >= 0):
            return ""
        return f"应为非负整数{''.join(f'，或 “{word}”' for word in words)}，而不是 {value!r}"
    if kind == "count":
        return "" if isinstance(value, (int, float)) and not isinstance(value, bool) else "应为数字"
    if kind == "steps":
        ok = isinstance(value, list) and all(isinstance(each, (str, dict)) for each in value)
        return "" if ok else '应为列表，如 ["unit-head", "head"] 或 [{ meeting = "…" }]'
    if kind == "choices" and not isinstance(value, dict):
        kind = "texts"
    if kind == "texts":
        ok = isinstance(value, str) or (
            isinstance(value, list) and all(isinstance(each, str) for each in value)
        )
        return "" if ok else '应为文字的列表，如 ["a", "b"]'
    if kind in ("when", "table"):
        return "" if isinstance(value, dict) else '应为表，如 { kind = "penalty" }'
    if kind in ("rows", "tables"):
        ok = isinstance(value, list) and all(isinstance(each, dict) for each in value)
        return "" if ok else '应为表的列表，如 [{ id = "…" }]'
    return ""


def plain(value: object) -> object:
    """TOML content as JSON-able values (dates as ISO text)."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def fingerprint(value: object) -> str:
    """SHA-256 of canonical JSON."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def merge(files: list[RawFile]) -> Pack:
    """The files of one id as one pack; every rule remembers its own file."""
    files = sorted(files, key=lambda each: each.name)
    heads = [each.head for each in files]
    extends = dict.fromkeys(id for head in heads for id in texts(head.get("extends")))
    agency = next((str(head["agency"]) for head in heads if head.get("agency")), "")
    title = str(heads[0].get("title", ""))
    if len(files) > 1:
        title = agency or f"{title}等{len(files)}件"
    return Pack(
        id=str(heads[0].get("id", "")),
        title=title,
        extends=tuple(extends),
        rank=str(heads[0].get("rank", "")),
        agency=agency,
        scope=next((each.scope for each in files if each.scope), None),
        rules=tuple(rule for each in files for rule in each.rules),
        files=tuple(each.name for each in files),
        version=fingerprint([each.content for each in files]),
    )
