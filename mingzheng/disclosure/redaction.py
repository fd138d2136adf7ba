"""How the text for the public is made: from the matter's own words and what a person decided about
every passage found in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingzheng.core import clock, redaction
from mingzheng.core.redaction import Known, Span
from mingzheng.procedures import matter_kinds, registry
from mingzheng.procedures.publishing import Offer
from mingzheng.records import law
from mingzheng.records.models import ActContent, Record

BODY = ("party", "facts", "basis", "decision")
# An informant is written down in one field, as people write: name, telephone, with or without
# labels.
_PIECE = re.compile(r"[^\s，,；;。、：:（）()/]{2,}")
_LABELS = frozenset(
    (
        "举报人",
        "投诉人",
        "信访人",
        "姓名",
        "电话",
        "手机",
        "联系电话",
        "联系方式",
        "住址",
        "地址",
        "身份证号",
        "匿名",
    )
)


@dataclass(frozen=True)
class Passage:
    """A passage that a finder saw in a part: `key` names it in the form, `said` are its words,
    `releasable` whether a person may keep it.
    """

    part: str
    span: Span
    said: str
    name: str
    releasable: bool

    @property
    def key(self) -> str:
        """`keep-facts-12-15`."""
        return f"keep-{self.part}-{self.span.start}-{self.span.end}"


@dataclass(frozen=True)
class Sources:
    """The uncovered parts of what there is to publish, and how this matter's pack wants them
    covered.
    """

    parts: Mapping[str, str]
    policy: redaction.Policy
    kinds: Mapping[str, redaction.Kind]
    known: tuple[Known, ...]

    def passages(self, more: Sequence[str] = ()) -> list[Passage]:
        """Everything that is found, part by part, with the words that a person added."""
        return [
            Passage(
                part,
                span,
                text[span.start : span.end],
                self.kinds[span.kind].name,
                self.kinds[span.kind].release,
            )
            for part, text in self.parts.items()
            for span in self._found(text, more)
        ]

    def _found(self, text: str, more: Sequence[str]) -> list[Span]:
        found = redaction.find(text, self.policy, self.known)
        taken = {at for span in found for at in range(span.start, span.end)}
        for word in more:
            at = text.find(word)
            while at >= 0:
                if not taken & set(range(at, at + len(word))):
                    found.append(Span(at, at + len(word), "marked", "人工补充"))
                    taken |= set(range(at, at + len(word)))
                at = text.find(word, at + len(word))
        return sorted(found, key=lambda span: span.start)

    def covered(
        self, more: Sequence[str] = (), kept: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """The parts as the public reads them; `kept`: key of a passage → why it is not covered."""
        found = [each for each in self.passages(more) if each.key not in (kept or {})]
        spans = {part: [each.span for each in found if each.part == part] for part in self.parts}
        faces = self.faces(found)
        return {
            part: redaction.cover(text, spans[part], self.reads, faces)
            for part, text in self.parts.items()
        }

    @property
    def reads(self) -> dict[str, str]:
        """How a passage of each kind reads when it is covered."""
        return {kind.id: kind.reads for kind in self.kinds.values()}

    def faces(self, found: Sequence[Passage]) -> redaction.Faces:
        """The people of all parts together, so that the same person reads the same in each."""
        return redaction.Faces.of(
            [
                (text, [each.span for each in found if each.part == part])
                for part, text in self.parts.items()
            ],
            self.reads,
        )

    def left_over(self, texts: Mapping[str, str], kept: Sequence[str] = ()) -> list[Passage]:
        """What is still seen in covered texts and nobody released: `kept` are the released
        words.
        """
        again = Sources(texts, self.policy, self.kinds, self.known)
        return [each for each in again.passages() if each.said not in kept]


def heads(kind: str) -> tuple[str, str, str]:
    """What facts, basis and decision of a matter of this kind are called in public."""
    return matter_kinds.find(kind).heads


def sources(record: Record, offer: Offer) -> Sources:
    """What there is to cover in an offer of this record, by the rules of today."""
    return sources_of(
        record,
        title=offer.title,
        **{name: offer.parts[name] for name in BODY if name in offer.parts},
    )


def sources_of(record: Record, **parts: str) -> Sources:
    """How this record's pack wants any texts of it covered."""
    regime, facts, today = law.regime(record), registry.facts_of(record), clock.today()
    return Sources(
        parts,
        redaction.policy(regime, today, facts),
        redaction.kinds(regime, today, facts),
        known_of(record),
    )


def known_of(record: Record) -> tuple[Known, ...]:
    """Everybody the matter names: officers on duty, counterparts past and present, interested
    parties, whoever reported it.
    """
    told = ActContent.objects.filter(act__record=record, act__kind="source.registered").values_list(
        "body", flat=True
    )
    written = [str(said.get("informant") or "") for said in map(json.loads, told)]
    informants = dict.fromkeys(
        piece for text in written for piece in _PIECE.findall(text) if piece not in _LABELS
    )
    officers = record.handlers.values_list("person__name", flat=True)
    return (
        *(Known("natural", name, role="officer") for name in dict.fromkeys(officers)),
        *(Known("natural", name, role="informant") for name in informants),
        *(
            Known(
                row.kind,
                row.name,
                row.identifier,
                row.address,
                row.phone,
                row.representative,
                "respondent" if row.role != "interested" else "interested",
            )
            for row in record.parties.order_by("pk")
        ),
    )


def hidden(record: Record, text: str) -> str:
    """A sentence for the public (a reason, an answer) with everything covered that the pack
    covers.
    """
    return sources_of(record, text=text).covered()["text"]


def words(text: str) -> list[str]:
    """Words that a person wants covered too, one a line, longest first."""
    return sorted(
        {line.strip() for line in text.splitlines() if line.strip()}, key=len, reverse=True
    )


def body_parts(body: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a frozen public body that are looked through once more."""
    return {name: str(body[name]) for name in ("title", *BODY) if name in body}
