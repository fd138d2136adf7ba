"""Which characters papers can show: those that a font of this machine has, in one colour. Asked when
text is typed, so that no paper is lost over one character.

The template names the fonts in their order (`typst/fonts.typ`); what none of these has, the renderer
looks for in all the others that it sees.
"""

from __future__ import annotations

import mmap
import struct
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

_SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts")
# Laid out, never drawn: spaces, what joins and parts letters, and which form of a letter is meant.
# Whatever else is drawn by nothing is refused, above all what turns the order of letters round.
_LAID_OUT = frozenset(
    [*"\t\n\r \u00a0\u00ad\u2028\u2029\u2060\u3000\ufeff", *map(chr, range(0x200B, 0x2010))]
    + [chr(code) for code in (*range(0xFE00, 0xFE10), *range(0x180B, 0x180F))]
    + [chr(code) for code in range(0xE0100, 0xE01F0)]
)
_PRIVATE, _UNDRAWN = ("Co",), ("Cc", "Cf", "Cs", "Cn")
_COLOURED = {b"CBDT", b"COLR", b"sbix", b"SVG "}
_PROBE = "的"


class Lacking(NamedTuple):
    """A character that no paper can show, and what could stand for it (empty: nothing known)."""

    character: str
    instead: str

    @property
    def said(self) -> str:
        """A sentence that names it and what to do."""
        code = f"U+{ord(self.character):04X}"
        kind = unicodedata.category(self.character)
        shown = "" if kind in (*_PRIVATE, *_UNDRAWN) else f"“{self.character}”"
        what = f"{shown}（{code}）"
        if self.instead:
            return f"文书里印不出{what}，请改成“{self.instead}”"
        if kind in _PRIVATE:
            return f"{what}是旧字库的自造字，文书里印不出，请查到它的正式写法后重新输入"
        if kind in _UNDRAWN:
            return f"有一个看不见的字符{what}，请删去"
        return f"文书里印不出{what}，请换一个写法，例如用同音字并加注"


def lacking(text: str) -> list[Lacking]:
    """The characters of a text that no paper can show, each once, in order."""
    if text.isascii() and text.isprintable():
        return []
    has = coverage()
    if not has[ord(_PROBE)]:
        # Without a Chinese font there are no papers at all, which is said where one is wanted.
        return []
    found = dict.fromkeys(each for each in text if not _shown(each, has))
    return [Lacking(each, instead(each)) for each in found]


def instead(character: str) -> str:
    """The standard character that an old or compatible one stands for; empty where none is
    known.
    """
    standard = private().get(ord(character), "") or unicodedata.normalize("NFKC", character)
    has = coverage()
    fits = standard != character and all(_shown(each, has) for each in standard)
    return standard if fits else ""


def _shown(character: str, has: bytes) -> bool:
    if character in _LAID_OUT:
        return True
    code = ord(character)
    if unicodedata.category(character) in (*_PRIVATE, *_UNDRAWN):
        return False
    return bool(has[code])


@lru_cache(maxsize=1)
def private() -> dict[int, str]:
    """Code points that GBK fonts gave to characters which have a standard one now."""
    rows = tomllib.loads(Path(__file__).with_name("private_use.toml").read_text(encoding="utf-8"))
    return {int(code, 16): chr(int(standard, 16)) for code, standard in rows["standard"].items()}


@lru_cache(maxsize=1)
def coverage() -> bytes:
    """One byte a code point: whether a font has it. Read once: new fonts are seen after a restart,
    as by the renderer.
    """
    has = bytearray(0x110000)
    for path in _files():
        try:
            _add(path, has)
        except (OSError, ValueError, struct.error, IndexError, KeyError):
            # A font that cannot be read shows nothing; the renderer passes it over too.
            continue
    return bytes(has)


def _files() -> Iterator[Path]:
    for place in map(str, (*settings.FONT_PATHS, *_SYSTEM)):
        for kind in ("*.otf", "*.ttf", "*.ttc", "*.otc"):
            yield from Path(place).rglob(kind)


def _add(path: Path, has: bytearray) -> None:
    """Mark what the faces of a file have; coloured ones do not go into a PDF/A."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        starts = [0]
        if data[:4] == b"ttcf":
            (count,) = struct.unpack_from(">I", data, 8)
            starts = list(struct.unpack_from(f">{count}I", data, 12))
        done = set()
        for start in starts:
            (count,) = struct.unpack_from(">H", data, start + 4)
            listed = data[start + 12 : start + 12 + 16 * count]
            tables = {tag: at for tag, _, at, _ in struct.iter_unpack(">4sIII", listed)}
            if tables[b"cmap"] not in done and not _COLOURED & tables.keys():
                done.add(tables[b"cmap"])
                for first, last in _ranges(data, tables[b"cmap"]):
                    has[first : last + 1] = b"\1" * (last + 1 - first)


def _ranges(data: mmap.mmap, at: int) -> Iterator[tuple[int, int]]:
    """The code points of a face, from its tables of format 4 and 12."""
    _, count = struct.unpack_from(">HH", data, at)
    tables = [struct.unpack_from(">HHI", data, at + 4 + 8 * n) for n in range(count)]
    found = {at + offset for platform, _, offset in tables if platform in (0, 3)}
    forms = {struct.unpack_from(">H", data, table)[0]: table for table in found}
    if 12 in forms:
        # The whole; a table of format 4 beside it holds a part of the same.
        (groups,) = struct.unpack_from(">I", data, forms[12] + 12)
        said = data[forms[12] + 16 : forms[12] + 16 + 12 * groups]
        for first, last, _ in struct.iter_unpack(">III", said):
            yield first, min(last, 0x10FFFF)
    elif 4 in forms:
        yield from _segments(data, forms[4])


def _segments(data: mmap.mmap, table: int) -> Iterator[tuple[int, int]]:
    (twice,) = struct.unpack_from(">H", data, table + 6)
    half = twice // 2
    ends = struct.unpack_from(f">{half}H", data, table + 14)
    starts = struct.unpack_from(f">{half}H", data, table + 16 + twice)
    offsets_at = table + 16 + 3 * twice
    offsets = struct.unpack_from(f">{half}H", data, offsets_at)
    for first, last, offset, n in zip(starts, ends, offsets, range(half), strict=True):
        if offset == 0:
            yield first, min(last, 0xFFFE)
            continue
        begin = offsets_at + 2 * n + offset
        many = min(last, 0xFFFE) - first + 1
        # Glyph 0 is the box that stands for "none".
        for code, glyph in enumerate(struct.unpack_from(f">{many}H", data, begin), first):
            if glyph:
                yield code, code
