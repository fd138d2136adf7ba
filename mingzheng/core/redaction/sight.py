"""A text as the finders read it: full-width and other spellings of letters and digits made plain,
what cannot be seen left out.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

# Characters that stand between the digits of one number: white space, hyphens, dots, brackets,
# strokes. Written out: a class would be slower.
GAP = (
    r"[ \t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    r"\-_.·•‧∙・⁃\u2010-\u2015\u2212—/*~～()（）\[\]＿－．]"
)
# Characters of which nothing is seen: control, format, variation, combining, filler.
_UNSEEN = (
    (0, 8),
    (0x0E, 0x1B),
    (0x7F, 0x7F),
    (0xAD, 0xAD),
    (0x0300, 0x036F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x20D0, 0x20FF),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE01EF),
)
HIDDEN = (
    "[" + "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in _UNSEEN) + "]"
)
# Blocks that hold other spellings of letters, digits and characters.
_BLOCKS = (
    (0x00B2, 0x00BA),
    (0x0660, 0x0669),
    (0x06F0, 0x06F9),
    (0x0966, 0x096F),
    (0x2070, 0x209C),
    (0x2100, 0x214F),
    (0x2160, 0x2188),
    (0x2460, 0x24FF),
    (0x2776, 0x2793),
    (0x2E80, 0x2FD5),
    (0x3220, 0x3247),
    (0x3280, 0x32B0),
    (0xF900, 0xFAFF),
    (0xFF0B, 0xFF0E),
    (0xFF10, 0xFF19),
    (0xFF20, 0xFF3A),
    (0xFF3F, 0xFF3F),
    (0xFF41, 0xFF5A),
    (0x1D400, 0x1D7FF),
    (0x1F100, 0x1F189),
    (0x2F800, 0x2FA1D),
)
_UNCHANGED = frozenset("，")


@dataclass(frozen=True)
class Sight:
    """`text` is what the finders read; `places[n]` is where its n-th character stands in the
    original, None where nothing moved.
    """

    text: str
    places: Sequence[int] | None = None

    @classmethod
    def of(cls, text: str) -> Sight:
        """The plain reading of any text."""
        table, odd, moving = _tables()
        if not odd.search(text):
            return cls(text)
        if not moving.search(text):
            return cls(text.translate(table))
        said, places, at = [], array("q"), 0
        for hit in odd.finditer(text):
            plain = table.get(ord(hit.group()), hit.group())
            said += [text[at : hit.start()], plain]
            places.extend(range(at, hit.start()))
            places.extend([hit.start()] * len(plain))
            at = hit.end()
        places.extend(range(at, len(text)))
        return cls("".join([*said, text[at:]]), places)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` begins and ends in the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


@cache
def _tables() -> tuple[dict[int, str], re.Pattern[str], re.Pattern[str]]:
    """Code point → plain spelling; what asks for it; what changes the length of the text."""
    table = {
        code: plain
        for low, high in _BLOCKS
        for code in range(low, high + 1)
        if (plain := _plain(chr(code))) != chr(code) and chr(code) not in _UNCHANGED
    }
    table |= {code: "" for low, high in _UNSEEN for code in range(low, high + 1)}
    moving = [code for code, plain in table.items() if len(plain) != 1]
    # Asked of every character of every text: above the first plane one range is quicker than the
    # true ones.
    low = [code for code in table if code < 0x10000]
    return (
        table,
        re.compile(f"{_charset(low)[:-1]}\U00010000-\U0010ffff]"),
        re.compile(_charset(moving)),
    )


def _plain(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    # What becomes a bracketed form keeps only what was in the brackets: ⑴ and ⒈ are 1.
    return (
        re.sub(r"[().]", "", said) if len(said := unicodedata.normalize("NFKC", char)) > 1 else said
    )


def _charset(codes: list[int]) -> str:
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return (
        "[" + "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in runs) + "]"
    )
