"""The row of the credit record (双公示) that a penalty makes: every column of the pack's list,
filled or empty.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.cases.facts.licence_columns import PARTY_KINDS, SOCIAL
from mingzheng.documents.models import Document
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.models import Record

LIST = "double-publication/penalty"
PENALTY_KINDS_LIST = "double-publication/penalty-kinds"
FEN_IN_WAN = Decimal(1_000_000)


def row(record: Record, on: date) -> dict[str, str]:
    """发改办财金〔2018〕424号: column → text of the penalty decision; money in 万元, dates as
    YYYY/MM/DD, empty where unknown.
    """
    case, agency = record.case, Agency.objects.get(pk=record.agency_id)
    made = (
        Document.objects.filter(
            record=record, kind__in=("penalty-decision", "on-the-spot-decision"), voided_by=None
        )
        .order_by("-pk")
        .first()
    )
    said: dict[str, Any] = json.loads(made.body)["elements"] if made else {}
    party = record.parties.filter(until=None).exclude(role="interested").earliest("pk")
    natural = party.kind == "natural"
    code = "" if natural else party.identifier
    broken, applied = said.get("broken", ""), said.get("applied", "")
    return {
        "CF_XDR_MC": party.name,
        "CF_XDR_LB": PARTY_KINDS.get(party.kind, ""),
        "CF_XDR_SHXYM": code,
        "CF_XDR_GSZC": "",
        "CF_XDR_ZZJG": "",
        "CF_XDR_SWDJ": "",
        "CF_XDR_SYDW": "",
        "CF_XDR_SHZZ": code if code.startswith(SOCIAL) else "",
        "CF_FRDB": party.representative if party.kind == "organisation" else "",
        "CF_FR_ZJLX": "",
        "CF_FR_ZJHM": "",
        "CF_XDR_ZJLX": "身份证" if natural else "",
        "CF_XDR_ZJHM": party.identifier if natural else "",
        "CF_WSH": made.full_number if made else "",
        "CF_WFXW": case.item.name if case.item else case.cause,
        "CF_SY": said.get("facts", ""),
        "CF_YJ": "；".join(text for text in (broken, applied) if text),
        "CF_CFLB": kinds_of(record, on),
        "CF_NR": said.get("decision", ""),
        "CF_NR_FK": wan(case.fine),
        "CF_NR_WFFF": wan(case.confiscated),
        "CF_NR_ZKDX": "",
        "CF_JDRQ": day(case.decided_on),
        "CF_YXQ": "",
        "CF_GSJZQ": day(_until(record, on)),
        "CF_CFJG": agency.acting_name,
        "CF_CFJGDM": agency.uscc,
        "CF_SJLY": agency.name,
        "CF_SJLYDM": agency.uscc,
        "BZ": "",
    }


def kinds_of(record: Record, on: date) -> str:
    """The kinds of penalty in the words of 2018, each once; what had no word then is 其他 with its
    own name.
    """
    words = {
        str(each["id"]): str(each["name"])
        for each in law.regime(record).rows(PENALTY_KINDS_LIST, on, {"kind": "penalty"}).rows
    }
    return ";".join(
        dict.fromkeys(words.get(kind, f"其他-{kind}") for kind in record.case.penalties)
    )


def wan(fen: int | None) -> str:
    """An amount in 万元 without idle zeros: 2 000 yuan are 0.2; empty where there is none."""
    if not fen:
        return ""
    amount = f"{Decimal(fen) / FEN_IN_WAN:.6f}"
    return amount.rstrip("0").rstrip(".")


def day(on: date | None) -> str:
    """YYYY/MM/DD, empty where unknown."""
    return "" if on is None else f"{on:%Y/%m/%d}"


def _until(record: Record, on: date) -> date | None:
    """The last day that the rules give it on the credit channel."""
    facts = {**registry.facts_of(record), "channel": "credit-china"}
    terms = law.regime(record).terms(
        "publication.published", record.case.decided_on or on, facts, law.calendar()
    )
    return min(
        (term.until for term in terms if term.until and term.channel == "credit-china"),
        default=None,
    )
