"""行政许可: a granted licence as one row, with the state its certificate is in now."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.cases.facts.licence_columns import SOCIAL
from mingzheng.cases.facts.platform.matter import Matter, day, number
from mingzheng.cases.models import Application, Licence
from mingzheng.procedures.reporting import Row, Tables
from mingzheng.records import law
from mingzheng.records.models import Record

GRANTED = ("granted", "deemed")


def tables(record: Record, on: date) -> Tables:
    """The row of a licence that was granted, or counts as renewed; a refusal and a cancellation on
    request have none.
    """
    case = record.case
    if (
        record.procedure != "licence"
        or case.decided_on is None
        or case.outcome not in GRANTED
        or case.sort == "cancellation"
    ):
        return {}
    matter = Matter.of(record)
    asked = Application.objects.get(record=record)
    held = Licence.objects.filter(record=record).order_by("-pk").first()
    made, granted, item = (
        matter.paper("licence-decision", "deemed-renewal-note"),
        asked.granted,
        case.item,
    )
    endless = next(
        (
            str(row.get("note", ""))
            for row in (
                law.regime(record).rows("platform/PermissionList", on, {"kind": "licence"}).rows
            )
            if row["id"] == "XK_YXQZI"
        ),
        "",
    )
    category = str(item.details.get("category", "")) if item else ""
    return {
        "PermissionList": [
            {
                **_party(matter),
                "XK_XKWS": made.title if made else "",
                "XK_WSH": number(made),
                "XK_XKLB": category,
                "XK_XKZS": str(granted.get("name", "")),
                "XK_XKBH": held.number if held else "",
                "XK_NR": str(granted.get("content", "")),
                "XK_JDRQ": day(case.decided_on),
                "XK_YXQZ": _text(granted, "since") or day(case.decided_on),
                "XK_YXQZI": _text(granted, "until") or endless,
                "XK_XKJG": matter.agency.uscc,
                "XK_XKJGDM": matter.agency.uscc,
                "XK_ZT": Licence.STATES[held.state] if held else "",
                "XK_ITEM_BM": item.code if item else "",
            }
        ]
    }


def _text(granted: dict[str, Any], name: str) -> str:
    return str(granted.get(name) or "")


def _party(matter: Matter) -> Row:
    who = matter.party
    if who is None:
        return {}
    natural = who.kind == "natural"
    code = "" if natural else who.identifier
    return {
        "XK_XDR_MC": who.name,
        "XK_XDR_TYPE": who.kind,
        "XK_XDR_SHXYM": code,
        "XK_XDR_SHZZ": code if code.startswith(SOCIAL) else "",
        "XK_FRDB": who.representative if who.kind == "organisation" else "",
        "XK_XDR_ZJLX": "identity" if natural and who.identifier else "",
        "XK_XDR_ZJHM": who.identifier if natural else "",
    }
