"""Texts as pairs of neighbouring characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]
# Room for every character of Unicode in each half of a pair.
_HALF = np.uint64(21)


def plain(text: str) -> str:
    """As it is compared: one width, one case, runs of blanks as one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def characters(text: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def pairs(points: NDArray[np.uint32]) -> Codes:
    """One number for each two neighbours, in order."""
    wide = points.astype(np.uint64)
    return (wide[:-1] << _HALF) | wide[1:]


def of_words(words: Sequence[str]) -> list[int]:
    """The pairs of several words, each once."""
    return list(dict.fromkeys(int(code) for word in words for code in pairs(characters(word))))
