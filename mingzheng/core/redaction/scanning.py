"""Look through a text for what a policy covers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mingzheng.core.redaction.policies import Policy
from mingzheng.core.redaction.spans import Known, Span, flatten

_GAP = r"[\s\-_.·•\u200b\u200c\u200d\ufeff]*"


def find(text: str, policy: Policy, known: Sequence[Known] = ()) -> list[Span]:
    """Every passage that the policy covers, in order, none overlapping."""
    found = [span for span in _of_known(text, known) if span.kind not in policy.shows]
    return _apart(found)


def _of_known(text: str, known: Sequence[Known]) -> Iterable[Span]:
    for each in known:
        natural = each.kind == "natural"
        person = each.kind != "organisation"
        name = "informant" if each.role == "informant" else ("respondent" if each.role == "respondent" else "name") if natural else "organisation"
        for value, kind, rule in (
                (each.name, name, "本案当事人"), (each.representative, "name", "本案人员"), (each.phone, "phone", "本案当事人电话"),
                (each.identifier if person else "", "id-number" if natural else "personal-uscc", "本案当事人证件"),
                (each.address if person else "", "address", "本案当事人住址")):
            if value and flatten(value):
                for hit in re.finditer(_GAP.join(map(re.escape, flatten(value))), text, re.IGNORECASE):
                    yield Span(hit.start(), hit.end(), kind, rule)


def _apart(found: Iterable[Span]) -> list[Span]:
    out: list[Span] = []
    for span in sorted(found, key=lambda each: (each.start, -each.end)):
        if not out or span.start >= out[-1].end:
            out.append(span)
    return out
