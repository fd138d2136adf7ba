"""Names of firms and offices: what is covered where a policy covers them, and where a person's
name is not to be sought.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

# Every ending begins with a plain character, so that the search is quick; what must stand before it
# is asked afterwards.
_TAIL = re.compile(
    r"有限责任公司|股份有限公司|有限公司|分公司|公司|合作社|事务所|经营部|门市部|店(?<=[饭酒商药粮书茶客宾旅蛋水肉鱼文美发甜吃]店)|店(?=[，"
    r"。、；）（的]|$)"
    r"|超市|餐厅|餐馆|餐饮店|饭庄|商行|商场|诊所|医院|学校|小学|中学|大学|幼儿园|厂(?<=[工电糖酒水木机纸砖药鞋]厂)|加工坊|加工厂|食品厂|养殖场"
    r"|批发部|服务部|工作室|中心|基金会|协会|商会|银行|支行|委员会|人民政府|人民法院|检察院|局(?<=[一-龥]{2}局)"
)
# The last thing before an ending that cannot belong to the name.
_BEFORE = re.compile(
    r".*(?:[^一-龥0-9A-Za-z·（）()]|(?:当事人|举报人|投诉人|申请人|名称|单位|经营者|[的在对向与和由为是从到系被给及至将其])[（(]?)",
    re.DOTALL,
)
# What is an organisation of the private side: offices and courts are named in public whatever the
# policy.
_FIRM = re.compile(
    r"(?:公司|合作社|事务所|经营部|门市部|店|超市|餐[厅馆饮]|饭庄|商行|商场|诊所|厂|加工坊|养殖场|批发部|服务部|工作室)\Z"
)


def regions(text: str) -> list[tuple[int, int]]:
    """Where names of organisations stand, in order; their beginnings are guessed from the words
    before.
    """
    found: list[tuple[int, int]] = []
    for tail in _TAIL.finditer(text):
        low = max(0, tail.start() - 25)
        stop = _BEFORE.match(text, low, tail.start())
        found.append((stop.end() if stop else low, tail.end()))
    return found


def around(at: list[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """The region that holds `start` to `end`, of the few that begin before it."""
    last = bisect_right(at, (start, end + (1 << 60)))
    return next((each for each in at[max(0, last - 3) : last] if end <= each[1]), None)


def firms(text: str, at: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those of the regions that name a firm of three characters or more."""
    for start, end in at:
        if end - start > 3 and _FIRM.search(text, start, end):
            yield start, end
