"""A passage that may not be read, who is known of a matter, and how a text looks with passages covered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[\s\-_.·•\u200b\u200c\u200d\ufeff]+")


@dataclass(frozen=True)
class Span:
    """`text[start:end]` (code points) is of `kind` (an id of the list `redaction-kinds`) because of `rule`, in Chinese."""

    start: int
    end: int
    kind: str
    rule: str


@dataclass(frozen=True)
class Known:
    """Somebody whom the matter names: kind is natural, organisation or individual-business; role respondent, informant, minor, officer …"""

    kind: str
    name: str
    identifier: str = ""
    address: str = ""
    phone: str = ""
    representative: str = ""
    role: str = "respondent"


def cover(text: str, spans: Iterable[Span], said: dict[str, str]) -> str:
    """`text` with each span replaced by `said[kind]`; "surname" keeps the first character: 赵某."""
    out, at = [], 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if span.start < at:
            continue
        word = said.get(span.kind, "〔已遮盖〕")
        out += [text[at:span.start], f"{text[span.start]}某" if word == "surname" else word]
        at = span.end
    return "".join([*out, text[at:]])


def flatten(text: str) -> str:
    """NFKC without separators, so that １３８-０００ and 138000 are the same."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
