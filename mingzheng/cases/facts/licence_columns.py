"""The row of the credit record (双公示) that a licence makes: every column of the pack's list,
filled or empty.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.models import Application, CaseParty, Licence
from mingzheng.documents.models import Document
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.models import Record

LIST = "double-publication/licence"
PARTY_KINDS = {
    "organisation": "法人及非法人组织",
    "natural": "自然人",
    "individual-business": "个体工商户",
}
# The credit code of a social organisation begins so; it also registers under its own number.
SOCIAL = "5"
# What the number of a decision is before it is issued: given in the same transaction, so never
# lacking.
NUMBERED = "XK_WSH"


def columns(record: Record, on: date) -> list[dict[str, Any]]:
    """The rows of the pack's list of columns in force on a day, in order, for this record's
    facts.
    """
    return [dict(row) for row in law.regime(record).rows(LIST, on, registry.facts_of(record)).rows]


def row(record: Record, on: date) -> dict[str, str]:
    """发改办财金〔2018〕424号: column → text of the granted licence, dates as YYYY/MM/DD; empty
    where nothing is known.

    The certificate's present state is taken from the register: 1 in force, 2 not.
    """
    asked = Application.objects.get(record=record)
    party = record.parties.filter(until=None).exclude(role="interested").earliest("pk")
    made = (
        Document.objects.filter(
            record=record, kind__in=("licence-decision", "deemed-renewal-note"), voided_by=None
        )
        .order_by("-pk")
        .first()
    )
    held = Licence.objects.filter(record=record).order_by("-pk").first()
    endless = next(
        (
            str(each["note"])
            for each in law.regime(record).rows(LIST, on, {"kind": "licence"}).rows
            if each["id"] == "XK_YXQZI"
        ),
        "",
    )
    decided = record.case.decided_on or on
    agency = Agency.objects.get(pk=record.agency_id)
    granted, item = asked.granted, record.case.item
    return {
        **_party(party),
        "XK_XKWS": made.title if made else "准予行政许可决定书",
        NUMBERED: made.full_number if made else "",
        "XK_XKLB": str(item.details.get("category", "")) if item else "",
        "XK_XKZS": str(granted.get("name", "")),
        "XK_XKBH": held.number if held else "",
        "XK_NR": str(granted.get("content", "")),
        "XK_JDRQ": _day(decided),
        "XK_YXQZ": _day(_iso(granted.get("since")) or decided),
        "XK_YXQZI": _day(_iso(granted.get("until"))) or endless,
        "XK_XKJG": agency.name,
        "XK_XKJGDM": agency.uscc,
        "XK_ZT": "1" if held is None or held.state == Licence.VALID else "2",
        "XK_LYDW": agency.name,
        "XK_LYDWDM": agency.uscc,
        "BZ": "",
    }


def _party(party: CaseParty) -> dict[str, str]:
    natural = party.kind == "natural"
    code = "" if natural else party.identifier
    return {
        "XK_XDR_MC": party.name,
        "XK_XDR_LB": PARTY_KINDS.get(party.kind, ""),
        "XK_XDR_SHXYM": code,
        "XK_XDR_GSZC": "",
        "XK_XDR_ZZJG": "",
        "XK_XDR_SWDJ": "",
        "XK_XDR_SYDW": "",
        "XK_XDR_SHZZ": code if code.startswith(SOCIAL) else "",
        "XK_FRDB": party.representative if party.kind == "organisation" else "",
        "XK_FR_ZJLX": "",
        "XK_FR_ZJHM": "",
        "XK_XDR_ZJLX": "身份证" if natural else "",
        "XK_XDR_ZJHM": party.identifier if natural else "",
    }


def _iso(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%Y/%m/%d}"


def lacking(record: Record, on: date, *, before_number: bool = False) -> list[dict[str, Any]]:
    """The mandatory columns that would stay empty: the pack's rows {"id", "name", "source" …}."""
    filled = row(record, on)
    return [
        each
        for each in columns(record, on)
        if each["need"] == "must"
        and not filled.get(each["id"], "").strip()
        and not (before_number and each["id"] == NUMBERED)
    ]
