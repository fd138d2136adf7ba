"""A passage that may not be read, who is known of a matter, and how overlapping passages become
one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from mingzheng.core.redaction.sight import GAP, HIDDEN

_SEPARATORS = re.compile(f"(?:{GAP}|{HIDDEN})+")
# Where passages overlap, the first of these names what was found; the rest follow as equals.
_FIRST = (
    "minor",
    "informant",
    "trade-secret",
    "id-number",
    "bank-card",
    "personal-uscc",
    "phone",
    "plate",
    "email",
    "health",
    "property",
    "name",
    "address",
    "respondent",
    "organisation-code",
    "organisation",
)
_RANK = {kind: at for at, kind in enumerate(_FIRST)}


class Span(NamedTuple):
    """`text[start:end]` (code points) is of `kind` (an id of the list `redaction-kinds`) because
    of `rule`, in Chinese.
    """

    start: int
    end: int
    kind: str
    rule: str


@dataclass(frozen=True)
class Known:
    """Somebody whom the matter names: kind is natural, organisation, individual-business or
    trade-secret (`name` is then the secret's words); role respondent, informant, minor, officer
    (on duty: never covered) …
    """

    kind: str
    name: str
    identifier: str = ""
    address: str = ""
    phone: str = ""
    representative: str = ""
    role: str = "respondent"


def joined(found: Iterable[Span]) -> list[Span]:
    """In order, none overlapping: what overlaps is one passage of the most protective kind, so
    that nothing of either remains.
    """
    out: list[Span] = []
    for span in sorted(found):
        if out and span.start < out[-1].end:
            last = out[-1]
            if span.end <= last.end and span.kind == last.kind:
                continue
            first = min(last, span, key=lambda each: _RANK.get(each.kind, len(_RANK)))
            out[-1] = Span(last.start, max(last.end, span.end), first.kind, first.rule)
        else:
            out.append(span)
    return out


def flatten(text: str) -> str:
    """NFKC without separators and unseen characters, so that １３８-０００ and 138000 are the
    same.
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
