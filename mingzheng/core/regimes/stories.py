"""What a record holds: the acts that still stand, as gates look back on them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from mingzheng.core.regimes.shapes import ActRef


@dataclass(frozen=True)
class PastAct:
    """An act that still stands. attrs: officer, person, handler, party, channel … (one or many)."""

    act: str
    on: date
    at: datetime | None = None
    of: str = ""
    subject: str = ""
    id: object = None
    attrs: Mapping[str, object] = field(default_factory=dict)

    def values(self, name: str) -> frozenset[object]:
        """The values of an attribute, whether it was given as one or as several."""
        return values(self.attrs, name)


def values(attrs: Mapping[str, object], name: str) -> frozenset[object]:
    held = attrs.get(name)
    if held is None:
        return frozenset()
    return frozenset(held) if isinstance(held, (list, tuple, set, frozenset)) else frozenset({held})


class History:
    """The standing acts of one record, looked up by kind."""

    def __init__(self, past: Sequence[PastAct]) -> None:
        self.past = tuple(past)
        self._by_act: dict[str, list[PastAct]] = {}
        for each in self.past:
            self._by_act.setdefault(each.act, []).append(each)

    def of(self, ref: ActRef, until: date) -> Iterator[PastAct]:
        """Acts that fit the ref and happened no later than `until`."""
        return (
            each
            for each in self._by_act.get(ref.act, ())
            if ref.fits(each.act, each.of) and each.on <= until
        )

    def everyone(self, name: str) -> frozenset[object]:
        """Every value of an attribute in the whole record (all handlers, all officers)."""
        return frozenset().union(*(each.values(name) for each in self.past))

    def kinds(self) -> list[str]:
        """Acts held, as `holds` asks for them: "act" and "act:of"."""
        return sorted(
            {each.act for each in self.past}
            | {f"{each.act}:{each.of}" for each in self.past if each.of}
        )
