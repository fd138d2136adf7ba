"""Checks of words: every act, fact, value, role, unit and name a rule uses must be defined."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.core.regimes.conditions import BOUND_WORDS, BOUNDS, COMBINERS
from mingzheng.core.regimes.faults import Fault, hint
from mingzheng.core.regimes.gates import need_tables
from mingzheng.core.regimes.schema import CHOICES, KEYS, NEED_KEYS, ROW_KEYS
from mingzheng.core.regimes.shapes import Pack, Rule, texts
from mingzheng.core.regimes.vocabulary import FACT_TYPES, FactKind, Vocabulary, vocabulary

ALTERNATIVE_KEYS = ("id", "source", "text", "note", "since", "until", "confirmed")


@dataclass(frozen=True)
class Names:
    """Names defined somewhere in the chain of the pack being checked."""

    words: Vocabulary
    conditions: frozenset[str]
    lists: frozenset[str]
    routes: frozenset[str]
    rules: Mapping[str, Rule]
    topics: frozenset[str]
    unset: frozenset[str]

    @classmethod
    def of(cls, chain: Iterable[Pack], words: Vocabulary) -> "Names":
        rules = [rule for pack in chain for rule in pack.rules]

        def ids(*tables: str) -> frozenset[str]:
            return frozenset(rule.id for rule in rules if rule.table in tables)

        return cls(
            words,
            ids("condition"),
            ids("list"),
            ids("route"),
            {rule.id: rule for rule in rules if rule.table in ("duty", "gate", "term")},
            frozenset(rule.topic for rule in rules if rule.table in ("duty", "term", "gate")),
            frozenset(rule.topic for rule in rules if rule.table == "unset"),
        )


class WordCheck:
    """Collects the faults of one rule's words."""

    def __init__(self, rule: Rule, names: Names) -> None:
        self.rule, self.names, self.words = rule, names, names.words
        self.faults: list[Fault] = []

    def fault(self, text: str) -> None:
        self.faults.append(Fault(self.rule.origin.file, self.rule.id, text))

    def run(self) -> list[Fault]:
        """Every unknown word of the rule."""
        rule, body = self.rule, self.rule.body
        self.when(rule.when, "when")
        for key, kind in KEYS[rule.table].items():
            if key in body and kind == "acts":
                self.acts(key, body[key])
            elif key in body and kind == "needs":
                self.needs()
            elif key in body and kind == "unit":
                self.known("unit", body[key], self.words.units)
        for key, family in (
            ("channels", self.words.channels),
            ("channel", self.words.channels),
            ("per", self.words.pers),
            ("rank", self.words.ranks),
            ("may_differ", self.words.ranks),
            ("yields_to", self.words.ranks),
        ):
            for word in texts(body.get(key)):
                self.known(key, word, family)
        self.people()
        self.days()
        self.references()
        self.parts()
        return self.faults

    def known(self, key: str, word: object, family: Iterable[str], what: str = "") -> None:
        if str(word) not in family:
            self.fault(f"{key} 的“{word}”{what or '不在词汇表中'}{hint(str(word), family)}")

    def acts(self, key: str, value: object) -> None:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Mapping):
                strange = [name for name in each if name not in ("act", "of")]
                if strange or not isinstance(each.get("act"), str):
                    self.fault(f'{key} 应写成行为名，或 {{ act = "…", of = "…" }}')
                    continue
                each = each["act"]
            if not isinstance(each, str):
                self.fault(f"{key} 应为行为名（加引号），而不是 {each!r}")
            elif each not in self.words.acts:
                self.fault(f"{key} 的行为“{each}”不在词汇表中{hint(each, self.words.acts)}")

    def needs(self) -> None:
        value = self.rule.body["needs"]
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(each, (str, Mapping, list)) for each in items):
            self.fault("needs 里每一项应为行为名、{ act = … } 表，或者任选其一的列表")
            return
        for need in (need for group in need_tables(self.rule) for need in group):
            for key in need:
                if key not in NEED_KEYS:
                    self.fault(f"needs 里不认识的键 {key}{hint(key, NEED_KEYS)}")
            if "act" in need:
                self.acts("needs", {key: need[key] for key in ("act", "of") if key in need})
            elif "list" in need:
                self.known(
                    "needs",
                    need["list"],
                    self.names.lists | self.names.unset,
                    "没有这样的 [[list]]",
                )
            elif "distinct_from" not in need:
                self.fault("needs 的表里要有 act 或 list")
            for key in ("ahead", "elapsed"):
                if key in need:
                    self.waiting(key, need)
            # A person of another name would never be found, and the gate never satisfied.
            for key in ("distinct", "distinct_from"):
                if key in need:
                    self.known(f"needs.{key}", need[key], [*self.words.roles, *self.words.owners])
            if "when" in need:
                self.when(need["when"], "needs.when")

    def waiting(self, key: str, need: Mapping[str, Any]) -> None:
        whole = isinstance(need[key], int) and not isinstance(need[key], bool)
        if not whole or need[key] < 0:
            self.fault(f"{key} 应为非负整数，而不是 {need[key]!r}")
        if "unit" not in need:
            self.fault(f'{key} = {need[key]} 没有单位；请写 unit = "workday" 或 "day" 等')
        else:
            self.known("needs.unit", need["unit"], self.words.units)

    def people(self) -> None:
        body, words = self.rule.body, self.words
        for key in ("by", "to"):
            if self.rule.table not in ("duty", "gate", "term", "paper", "count"):
                continue
            for word in texts(body.get(key)):
                if not word.startswith("body/"):
                    self.known(
                        key,
                        word,
                        [*words.owners, *words.roles],
                        "不在词汇表中（本机关机构或者角色；其他机关写作 body/…）",
                    )
        if "mode" in body:
            self.known("mode", body["mode"], words.modes)
        if body.get("route"):
            self.known(
                "route",
                body["route"],
                self.names.routes | set(words.roles) | self.names.unset,
                "没有这样的 [[route]]，也不是角色",
            )
        steps = body.get("steps", []) if self.rule.table == "route" else []
        for step in steps if isinstance(steps, list) else []:
            role = step.get("role") if isinstance(step, Mapping) else step
            if isinstance(step, Mapping) and "meeting" in step:
                continue
            self.known("steps", role, words.roles, "不是词汇表里的角色")

    def days(self) -> None:
        dates = [fact.id for fact in self.words.facts.values() if fact.type == "date"]
        for word in texts(self.rule.body.get("day0")):
            self.known("day0", word, ["happened_on", *dates], "不是日期类的事实")
        for key in ("judged_on", "or_until"):
            if key in self.rule.body:
                self.known(key, self.rule.body[key], dates, "不是日期类的事实")

    def references(self) -> None:
        rule, names = self.rule, self.names
        for id in rule.texts_of("displaces"):
            other = names.rules.get(id)
            if other is None:
                self.fault(f"displaces 的“{id}”没有定义{hint(id, names.rules)}")
            elif other.table == "gate" and other.flag("statutory"):
                self.fault(f"displaces 不能去掉法定的 {id}（{other.source}）；地方规定只能加严")
        if rule.table in ("suspension", "extension"):
            for topic in rule.texts_of("of"):
                self.known(
                    "of",
                    topic,
                    names.topics | set(self.words.topics) | names.unset,
                    "没有任何规则使用这个题目（topic）",
                )
        if "same_as" in rule.body:
            self.known(
                "same_as",
                rule.body["same_as"],
                names.topics | names.unset,
                "没有任何规则使用这个题目（topic）",
            )

    def parts(self) -> None:
        """The parts that only one table has."""
        body = self.rule.body
        if self.rule.table == "condition":
            self.alternatives()
        if self.rule.table == "list":
            self.rows()
        if self.rule.table == "fact":
            self.known("type", body.get("type"), FACT_TYPES, "不是事实的类型")
            shipped = vocabulary().facts.get(self.rule.id)
            if shipped and shipped.type != body.get("type"):
                self.fault(
                    f"词汇表里已有事实 {self.rule.id}（{shipped.name}），类型是 {shipped.type}；"
                    "请改用同一类型，或者换一个名称"
                )
        if isinstance(body.get("may_end"), Mapping):
            self.when(body["may_end"].get("when", {}), "may_end.when")

    def alternatives(self) -> None:
        for key in ("any", "all"):
            rows = self.rule.body.get(key, [])
            for each in rows if isinstance(rows, list) else []:
                if isinstance(each, Mapping):
                    self.when(
                        {
                            name: value
                            for name, value in each.items()
                            if name not in ALTERNATIVE_KEYS
                        },
                        key,
                    )

    def rows(self) -> None:
        rows = self.rule.body.get("rows", [])
        seen: set[str] = set()
        for row in rows if isinstance(rows, list) else []:
            if not isinstance(row, Mapping):
                continue
            id = str(row.get("id", ""))
            if id and id in seen:
                self.fault(f"rows 里 id“{id}”出现两次")
            seen.add(id)
            for key in row:
                near = hint(key, ROW_KEYS) if key not in ROW_KEYS else ""
                if near and abs(len(key) - len(near.strip("，是否应为“”"))) <= 1:
                    self.fault(f"rows 的 {id or '某行'} 里 {key}{near}")
            if row.get("need", "must") not in CHOICES["need"]:
                self.fault(f"rows 的 {id} 里 need 只能是 must 或 if-any")
            if "mode" in row and "act" in row:
                self.known(f"rows 的 {id} 里 mode", row["mode"], self.words.modes)
            for key in ("act", "from", "until"):
                if isinstance(row.get(key), str) and "." in row[key]:
                    self.acts(f"rows 的 {id} 里 {key}", row[key])
            if "when" in row:
                self.when(row["when"], f"rows 的 {id} 里 when")

    def when(self, table: object, at: str) -> None:
        """Facts, values and bounds of a condition."""
        if not isinstance(table, Mapping):
            self.fault(f'{at} 应为表，如 {{ kind = "penalty" }}')
            return
        for key, value in table.items():
            if key in ("any", "all", "not"):
                for each in value if isinstance(value, list) else [value]:
                    self.when(each, f"{at}.{key}")
            elif key in ("is", "holds"):
                for word in _named(value):
                    family = self.names.conditions | self.names.unset if key == "is" else None
                    if family is not None:
                        self.known(f"{at}.is", word, family, "没有这样的 [[condition]]")
                    else:
                        self.acts(f"{at}.holds", word.partition(":")[0])
            elif key not in self.words.facts:
                self.fault(
                    f"{at} 里的事实“{key}”不在词汇表中"
                    f"{hint(key, [*self.words.facts, *COMBINERS])}；"
                    "本机关特有的区分请用 [[fact]] 登记"
                )
            else:
                self.value(self.words.facts[key], value, f"{at}.{key}")

    def value(self, fact: FactKind, value: Any, at: str) -> None:
        if not isinstance(value, Mapping):
            for each in value if isinstance(value, list) else [value]:
                self.scalar(fact, each, at)
            return
        for word, bound in value.items():
            if word not in BOUND_WORDS:
                self.fault(
                    f"{at} 里不认识的比较 {word}{hint(word, BOUND_WORDS)}；"
                    f"可用：{'、'.join(BOUND_WORDS)}"
                )
            elif word == "listed":
                self.known(at, bound, self.names.lists | self.names.unset, "没有这样的 [[list]]")
            elif word in BOUNDS and fact.type not in ("number", "money", "date"):
                self.fault(f"{at}：{fact.name}不是数、金额或者日期，不能用 {word}")
            else:
                for each in bound if isinstance(bound, list) else [bound]:
                    self.scalar(fact, each, at)

    def scalar(self, fact: FactKind, value: object, at: str) -> None:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if fact.type == "yes-no" and not isinstance(value, bool):
            self.fault(f"{at} 应为 true 或 false，而不是 {value!r}")
        elif fact.type in ("number", "money") and not number:
            self.fault(f"{at} 应为数字，而不是 {value!r}")
        elif fact.type == "date" and not isinstance(value, date):
            self.fault(f"{at} 应为日期，如 2026-01-31（不加引号），而不是 {value!r}")
        elif fact.choices and str(value) not in fact.choices:
            self.fault(
                f"{at} 的值 {value!r} 不在词汇表中{hint(str(value), fact.choices)}；"
                f"可取：{'、'.join(fact.choices)}"
            )


def _named(value: object) -> Iterator[str]:
    held = value.get("not") if isinstance(value, Mapping) else value
    for each in held if isinstance(held, list) else [held]:
        yield str(each)
