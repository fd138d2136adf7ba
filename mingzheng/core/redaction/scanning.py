"""Look through a text for what a policy covers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from mingzheng.core.redaction import circumstances, numbers, organisations, people, places
from mingzheng.core.redaction.policies import Policy
from mingzheng.core.redaction.sight import GAP, Sight
from mingzheng.core.redaction.spans import Known, Span, flatten, joined


_GAPS = re.compile(f"{GAP}+")
_HOUSE = re.compile("[0-9号栋室]")


def find(text: str, policy: Policy, known: Sequence[Known] = ()) -> list[Span]:
    """Every passage that the policy covers, in order, none overlapping; offsets are code points of `text` as it was given."""
    sight = Sight.of(text)
    return joined(
        Span(*sight.original(span.start, span.end), span.kind, span.rule)
        for span in _found(sight.text, tuple(known), policy) if span.kind not in policy.shows and span.start < span.end)


def _found(text: str, known: tuple[Known, ...], policy: Policy) -> Iterator[Span]:
    squeezed = Squeezed(text)
    of_firms = [(start, end, what) for value, what in _firms(known) for start, end in squeezed.places(value)]
    regions = sorted([*organisations.regions(text), *((start, end) for start, end, what in of_firms if what == "name")])
    for value, kind, rule in _wanted(known):
        for start, end in squeezed.places(value):
            yield Span(start, end, kind, rule)
    yield from numbers.scan(text)
    yield from numbers.scan_said(text)
    yield from circumstances.scan(text)
    # Where a firm of this matter has its seat is no dwelling of anybody, and a town within a firm's name is no address.
    seats = [(start - 8, end + 2) for start, end, what in of_firms if what == "address"] if "organisation" in policy.shows else []
    for span in places.scan(text):
        within = regions if "organisation" in policy.shows and not _HOUSE.search(text, span.start, span.end) else ()
        if not any(start <= span.start and span.end <= end for start, end in (*seats, *within)):
            yield span
    officers = frozenset(flatten(each.name) for each in known if each.role == "officer")
    yield from people.scan(text, officers, regions)
    if "organisation" not in policy.shows:
        for start, end in organisations.firms(text, regions):
            yield Span(start, end, "organisation", "单位名称")


class Squeezed:
    """A plain text without separators, in which a known word is found however it is spaced."""

    def __init__(self, text: str) -> None:
        self.source = text
        upper = text.upper()
        # The few letters that grow when written large are left small.
        self.text = _GAPS.sub("", upper if len(upper) == len(text) else text)

    def places(self, flat: str) -> Iterator[tuple[int, int]]:
        """(start, end) in the plain text of every place of a word that `flatten` made."""
        at = self.text.find(flat)
        while at >= 0:
            yield self.solid[at], self.solid[at + len(flat) - 1] + 1
            at = self.text.find(flat, at + 1)

    @cached_property
    def solid(self) -> Sequence[int]:
        """Where each character of the squeezed text stands."""
        if len(self.text) == len(self.source):
            return range(len(self.source))
        gaps = {at for hit in _GAPS.finditer(self.source) for at in range(hit.start(), hit.end())}
        return [at for at in range(len(self.source)) if at not in gaps]


@lru_cache(128)
def _wanted(known: tuple[Known, ...]) -> tuple[tuple[str, str, str], ...]:
    """What to look for of everybody whom the matter names: flat words with their kind and rule."""
    found = []
    for each in known:
        if each.role == "officer":
            continue
        if each.kind == "trade-secret":
            found.append((each.name, "trade-secret", "本案商业秘密"))
            continue
        natural, person = each.kind == "natural", each.kind != "organisation"
        role = each.role if each.role in ("informant", "minor") else ""
        name = role or ("respondent" if each.role == "respondent" else "name") if natural else role or "organisation"
        found += [(each.name, name, "本案当事人"), (each.representative, "name", "本案人员"), (each.phone, "phone", "本案当事人电话")]
        if person:
            found += [(each.identifier, "id-number" if natural else "personal-uscc", "本案当事人证件"),
                      (each.address[places.below_county(each.address):], "address", "本案当事人住址")]
        else:
            found.append((each.identifier, "organisation-code", "本案当事人代码"))
    return tuple((flat, kind, rule) for value, kind, rule in found if len(flat := flatten(Sight.of(value).text)) > 1)


@lru_cache(128)
def _firms(known: tuple[Known, ...]) -> tuple[tuple[str, str], ...]:
    """The names of firms, and the seats of organisations."""
    return tuple((flat, what) for each in known if each.kind not in ("natural", "trade-secret")
                 for what, value in (("name", each.name), ("address", each.address if each.kind == "organisation" else ""))
                 if len(flat := flatten(Sight.of(value).text)) > 1)
