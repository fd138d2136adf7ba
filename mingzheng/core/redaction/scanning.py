"""Look through a text for what a policy covers."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from mingzheng.core.redaction import circumstances, numbers, organisations, people, places
from mingzheng.core.redaction.policies import Policy
from mingzheng.core.redaction.sight import GAP, Sight
from mingzheng.core.redaction.spans import Known, Span, flatten, joined

_GAPS = re.compile(f"{GAP}+")
_HOUSE = re.compile("[0-9号栋室]")


def find(text: str, policy: Policy, known: Sequence[Known] = ()) -> list[Span]:
    """Every passage that the policy covers, in order, none overlapping; offsets are code points of
    `text` as it was given.
    """
    sight = Sight.of(text)
    found = [
        span for span in _found(sight.text, tuple(known), policy) if span.kind not in policy.shows
    ]
    if sight.places is not None:
        found = [
            Span(*sight.original(span.start, span.end), span.kind, span.rule) for span in found
        ]
    return joined(found)


def _found(text: str, known: tuple[Known, ...], policy: Policy) -> Iterator[Span]:
    squeezed = Squeezed(text)
    of_firms = [
        (start, end, what) for value, what in _firms(known) for start, end in squeezed.places(value)
    ]
    regions = sorted(
        [
            *organisations.regions(text),
            *((start, end) for start, end, what in of_firms if what == "name"),
        ]
    )
    for value, kind, rule in _wanted(known):
        for start, end in squeezed.places(value):
            yield Span(start, end, kind, rule)
    yield from numbers.scan(text)
    yield from numbers.scan_said(text)
    yield from circumstances.scan(text)
    # Where a firm of this matter has its seat is no dwelling of anybody, and a town within a firm's
    # name is no address.
    shown = "organisation" in policy.shows
    seats = sorted((start - 8, end + 2) for start, end, what in of_firms if what == "address")
    for span in places.scan(text):
        named = not _HOUSE.search(text, span.start, span.end) and organisations.around(
            regions, span.start, span.end
        )
        if not (shown and (named or organisations.around(seats, span.start, span.end))):
            yield span
    yield from people.scan(text, *_people(known), regions)
    if not shown:
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
        if not (number := self.text.count(flat)):
            return
        # Most texts write it as it is known; then nothing needs to be mapped back.
        plain = self.source.count(flat) == number
        within, at = (self.source, -1) if plain else (self.text, -1)
        while (at := within.find(flat, at + 1)) >= 0:
            yield (
                (at, at + len(flat))
                if plain
                else (self.solid[at], self.solid[at + len(flat) - 1] + 1)
            )

    @cached_property
    def solid(self) -> Sequence[int]:
        """Where each character of the squeezed text stands."""
        if len(self.text) == len(self.source):
            return range(len(self.source))
        places, at = array("q"), 0
        for gap in _GAPS.finditer(self.source):
            places.extend(range(at, gap.start()))
            at = gap.end()
        places.extend(range(at, len(self.source)))
        return places


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
        name = (
            role or ("respondent" if each.role == "respondent" else "name")
            if natural
            else role or "organisation"
        )
        found += [
            (each.name, name, "本案当事人"),
            (each.representative, "name", "本案人员"),
            (each.phone, "phone", "本案当事人电话"),
        ]
        if person:
            found += [
                (each.identifier, "id-number" if natural else "personal-uscc", "本案当事人证件"),
                (each.address[places.below_county(each.address) :], "address", "本案当事人住址"),
            ]
        else:
            found.append((each.identifier, "organisation-code", "本案当事人代码"))
    return tuple(
        (flat, kind, rule)
        for value, kind, rule in found
        if len(flat := flatten(Sight.of(value).text)) > 1
    )


@lru_cache(128)
def _people(known: tuple[Known, ...]) -> tuple[frozenset[str], dict[str, str]]:
    """The officers on duty, and the kinds of the other people by name."""
    natural = [(flatten(each.name), each.role) for each in known if each.kind == "natural"]
    return frozenset(name for name, role in natural if role == "officer"), {
        name: role if role in ("informant", "minor", "respondent") else "name"
        for name, role in natural
        if role != "officer" and len(name) > 1
    }


@lru_cache(128)
def _firms(known: tuple[Known, ...]) -> tuple[tuple[str, str], ...]:
    """The names of firms, and the seats of organisations."""
    return tuple(
        (flat, what)
        for each in known
        if each.kind not in ("natural", "trade-secret")
        for what, value in (
            ("name", each.name),
            ("address", each.address if each.kind == "organisation" else ""),
        )
        if len(flat := flatten(Sight.of(value).text)) > 1
    )
