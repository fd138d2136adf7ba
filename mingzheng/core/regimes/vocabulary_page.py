"""docs/vocabulary.md: every word that a pack may use, which of them live today, and the ids of the
higher rules that a nearer one may displace.
"""

from collections.abc import Iterable

from mingzheng.core.regimes.library import Library, shipped
from mingzheng.core.regimes.shapes import Rule
from mingzheng.core.regimes.supply import ANY, Awaiting, Supply, awaiting, supply
from mingzheng.core.regimes.vocabulary import Vocabulary, vocabulary

TITLES = (
    ("acts", "行为种类"),
    ("qualifiers", "行为的限定（of）"),
    ("roles", "角色"),
    ("owners", "责任单位"),
    ("channels", "公开渠道"),
    ("pers", "每……一次"),
    ("ranks", "效力层级（从高到低）"),
    ("units", "期间单位"),
    ("modes", "记录方式"),
)
TYPE_NAMES = {
    "yes-no": "是否（true / false）",
    "number": "数",
    "money": "金额（元）",
    "choice": "单选",
    "choices": "多选",
    "date": "日期",
    "time": "时刻",
    "text": "文字",
    "texts": "多项文字",
    "acts": "行为种类的列表",
    "table": "表",
}


LIVES = "有"


def page() -> str:
    """The whole page as Markdown."""
    words, held, waiting = vocabulary(), supply(), awaiting()
    lines = [
        "# 规则包词汇表",
        "",
        f"第 {words.version} 版。由 `mingzheng law vocabulary` 生成，请勿手改。",
        "",
        (
            "规则包里的行为、事实、角色等只能用下列词；"
            "本机关特有的事实在自己的规则包里用 `[[fact]]` 登记。"
            "“办理”“来源”一栏写着现在有没有地方办、有没有地方填，写了事项种类的只在这些事项里有；"
            "写“等……”的，"
            "那一章建成以前这个词不起作用，`law check` 会提示，靠它拦人的条件会被拒绝。"
        ),
        "",
    ]
    for family, title in TITLES:
        if family == "acts":
            lines += _act_lines(words, held, waiting) + _fact_lines(words, held, waiting)
            lines += _own_fact_lines(words, held, waiting)
            continue
        lines += [f"## {title}", "", "| 写法 | 含义 |", "|---|---|"]
        lines += [f"| `{word}` | {name} |" for word, name in getattr(words, family).items()]
        lines.append("")
    lines += _read_lines(words, held) + _topic_lines(held, shipped()) + _rule_lines(shipped())
    return "\n".join(lines).rstrip() + "\n"


def _state(kinds: Iterable[str], waiting: Awaiting, family: str, word: str) -> str:
    """Whether a word lives, and in which kinds of matter."""
    names, chapter = vocabulary().facts["kind"].choices, waiting.chapter(family, word)
    living = [name for kind, name in names.items() if kind in kinds]
    if living and ANY not in kinds:
        return f"{LIVES}：{'、'.join(living)}"
    return LIVES if set(kinds) else f"等“{chapter.name}”" if chapter else "没有"


def _act_lines(words: Vocabulary, held: Supply, waiting: Awaiting) -> list[str]:
    lines = [
        "## 行为种类",
        "",
        "| 写法 | 含义 | 办理 | 可以写的 of |",
        "|---|---|---|---|",
    ]
    for act, name in words.acts.items():
        done = held.acts.get(act)
        about = sorted(done.of() - {""}) if done else []
        said = "、".join("（按当时所办）" if of == ANY else f"`{of}`" for of in about)
        state = _state(done.kinds if done else (), waiting, "acts", act)
        lines.append(f"| `{act}` | {name} | {state} | {said} |")
    return [*lines, ""]


def _fact_lines(words: Vocabulary, held: Supply, waiting: Awaiting) -> list[str]:
    lines = ["## 事实", "", "| 写法 | 含义 | 类型 | 来源 | 可取的值 |", "|---|---|---|---|---|"]
    for fact in words.facts.values():
        values = "、".join(
            word if word == name else f"`{word}`（{name}）" for word, name in fact.choices.items()
        )
        state = _fact_state(fact.id, held, waiting)
        kind = TYPE_NAMES[fact.type]
        lines.append(f"| `{fact.id}` | {fact.name} | {kind} | {state} | {values} |")
    return [*lines, ""]


def _fact_state(fact: str, held: Supply, waiting: Awaiting) -> str:
    if fact not in held.facts and waiting.chapter("facts", fact) is None:
        return "音像记录表上问"
    return _state(held.facts.get(fact, ()), waiting, "facts", fact)


def _own_fact_lines(words: Vocabulary, held: Supply, waiting: Awaiting) -> list[str]:
    """Facts that only a pack knows: whoever extends it may use them too."""
    lines = [
        "## 规则包自己登记的事实",
        "",
        "写在该规则包里，以及 `extends` 里有它的规则包里，可以用。",
        "",
        "| 写法 | 问什么 | 类型 | 规则包 | 来源 |",
        "|---|---|---|---|---|",
    ]
    for rule in _rules(shipped()):
        if rule.table == "fact" and rule.id not in words.facts:
            state = _fact_state(rule.id, held, waiting)
            cells = (rule.text_of("ask"), TYPE_NAMES[rule.text_of("type")], f"`{rule.origin.pack}`")
            lines.append(f"| `{rule.id}` | {' | '.join(cells)} | {state} |")
    return [*lines, ""]


def _topic_lines(held: Supply, library: Library) -> list[str]:
    """Every topic: those that the product asks for by name and those of the packs."""
    packs: dict[str, list[str]] = {topic: [] for topic in held.topics}
    titles: dict[str, str] = {}
    for rule in _rules(library):
        if rule.topic:
            named = packs.setdefault(rule.topic, [])
            named += [rule.origin.pack] if rule.origin.pack not in named else []
            titles.setdefault(rule.topic, rule.text_of("title"))
    lines = [
        "## 题目",
        "",
        (
            "本机关的规则用 `extends` 里的规则包也用的题目，才会与上级的规定比较；没有规则包的，由程序读。"
            "别处没有的是新题目，规则里加一行 `title` 写它的名称。"
        ),
        "",
        "| 编号 | 含义 | 规则包 |",
        "|---|---|---|",
    ]
    for topic in sorted(packs):
        name = held.names.get(topic) or titles.get(topic, "")
        lines.append(f"| `{topic}` | {name} | {'、'.join(f'`{id}`' for id in packs[topic])} |")
    return [*lines, ""]


def _rules(library: Library) -> Iterable[Rule]:
    return (rule for pack in library.packs.values() for rule in pack.rules)


def _read_lines(words: Vocabulary, held: Supply) -> list[str]:
    """What is asked for by its id: a list, route or quota of another id is read by nobody."""

    def table(title: str, note: str, ids: Iterable[str]) -> list[str]:
        rows = [
            f"| `{id}` | {held.names.get(id) or words.acts.get(id, '')} |" for id in sorted(ids)
        ]
        return [f"## {title}", "", note, "", "| 编号 | 含义 |", "|---|---|", *rows, ""]

    return [
        *table("清单的编号", "系统按编号读清单；末尾有 `*` 的是一组，后半由数据决定。", held.lists),
        *table("审批路线的编号", "每一步按编号找路线。", held.routes),
        *table("比例的编号", "`[[quota]]` 只有这些编号有地方读。", held.ids["quota"]),
        *table("材料、文书的种类", "`[[paper]]` 和 `document.issued` 的 of。", held.ids["paper"]),
        *table("期间从哪些行为起算", "`[[term]]` 的 `after` 写这些才有地方读。", held.terms),
    ]


def _rule_lines(library: Library) -> list[str]:
    """Ids for `displaces`, of the packs that no agency wrote; a statutory gate can't be displaced."""
    lines = [
        "## 上级规则的编号",
        "",
        "`displaces` 里写的编号。法定的条件（gate）不能取代。",
        "",
        "| 编号 | 表 | 题目 | 出处 | 法定 |",
        "|---|---|---|---|---|",
    ]
    for pack in library.packs.values():
        for rule in pack.rules if not pack.agency else ():
            if rule.table in ("duty", "gate", "term"):
                law = "是" if rule.flag("statutory") else ""
                cells = (f"`{rule.id}`", rule.table, f"`{rule.topic}`", rule.source, law)
                lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]
