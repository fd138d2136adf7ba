"""“怎么算的”: a stored computation of a date as Chinese sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from mingzheng.core.regimes.vocabulary import Vocabulary, vocabulary


def said(how: Mapping[str, Any], words: Vocabulary | None = None) -> list[str]:
    """The lines that explain a due date, from the `how` stored with its duty."""
    words = words or vocabulary()
    lines = [_rule(how)]
    if "no_later" in how:
        month, day = str(how["no_later"]).split("-")
        lines.append(f"不迟于 {int(month)}月{int(day)}日")
    elif how.get("within") == "promptly":
        lines.append("应当及时办理，没有规定具体期限")
    elif "start" in how:
        lines += _counted(how, words)
    if how.get("paused"):
        lines.append(f"自 {how['paused']} 起中止，恢复后再计算到期日")
    elif how.get("due"):
        lines.append(
            f"到期日 {_moment(how['due'])}"
            + ("（暂估：放假通知尚未公布）" if how.get("provisional") else "")
        )
    floor = how.get("floor")
    if floor:
        lines.append(f"上位规定更早：{floor['source']}，到期日 {floor['due']}")
    return lines


def _rule(how: Mapping[str, Any]) -> str:
    return f"依据 {how['source']}（规则 {how['rule']}，规则包 {how['pack']} {how['version'][:12]}）"


def _counted(how: Mapping[str, Any], words: Vocabulary) -> list[str]:
    start, unit = how["start"], words.units.get(how.get("unit", ""), "")
    event = (
        words.act_name(start["act"])
        if start["fact"] == "happened_on"
        else words.fact_name(start["fact"])
    )
    lines = [f"自 {_moment(start['date'])}（{event}）起算，当日不计，{how['within']} {unit}"]
    if how.get("skipped"):
        word = "顺延越过" if how.get("rolled_from") else "跳过"
        lines.append(f"{word} {_days(how['skipped'])}")
    if how.get("worked"):
        lines.append(f"计入 {_days(how['worked'])}")
    if how.get("rolled_from"):
        lines.append(f"期满日 {how['rolled_from']} 是休息日，顺延")
    for each in how.get("suspensions", ()):
        if each.get("until"):
            lines.append(
                f"扣除 {each['from']} 至 {each['until']} 前（{each.get('why') or '中止'}）"
            )
    for each in how.get("extensions", ()):
        amount = (
            f"至 {each['until']}"
            if each.get("until")
            else f"{each['by']} {words.units.get(str(each.get('unit')), '')}"
        )
        lines.append(f"延长 {amount}（{each.get('why') or each.get('source') or '经批准'}）")
    return lines


def _days(rows: Sequence[Mapping[str, Any]]) -> str:
    return "、".join(f"{row['date']}（{row['why']}）" for row in rows)


def _moment(text: str) -> str:
    return text.replace("T", " ")[:16]
