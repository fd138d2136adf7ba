"""How a text reads with passages covered: the same person the same everywhere, two of one surname
apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mingzheng.core.redaction.names import tables
from mingzheng.core.redaction.sight import Sight
from mingzheng.core.redaction.spans import Span, flatten


@dataclass
class Faces:
    """How each person reads: surname and 某, numbered in the order of first appearance where
    several share a surname.
    """

    said: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Iterable[tuple[str, Sequence[Span]]], said: dict[str, str]) -> Faces:
        """The people of several texts that are read together (a title and a body), each with its
        spans.
        """
        seen: dict[str, list[str]] = {}
        for text, spans in parts:
            for span in sorted(spans, key=lambda each: each.start):
                name = flatten(text[span.start : span.end])
                if said.get(span.kind) == "surname" and name not in seen.setdefault(
                    surname(text[span.start : span.end]), []
                ):
                    seen[surname(text[span.start : span.end])].append(name)
        return cls(
            {
                name: f"{family}某{at if len(names) > 1 else ''}"
                for family, names in seen.items()
                for at, name in enumerate(names, 1)
            }
        )


def surname(name: str) -> str:
    """赵 of 赵铁柱, 欧阳 of 欧阳明, in any spelling; the first character of a name of another
    kind.
    """
    plain = flatten(Sight.of(name).text)
    return plain[:2] if plain[:2] in tables().compound and len(plain) > 2 else plain[:1]


def cover(
    text: str, spans: Iterable[Span], said: dict[str, str], faces: Faces | None = None
) -> str:
    """`text` with each span replaced by `said[kind]`; "surname" keeps the surname: 赵某, and
    赵某1, 赵某2 where two share it.

    `faces` are the people of all the texts that are read together; without it those of this
    text alone.
    """
    ordered = sorted(spans, key=lambda each: (each.start, -each.end))
    known = faces or Faces.of([(text, ordered)], said)
    out, at = [], 0
    for span in ordered:
        if span.start < at:
            at = max(at, span.end)
            continue
        held, word = text[span.start : span.end], said.get(span.kind, "〔已遮盖〕")
        out += [
            text[at : span.start],
            known.said.get(flatten(held), f"{surname(held)}某") if word == "surname" else word,
        ]
        at = span.end
    return "".join([*out, text[at:]])
