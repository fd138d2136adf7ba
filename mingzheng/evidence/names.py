"""File names as people may read them: nothing invisible, nothing that leads anywhere."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LONGEST, ENDING = 255, 16
# A sheet program would run a cell that begins with one of these.
_FORMULA = ("=", "+", "-", "@")


def clean(given: str) -> str:
    """The last part of `given` without control and direction marks, at most 255 characters, its
    ending kept.
    """
    last = given.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    # Cf holds the right-to-left marks that make "gpj.exe" out of "exe.jpg"; Cs and Co cannot be
    # shown.
    shown = "".join(
        " " if unicodedata.category(each) in ("Zl", "Zp") else each
        for each in unicodedata.normalize("NFC", last)
        if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    shown = " ".join(shown.split()).lstrip(". ")
    if shown.startswith(_FORMULA):
        shown = f"_{shown}"
    if len(shown) > LONGEST:
        ending = PurePosixPath(shown).suffix[:ENDING]
        shown = shown[: LONGEST - len(ending)] + ending
    return shown or "未命名文件"
