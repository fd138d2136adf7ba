"""Whether a text shows anything to whoever reads it."""

from __future__ import annotations

import unicodedata

# Letters of Unicode that draw nothing: Hangul fillers and the empty braille cell.
_EMPTY = frozenset("\u115f\u1160\u3164\uffa0\u2800")


# What draws nothing wherever it stands: soft hyphen, joiners and marks of direction, word joiner.
_HIDDEN = str.maketrans(
    dict.fromkeys(
        [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
    )
)


def shown(text: str) -> str:
    """The text without what nobody can see in it: two names that look alike are alike."""
    return text.translate(_HIDDEN)


def blank(text: str) -> bool:
    """Whether nothing of the text can be seen: spaces, joiners, marks and controls only."""
    return not any(_drawn(char) for char in text)


def says_something(text: str) -> bool:
    """Whether there is a word or a number in it, and not only marks."""
    return any(_drawn(char) and unicodedata.category(char)[0] in "LNC" for char in text)


def _drawn(char: str) -> bool:
    # A character of private use is one that some old name database could draw.
    kind = unicodedata.category(char)
    return char not in _EMPTY and (kind == "Co" or kind[0] not in "ZCM")
