"""The words by which lists of powers and duties (权责清单) sort what an agency does.

The ten of 中办发〔2015〕21号 are words of the registered kinds. 公共服务 stands beside them in
the lists of many agencies: such a line is kept, but it is no power and no matter ever runs on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mingzheng.procedures import matter_kinds

# In the order of the text; the last is what the others leave over.
STATUTORY = (
    "行政许可",
    "行政处罚",
    "行政强制",
    "行政征收",
    "行政给付",
    "行政裁决",
    "行政确认",
    "行政奖励",
    "行政检查",
    "其他",
)
# What an item's kind is called that is no power.
SERVICE, SERVICES = "service", "公共服务"


def words() -> list[str]:
    """Every word that a list may use: the statutory ones first, then those of further kinds, then
    the one that is no power.
    """
    own = [each.word for kind in matter_kinds.enforcement() for each in kind.categories]
    first = [word for word in STATUTORY if word in own]
    return [*first, *(word for word in own if word not in first), SERVICES]


def meant(word: str) -> tuple[str, str] | None:
    """(kind of an item, its sort) that a word means, however it is written: 处罚, 行政处罚类.
    None for a word that is none of them.
    """
    return _spelt().get(_plain(word))


def word_of(kind: str, details: Mapping[str, Any]) -> str:
    """The word of an item: of those of its kind the one of its sort, else the one without a
    sort.
    """
    if kind == SERVICE:
        return SERVICES
    found = matter_kinds.known(kind)
    if found is None:
        return matter_kinds.name(kind)
    words = {each.sort: each.word for each in found.categories}
    return words.get(str(details.get("sort", "")), words.get("", found.name))


def kind_name(kind: str) -> str:
    """What items of a kind are called as a whole."""
    return SERVICES if kind == SERVICE else matter_kinds.name(kind)


def _spelt() -> dict[str, tuple[str, str]]:
    found = {_plain(SERVICES): (SERVICE, "")}
    for kind in matter_kinds.enforcement():
        for each in kind.categories:
            for word in (each.word, *each.also):
                found[_plain(word)] = (kind.code, each.sort)
                found.setdefault(_plain(word).removeprefix("行政"), (kind.code, each.sort))
    return found


def _plain(word: str) -> str:
    return re.sub(r"[\s（）()]", "", word).removesuffix("类")
