"""Which fields a page shows: the rows of the pack's list for its kind, and beside them what higher
packs offer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.core.regimes import Regime
from mingzheng.records import law

MUST, OFFERED = "must", "offered"
# The order in which people look for them; packs add in their own order what stands nowhere here.
ORDER = (
    "name",
    "type",
    "basis",
    "body",
    "unit",
    "accepting",
    "approving",
    "duties",
    "powers",
    "objects",
    "conditions",
    "quantity",
    "materials",
    "samples",
    "content",
    "manner",
    "procedure",
    "limit",
    "decision",
    "fee",
    "place",
    "address",
    "hours",
    "contact",
    "phone",
    "window-staff",
    "status",
    "complaints",
    "supervision",
    "accountability",
    "remedies",
)
# Two words for one thing: what a higher pack offers is left out where the agency's own text has the
# other word.
SAME = {"address": "place", "phone": "contact"}


@dataclass(frozen=True)
class Field:
    """One field: `need` is "must", "if-any" or "offered" (a higher pack names it, the agency's own
    list does not).
    """

    id: str
    name: str
    need: str
    source: str

    def fault(self, where: str = "") -> str:
        """What is said when it must be there and is not."""
        return f"{where}缺“{self.name}”，不能公示（{self.source}）"


def regime(agency: Agency) -> Regime:
    """The rules that the agency has adopted."""
    found: Regime = law.regime_of(agency.pk, agency.pack)
    return found


def of(agency: Agency, list_id: str, offer: bool = False) -> tuple[Field, ...]:
    """The fields of a list as the agency's own text has them; with `offer` also those that only
    texts above it name.
    """
    rules = regime(agency)
    own = {
        str(row["id"]): Field(
            str(row["id"]), str(row["name"]), str(row["need"]), str(row["source"])
        )
        for row in rules.rows(list_id, clock.today(), {}).rows
    }
    for rule in rules.rules("list"):
        for row in rule.body["rows"] if offer and rule.id == list_id else ():
            if SAME.get(str(row["id"])) not in own:
                own.setdefault(
                    str(row["id"]), Field(str(row["id"]), str(row["name"]), OFFERED, rule.source)
                )
    return tuple(
        sorted(
            own.values(), key=lambda each: ORDER.index(each.id) if each.id in ORDER else len(ORDER)
        )
    )


def table(
    fields: Sequence[Field], rows: Sequence[tuple[str, Mapping[str, str]]]
) -> tuple[dict[str, Any], list[str]]:
    """(block, faults) for rows of (what a row is called, values by field); a column that nobody
    must fill and nobody filled is left out.
    """
    shown = [
        each
        for each in fields
        if each.need == MUST or any(values.get(each.id) for _, values in rows)
    ]
    faults = [
        each.fault(f"{label}：")
        for label, values in rows
        for each in shown
        if each.need == MUST and not values.get(each.id)
    ]
    return {
        "kind": "table",
        "head": [each.name for each in shown],
        "rows": [[values.get(each.id, "") or "—" for each in shown] for _, values in rows],
    }, faults


def filled(
    fields: Sequence[Field], values: Mapping[str, str], apart: Collection[str] = ()
) -> tuple[dict[str, Any], list[str]]:
    """(block, faults) for one thing: labels and texts; the fields in `apart` are shown in a block
    of their own.
    """
    faults = [each.fault() for each in fields if each.need == MUST and not values.get(each.id)]
    return {
        "kind": "fields",
        "rows": [
            [each.name, values[each.id]]
            for each in fields
            if values.get(each.id) and each.id not in apart
        ],
    }, faults
