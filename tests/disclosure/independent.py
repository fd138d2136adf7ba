"""A reader of 双公示 workbooks written from the standard's field list alone: it shares no code
with the product.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

# code, longest text (0: no limit), must be filled
PENALTY = [
    ("CF_XDR_MC", 200, 1),
    ("CF_XDR_LB", 16, 1),
    ("CF_XDR_SHXYM", 18, 0),
    ("CF_XDR_GSZC", 50, 0),
    ("CF_XDR_ZZJG", 9, 0),
    ("CF_XDR_SWDJ", 20, 0),
    ("CF_XDR_SYDW", 12, 0),
    ("CF_XDR_SHZZ", 50, 0),
    ("CF_FRDB", 50, 0),
    ("CF_FR_ZJLX", 64, 0),
    ("CF_FR_ZJHM", 64, 0),
    ("CF_XDR_ZJLX", 64, 0),
    ("CF_XDR_ZJHM", 64, 0),
    ("CF_WSH", 64, 1),
    ("CF_WFXW", 2000, 1),
    ("CF_SY", 5000, 1),
    ("CF_YJ", 2048, 1),
    ("CF_CFLB", 64, 1),
    ("CF_NR", 4000, 1),
    ("CF_NR_FK", 0, 0),
    ("CF_NR_WFFF", 0, 0),
    ("CF_NR_ZKDX", 200, 0),
    ("CF_JDRQ", 10, 1),
    ("CF_YXQ", 10, 0),
    ("CF_GSJZQ", 10, 0),
    ("CF_CFJG", 200, 1),
    ("CF_CFJGDM", 18, 1),
    ("CF_SJLY", 200, 1),
    ("CF_SJLYDM", 18, 1),
    ("BZ", 512, 0),
]
LICENCE = [
    ("XK_XDR_MC", 200, 1),
    ("XK_XDR_LB", 16, 1),
    ("XK_XDR_SHXYM", 18, 0),
    ("XK_XDR_GSZC", 50, 0),
    ("XK_XDR_ZZJG", 9, 0),
    ("XK_XDR_SWDJ", 20, 0),
    ("XK_XDR_SYDW", 12, 0),
    ("XK_XDR_SHZZ", 50, 0),
    ("XK_FRDB", 50, 0),
    ("XK_FR_ZJLX", 64, 0),
    ("XK_FR_ZJHM", 64, 0),
    ("XK_XDR_ZJLX", 64, 0),
    ("XK_XDR_ZJHM", 64, 0),
    ("XK_XKWS", 64, 1),
    ("XK_WSH", 64, 1),
    ("XK_XKLB", 256, 1),
    ("XK_XKZS", 64, 0),
    ("XK_XKBH", 64, 0),
    ("XK_NR", 4000, 1),
    ("XK_JDRQ", 10, 1),
    ("XK_YXQZ", 10, 1),
    ("XK_YXQZI", 10, 1),
    ("XK_XKJG", 200, 1),
    ("XK_XKJGDM", 18, 1),
    ("XK_ZT", 1, 1),
    ("XK_LYDW", 200, 1),
    ("XK_LYDWDM", 18, 1),
    ("BZ", 512, 0),
]
KINDS_2018 = {
    "警告",
    "罚款",
    "没收违法所得、没收非法财物",
    "责令停产停业",
    "暂扣或者吊销许可证、暂扣或者吊销执照",
    "行政拘留",
}
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(code: str) -> bool:
    """GB 32100: the last letter follows from the seventeen before it."""
    if len(code) != 18 or set(code) - set(LETTERS):
        return False
    total, weight = 0, 1
    for letter in code[:17]:
        total += LETTERS.index(letter) * weight
        weight = weight * 3 % 31
    return LETTERS.index(code[17]) == (31 - total % 31) % 31


def read(
    data: bytes, table: list[tuple[str, int, int]], today: date
) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of a workbook and every fault in them."""
    lines = [
        ["" if cell is None else str(cell) for cell in line]
        for line in load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    ]
    faults: list[str] = []
    if lines[0] != [code for code, _, _ in table]:
        faults.append(f"columns {lines[0]}")
    rows = [dict(zip(lines[0], line, strict=False)) for line in lines[2:]]
    numbers: set[str] = set()
    for row in rows:
        faults += check(row, table, today)
        number = row.get("CF_WSH") or row.get("XK_WSH") or ""
        if number in numbers:
            faults.append(f"{number} twice")
        numbers.add(number)
    return rows, faults


def check(row: dict[str, str], table: list[tuple[str, int, int]], today: date) -> list[str]:
    """What the standard refuses in one row."""
    found = [f"{code} empty" for code, _, must in table if must and not row[code]]
    found += [f"{code} long" for code, most, _ in table if most and len(row[code]) > most]
    mark = table[0][0][:2]
    natural = row[f"{mark}_XDR_LB"] == "自然人"
    code, number = row[f"{mark}_XDR_SHXYM"], row[f"{mark}_XDR_ZJHM"]
    if natural and (code or not number or not row[f"{mark}_XDR_ZJLX"]):
        found.append("natural person")
    if not natural and not credit_code(code):
        found.append(f"credit code {code}")
    days = {
        each: day(row[each])
        for each in row
        if each.endswith(("_JDRQ", "_YXQ", "_YXQZ", "_YXQZI", "_GSJZQ")) and row[each]
    }
    found += [f"{each} no day" for each, on in days.items() if on is None]
    decided = days.get(f"{mark}_JDRQ")
    if decided and decided > today:
        found.append("future")
    return found + (penalty(row) if mark == "CF" else licence(days))


def penalty(row: dict[str, str]) -> list[str]:
    """Kinds in the words of 2018, and money in 万元."""
    found = [
        f"kind {kind}"
        for kind in row["CF_CFLB"].split(";")
        if kind not in KINDS_2018 and not kind.startswith("其他-")
    ]
    for code, kind in (("CF_NR_FK", "罚款"), ("CF_NR_WFFF", "没收违法所得、没收非法财物")):
        if kind in row["CF_CFLB"].split(";") and not re.fullmatch(r"\d+(\.\d{1,6})?", row[code]):
            found.append(f"{code} {row[code]!r}")
    return found


def licence(days: dict[str, Any]) -> list[str]:
    """From before until."""
    begin, end = days.get("XK_YXQZ"), days.get("XK_YXQZI")
    return ["period"] if begin and end and end < begin else []


def day(text: str) -> date | None:
    """YYYY/MM/DD."""
    try:
        return datetime.strptime(text, "%Y/%m/%d").date()
    except ValueError:
        return None
