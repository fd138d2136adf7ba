"""A cited basis taken apart: the law's name, 条, 款, 项, 目; what cannot be taken apart whole
stays in its own words.
"""

from __future__ import annotations

import re

from mingzheng.procedures.reporting import Row

_DIGITS = {char: at for at, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_N = r"[（(]?([零〇一二三四五六七八九十百两\d]+)[）)]?"
_ARTICLE = re.compile(rf"第{_N}条(?:第{_N}款)?(?:第{_N}项)?(?:第{_N}目)?")
_LAW = re.compile(r"《([^》]+)》([^《]*)")
# What may stand between and after articles without saying anything of its own.
_BETWEEN = re.compile(r"[、，；。和及与以的规定]*")
PARTS = ("STRIP", "FUND", "ITEM", "GIST_CATALOG")


def cited(text: str) -> list[Row]:
    """One row an article: LAW_NAME, STRIP, FUND, ITEM, GIST_CATALOG and CONTENT, the words as they
    were cited.
    """
    text = text.strip()
    laws = list(_LAW.finditer(text))
    if not text or not laws:
        return [{"CONTENT": text}] if text else []
    return [row for law in laws for row in _of_law(law.group(1), law.group(2))]


def _of_law(name: str, tail: str) -> list[Row]:
    whole = f"《{name}》{tail}".rstrip("、，；。和及与以")
    if not _ARTICLE.search(tail) or not _BETWEEN.fullmatch(_ARTICLE.sub("", tail)):
        return [{"LAW_NAME": name, "CONTENT": whole}]
    return [
        {
            "LAW_NAME": name,
            "CONTENT": f"《{name}》{found.group()}",
            **{
                part: str(figure(said))
                for part, said in zip(PARTS, found.groups(), strict=True)
                if said
            },
        }
        for found in _ARTICLE.finditer(tail)
    ]


def figure(said: str) -> int:
    """一百一十九, 十七, 82 as a number."""
    if said.isdigit():
        return int(said)
    total, digit = 0, 0
    for char in said:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
