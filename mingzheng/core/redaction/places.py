"""Addresses below the county: the county and what is above it stay readable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingzheng.core.redaction.spans import Span

_HAN = r"[\u3400-\u9fff]"
# Characters that end a place name when read in a sentence.
_PLAIN = r"(?:(?![的在对向称从被局由是处镇乡省市县区])[\u3400-\u9fff])"
_UNIT = "号院|号楼|号|栋|幢|座|单元|室|层|楼|组|户|排|弄|支弄|队|门|房"
_NUMBER = rf"(?:第?[0-9A-Za-z一二三四五六七八九十百甲乙丙丁东西南北\-－#]{{1,7}}\s*(?:{_UNIT}))"
_WAYS = (
    "社区居委会|村委会|行政村|自然村|社区|小区|花园|家园|公寓|新村|新苑|大街|大道|街道|胡同|村民小组|村|屯|寨|庄|堡|路|街|巷|弄|里|苑|城"
    "|园|府|湾|坊|开发区|工业园"
)
_STREET = rf"(?:{_PLAIN}{{1,8}}?(?:{_WAYS}){{1,2}}(?!政|线|段|面|口|边|灯|由|民|委))"
_TOWN = rf"(?:{_PLAIN}{{1,5}}?(?:镇|乡|街道办事处|街道|苏木|林场|农场)(?!政府|人民|党委|府))"
_TAIL = rf"(?:\s*(?:{_STREET}|{_NUMBER}|[东西南北][侧首头邻]|[（(][^（）()]{{1,20}}[室号楼户层][^（）()]{{0,6}}[）)]))*"
# After a county: a town or a street, and all that belongs to it.
_COUNTY = re.compile(
    rf"[县区市旗]\s*(?P<body>(?:{_TOWN}{_STREET}?|{_STREET}(?=\s*(?:{_NUMBER}|{_STREET}|[，。；、"
    rf"）]|$))){_TAIL})"
)
# A town or street by itself, with a number of a house.
_HOUSE = re.compile(
    rf"(?:路|街|巷|道|村|庄|小区|花园|家园|苑|里|胡同|公寓|园|城|府|社区|湾)\s*{_NUMBER}(?:\s*{_NUMBER})*{_TAIL}"
)
_TOWNSHIP = re.compile(rf"[镇乡]\s*{_STREET}{_TAIL}")
_LEFT = re.compile(r"(?:(?![的在对向称从被局由是县区市旗省位住于至往到])[\u3400-\u9fff]){1,8}\Z")
# After a word that says so, up to the next mark.
_LIVES = "址(?<=[住地]址)|住所地|住所|户籍所在地|户籍地|居住地|居住于|居住在"
_SAID = re.compile(
    rf"(?:{_LIVES})(?:（[^（）]{{1,8}}）)?\s*(?:为|是|在|于|[：:])?\s*(?P<body>[^\s，。；;,、"
    r"〔（(：:\n][^，。；;〔（(\n]{2,60})"
    r"|住(?<![居暂]住)(?P<home>[^\s，。；;,、〔（(：:所址院宿][^，。；;〔（(\n]{3,60})"
)
_KEPT = re.compile(
    r".*?(?:省|自治区|(?<!城)市(?!场)|[^小社街校园矿库景辖]区(?!域)|县(?!城)|自治州|州|盟|旗)(?=[\u3400-\u9fff])"
    r"(?!.*(?:自治区|(?<!城)市(?!场)|县(?!城)))",
    re.DOTALL,
)
_PLACE = re.compile(
    r"[0-9一二三四五六七八九十]+\s*(?:号|栋|幢|单元|室|楼|组)"
    r"|村|路|街|巷|小区|社区|镇|乡|花园|家园|苑|公寓|屯|庄|里|胡同|园|城|寨|弄"
)


def scan(text: str) -> Iterator[Span]:
    """Addresses in a plain text; passages may overlap."""
    for hit in _COUNTY.finditer(text):
        yield Span(hit.start("body"), hit.end("body"), "address", "县以下地址")
    for hit in _HOUSE.finditer(text):
        low = max(0, hit.start() - 8)
        left = _LEFT.search(text[low : hit.start()])
        if left is not None and not text.startswith("一", hit.start() - 1):
            yield Span(low + left.start(), hit.end(), "address", "门牌地址")
    for hit in _TOWNSHIP.finditer(text):
        low = max(0, hit.start() - 8)
        left = _LEFT.search(text[low : hit.start()])
        if left is not None:
            yield Span(low + left.start(), hit.end(), "address", "乡镇地址")
    for hit in _SAID.finditer(text):
        which = str(hit.lastgroup)
        body = hit[which]
        if _PLACE.search(body):
            start = hit.start(which) + below_county(body)
            if start < hit.end(which):
                yield Span(start, hit.end(which), "address", "住址")


def below_county(address: str) -> int:
    """How many characters of an address name the county and what is above it."""
    kept = _KEPT.match(address)
    return kept.end() if kept else 0
