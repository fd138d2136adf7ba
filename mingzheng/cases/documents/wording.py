"""Days, moments and amounts as papers write them, and the lines of a list."""

from __future__ import annotations

from datetime import date, datetime

from mingzheng.core import clock

_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def long_date(day: date | datetime | None) -> str:
    """2026年11月21日, or empty."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    return f"{day.year}年{day.month}月{day.day}日"


def moment(at: datetime) -> str:
    """2026年11月21日09时30分."""
    at = clock.local(at)
    return f"{long_date(at)}{at:%H}时{at:%M}分"


def yuan(fen: int | None) -> str:
    """12345600 分 as 123,456元, cents only where there are some."""
    amount = (fen or 0) / 100
    return f"{amount:,.2f}元" if (fen or 0) % 100 else f"{int(amount):,}元"


def capital(fen: int | None) -> str:
    """The amount in 大写, as it must stand beside the figures on a decision."""
    whole, cents = divmod(fen or 0, 100)
    text = _whole(whole) + "元"
    jiao, fen_left = divmod(cents, 10)
    if not cents:
        return text + "整"
    return (
        text
        + (f"{_DIGITS[jiao]}角" if jiao else "零")
        + (f"{_DIGITS[fen_left]}分" if fen_left else "")
    )


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    groups, text, place = [], "", 0
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for place, group in reversed(list(enumerate(groups))):
        if group:
            if text and group < 1000 and not text.endswith("零"):
                text += "零"
            text += _group(group) + ("", "万", "亿", "万亿")[place]
        elif text and not text.endswith("零") and place:
            text += "零"
    return text.rstrip("零")


def _group(group: int) -> str:
    text, gap = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, group = divmod(group, unit)
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + name
            gap = False
        elif text:
            gap = True
    return text


def item_line(index: int, text: str) -> list[str]:
    """One row of a property list: number, name, specification, quantity, as typed with
    separators.
    """
    cells = [cell.strip() for cell in text.replace(",", "，").replace("；", "，").split("，")]
    return [str(index), *(cells + ["", ""])[:3], ""]
