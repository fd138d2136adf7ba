"""The lists that people's names are known by: surnames, given names, words that only look like
names, words for roles.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HAN = "\u3400-\u9fff"


@dataclass(frozen=True)
class Tables:
    """The lists of `names.toml`, ready for use."""

    clear: frozenset[str]
    doubtful: frozenset[str]
    compound: frozenset[str]
    given: frozenset[str]
    never: frozenset[str]
    words: frozenset[str]
    bound: dict[str, str]
    left: frozenset[str]
    right: frozenset[str]
    blank: frozenset[str]
    bodies: frozenset[str]
    roles: dict[str, str]
    # By its last character: how long a word for a role may be, the longest first.
    sizes: dict[str, tuple[int, ...]]
    cue: re.Pattern[str]
    surname: re.Pattern[str]

    def begins(self, text: str, at: int) -> int:
        """How many characters the surname at this place has: 0 where none is."""
        if text[at : at + 2] in self.compound:
            return 2
        return int(text[at : at + 1] in self.clear or text[at : at + 1] in self.doubtful)

    def role(self, text: str, end: int) -> str:
        """The longest word for a role that ends here; "" where none does."""
        for size in self.sizes.get(text[end - 1], ()):
            if (word := text[max(0, end - size) : end]) in self.roles:
                return word
        return ""

    def word(self, text: str, at: int) -> bool:
        """Whether a common word begins here, or ends with the character here."""
        return (
            text[at : at + 2] in self.words
            or text[at : at + 3] in self.words
            or at > 0
            and text[at - 1] in self.bound.get(text[at], "")
        )


@cache
def tables() -> Tables:
    """Read once."""
    rows = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
    letters = {
        name: frozenset("".join(rows[name].split()))
        for name in ("surnames", "doubtful", "given", "never")
    }
    bound: dict[str, str] = {}
    for row in rows["bound"].split():
        char, befores = row.split("=")
        bound[char] = bound.get(char, "") + befores
    roles = {word: kind for kind, words in rows["cues"].items() for word in words.split()}
    given, never = "".join(letters["given"] - letters["never"]), rows["never"] + "某"
    seconds = "".join({each[1] for each in rows["compound"].split()})
    left, right = rows["edges"]["left"], "".join(map(re.escape, rows["edges"]["right"]))
    # Searched for by their last characters, of which there are few, and read backwards.
    ends = "".join({word[-1] for word in roles})
    compound = frozenset(rows["compound"].split())
    firsts = "".join(letters["surnames"] | letters["doubtful"] | {each[0] for each in compound})
    return Tables(
        letters["surnames"] - letters["doubtful"],
        letters["doubtful"],
        compound,
        letters["given"] - letters["never"],
        letters["never"] | {"某"},
        frozenset(rows["words"].split()),
        bound,
        frozenset(rows["edges"]["left"]),
        frozenset(rows["edges"]["right"]),
        frozenset(rows["blank"].split()),
        frozenset(rows["bodies"]),
        roles,
        {
            char: tuple(sorted({len(word) for word in roles if word[-1] == char}, reverse=True))
            for char in {word[-1] for word in roles}
        },
        re.compile(
            rf"[{ends}](?:（[^（）]{{0,12}}）)?(?:签名|签字|姓名)?["
            r" \t]*(?P<sure>[：:]|为|是|系|叫|名叫)?\s*"
            rf"(?:(?=[{firsts}](?![{never}])|[A-Z])|(?<=[：:])(?=[{HAN}]{{2,4}}(?:[，。；、"
            r"（(\s]|\Z)))"
        ),
        # A name in a sentence has an edge on its left, or two letters of a given name and an edge
        # on its right.
        re.compile(
            rf"[{firsts}](?=[{given}{seconds}])(?:(?<=[^{HAN}].)|(?<=[{left}].)|(?<=\A.)|(?=.[{given}](?:[{right}]|[^{HAN}]|\Z)))",
            re.DOTALL,
        ),
    )
