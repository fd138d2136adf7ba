"""Texts in the style of penalty decisions with every personal passage known beforehand: what the
finders are measured with.

All people, firms and numbers are made up; the numbers bear true check characters. The same seed
makes the same texts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mingzheng.core.redaction import Known
from mingzheng.core.redaction.identifiers import id_check, is_luhn, uscc_check

_FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文".strip()
_DOUBLE = ("欧阳", "司马", "上官", "诸葛", "皇甫", "令狐")
_GIVEN = (
    "伟 芳 建国 秀英 志强 桂兰 铁柱 海燕 文博 子涵 雪梅 国庆 丽娟 永胜 玉珍 晓东 春生 凤霞 俊杰"
    " 宝山 明 静 磊 敏 振华 淑贞 立新 红梅 德福 金凤 长江 兴旺 爱民 保国 庆余 学勤 传宝 继业 守信"
    " 广才 月娥 巧云 银花 锡良 云鹏 嘉怡 浩然 梓轩 雨桐 思远 大勇 小龙 世忠 怀玉 敬亭 绪昌 兆林"
    " 洪亮 培元 清泉"
).split()
_TOWNS = "中都街道 南旺镇 康驿镇 次丘镇 苑庄镇 军屯乡 白石镇 郭楼镇 义桥镇 刘楼镇 寅寺镇 郭仓镇 杨店镇".split()
_VILLAGES = "小楼村 前李村 东王庄 后张楼村 南泉社区 西门社区 于家村 大孙庄村 北薛村".split()
_STREETS = "尚书路 宝相寺路 圣泽大街 中都大街 明星路 普照街 光明巷 泉河路 莲花湖路".split()
_ESTATES = "阳光小区 圣源花园 佳和家园 如意苑 水岸新城小区".split()
_COUNTIES = "山东省济宁市汶上县 汶上县 济宁市任城区 山东省汶上县 曲阜市".split()
_AREAS = ("370830", "370811", "370881", "140524", "110105", "330106")
_CODES = "0123456789ABCDEFGHJKLMNPQRTUWXY"

Spelling = Callable[[str, random.Random], str]
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _between(gap: Callable[[random.Random], str]) -> Spelling:
    return lambda said, rnd: "".join(
        char + (gap(rnd) if n + 1 < len(said) else "") for n, char in enumerate(said)
    )


# How a number may be written so that a plain pattern misses it.
SPELLINGS: Mapping[str, Spelling] = {
    "plain": lambda said, rnd: said,
    "full-width": lambda said, rnd: said.translate(_WIDE),
    "spaced": _between(lambda rnd: " "),
    "grouped": lambda said, rnd: " ".join(re.findall(".{1,4}", said)),
    "hyphens": lambda said, rnd: "-".join(re.findall(".{1,4}", said)),
    "dots": _between(lambda rnd: "·"),
    "zero-width": _between(lambda rnd: rnd.choice("\u200b\u200c\u200d\ufeff\u2060\u00ad")),
    "line-break": (
        lambda said, rnd: (
            said[: len(said) // 2] + rnd.choice(("\n", "\r\n", "\u2028")) + said[len(said) // 2 :]
        )
    ),
    "keycaps": _between(lambda rnd: "\ufe0f"),
    "mixed": (
        lambda said, rnd: (
            "".join(
                rnd.choice((char, char.translate(_WIDE), char + " ", char + "\u200b", char + "－"))
                for char in said[:-1]
            )
            + said[-1]
        )
    ),
}


@dataclass(frozen=True)
class Planted:
    """A passage of a text that must not stay readable: its kind and how it was spelled."""

    start: int
    end: int
    kind: str
    spelling: str


@dataclass(frozen=True)
class Decision:
    """A text, what is planted in it, and the parties whom a case would know of."""

    text: str
    planted: tuple[Planted, ...]
    known: tuple[Known, ...]


class Writer:
    """Makes people, numbers and texts from a seed."""

    def __init__(self, seed: int) -> None:
        self.rnd = random.Random(seed)

    def digits(self, count: int) -> str:
        """So many random digits."""
        return "".join(self.rnd.choices("0123456789", k=count))

    def name(self) -> str:
        """A person."""
        family = (
            self.rnd.choice(_DOUBLE) if self.rnd.random() < 0.04 else self.rnd.choice(_FAMILIES)
        )
        return family + self.rnd.choice(_GIVEN)

    def id_number(self) -> str:
        """An identity number whose check holds."""
        born = f"{self.rnd.randint(1950, 2006)}{self.rnd.randint(1, 12):02}{self.rnd.randint(1, 28):02}"
        first = f"{self.rnd.choice(_AREAS)}{born}{self.digits(3)}"
        return first + id_check(first)

    def old_id(self) -> str:
        """An identity number of fifteen digits."""
        return f"{self.rnd.choice(_AREAS)}{self.rnd.randint(40, 84)}{self.rnd.randint(1, 12):02}{self.rnd.randint(1, 28):02}{self.digits(3)}"

    def uscc(self, prefix: str) -> str:
        """A unified social credit code of this prefix whose check holds."""
        first = f"{prefix}370830{''.join(self.rnd.choices(_CODES, k=9))}"
        return first + uscc_check(first)

    def card(self) -> str:
        """A bank card whose check holds."""
        first = self.rnd.choice(
            ("622202", "621700", "6228480", "620522", "4563", "5187")
        ) + self.digits(9 + self.rnd.choice((0, 3)))
        first = first[:18]
        return next(f"{first}{last}" for last in range(10) if is_luhn(f"{first}{last}"))

    def phone(self) -> str:
        """A mobile telephone."""
        return f"1{self.rnd.choice('3456789')}{self.digits(9)}"

    def landline(self) -> str:
        """A telephone with its area."""
        return f"{self.rnd.choice(('0537', '010', '0531', '021'))}-{self.rnd.randint(2, 8)}{self.digits(6)}{self.rnd.randint(0, 9)}"

    def plate(self) -> str:
        """A plate, some of them of new energy, trailers and police cars."""
        head = f"{self.rnd.choice('鲁京豫晋浙苏')}{self.rnd.choice('ABCDEFGHJK')}"
        return head + self.rnd.choice(
            (
                self.digits(5),
                f"D{self.digits(5)}",
                f"{self.digits(3)}Q{self.digits(1)}",
                f"{self.digits(4)}挂",
                f"{self.digits(4)}警",
            )
        )

    def address(self) -> tuple[str, str]:
        """(the county and above, the rest)."""
        place = self.rnd.choice(
            (
                f"{self.rnd.choice(_TOWNS)}{self.rnd.choice(_VILLAGES)}{self.rnd.randint(1, 300)}号",
                f"{self.rnd.choice(_TOWNS)}{self.rnd.choice(_VILLAGES)}",
                (
                    f"{self.rnd.choice(_STREETS)}{self.rnd.randint(1, 200)}号{self.rnd.choice(_ESTATES)}{self.rnd.randint(1, 20)}号楼{self.rnd.randint(1, 4)}单元{self.rnd.randint(101, 1802)}室"
                ),
                f"{self.rnd.choice(_STREETS)}{self.rnd.randint(1, 200)}号",
                (
                    f"{self.rnd.choice(_ESTATES)}{self.rnd.randint(1, 20)}栋{self.rnd.randint(101, 1802)}室"
                ),
            )
        )
        return self.rnd.choice(_COUNTIES), place

    def decision(self, spelling: str = "plain", known: bool = True) -> Decision:
        """One text; numbers are spelled so (a name of SPELLINGS, or "any")."""
        from mingzheng.site.bench.phrases import closing, facts, opening

        page = Page(self, spelling)
        opening(page)
        facts(page)
        closing(page)
        return page.done(known)


class Page:
    """A text while it is written: `say` adds words, `plant` adds what must not stay readable."""

    def __init__(self, writer: Writer, spelling: str) -> None:
        self.writer, self.rnd, self.spelling = writer, writer.rnd, spelling
        self.parts: list[str] = []
        self.size = 0
        self.planted: list[Planted] = []
        self.known: list[Known] = []

    def say(self, words: str) -> Page:
        """Words that stay; `{}` nothing."""
        self.parts.append(words)
        self.size += len(words)
        return self

    def plant(self, kind: str, said: str) -> Page:
        """A passage that must be found; numbers take the spelling asked for."""
        spelling = self.rnd.choice(list(SPELLINGS)) if self.spelling == "any" else self.spelling
        if kind in ("name", "address", "health", "property", "trade-secret"):
            spelling = "plain"
        said = SPELLINGS[spelling](said, self.rnd)
        start = self.size
        self.say(said)
        self.planted.append(Planted(start, self.size, kind, spelling))
        return self

    def done(self, known: bool) -> Decision:
        """The finished text."""
        return Decision(
            "".join(self.parts), tuple(self.planted), tuple(self.known) if known else ()
        )


def decisions(
    count: int, seed: int = 7, spelling: str = "any", known: bool = True
) -> list[Decision]:
    """So many texts, the same for the same seed."""
    writer = Writer(seed)
    return [writer.decision(spelling, known) for _ in range(count)]
