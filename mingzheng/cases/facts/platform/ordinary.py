"""普通程序: the case, where it came from, its legal bases, its officers, and the decision not to
punish.
"""

from __future__ import annotations

from datetime import date

from mingzheng.cases.facts.platform import deciding, ending, handling, party
from mingzheng.cases.facts.platform.articles import cited
from mingzheng.cases.facts.platform.matter import Matter, day, elements, number
from mingzheng.cases.facts.platform.visits import follow_up
from mingzheng.cases.models import Visit
from mingzheng.procedures.reporting import Row, Tables
from mingzheng.records.models import Record

# Before it is opened there is no case; a merged one stands in the case that took it in.
OUTSIDE = ("registered", "declined", "merged")


def tables(record: Record, on: date) -> Tables:
    """The rows of an ordinary penalty case from the day it was opened."""
    if (
        record.procedure != "penalty-ordinary"
        or record.state in OUTSIDE
        or record.case.opened_on is None
    ):
        return {}
    matter, visit = Matter.of(record), follow_up(record)
    refused = "decision.made" in {each.kind for each in matter.acts if each.of == "no-penalty"}
    return {
        "CaseCommonBase": [
            {
                **_case(matter),
                **party.columns(matter, record.case.opened_on),
                "UNIFORM_CREDIT_CODE": party.credit_code(matter),
                "COMMON_CASE_CODE": _code(matter, visit),
                **handling.columns(matter),
                **deciding.columns(matter, on),
                **ending.columns(matter),
            }
        ],
        "CaseCommonCaseSource": [_source(matter, visit)],
        "CaseCommonPunish": [
            {"CASE_CODE": matter.code, **row}
            for row in cited(str(elements(matter.paper("penalty-decision")).get("applied", "")))
        ],
        "CaseCommonStaff": handling.staff(matter),
        "CaseCommonNopunishment": [_not_punished(matter)] if refused else [],
    }


def _case(matter: Matter) -> Row:
    case, opened, source = matter.case, matter.last("case.opened"), matter.last("source.registered")
    agreed = opened.approval if opened else {}
    return {
        "CASE_CODE": matter.code,
        "SUBJECT_ID": matter.agency.uscc,
        "NAME": matter.record.title,
        "DATA_SOURCE": "exchange",
        "REGISTRANT": source.by if source else "",
        "REGISTRANT_DATE": day(source.on) if source else "",
        "CASE_SOURCE": case.source,
        "FILING_NUMBER": number(matter.paper("filing-approval")),
        "FILING_DATE": day(case.opened_on),
        "APPROVED_PERSON": str(agreed.get("name", "")),
        "APPROVED_DATE": str(agreed.get("on", "")),
        "APPROVED_SUGGEST": str(agreed.get("opinion", "")),
        "HAPPEN_PLACE": case.place,
        "CURRENT_STATE": matter.record.state,
        "IS_NEXT": matter.record.state,
    }


def _code(matter: Matter, visit: Visit | None) -> str:
    return f"{matter.agency.uscc}-{visit.record_id}" if visit else ""


def _source(matter: Matter, visit: Visit | None) -> Row:
    """Who complained or reported never leaves the house, nor his words: only what the case is
    about.
    """
    case = matter.case
    registered = matter.last("source.registered")
    found_on = visit.started_on if visit else (registered.on if registered else None)
    return {
        "CASE_CODE": matter.code,
        "COMMON_CASE_SOURCE": case.source,
        "COMMON_CASE_CODE": _code(matter, visit),
        "COMMON_CASE_DATE": day(found_on),
        "COMMON_CASE_ITEM": case.cause,
        "COMMON_CASE_ADDRESS": case.place,
        "COMMON_CASE_OBJECT": matter.party.name if visit and matter.party else "",
        "COMMON_CASE_TYPE": ("draw" if visit.random else visit.check_type) if visit else "",
    }


def _not_punished(matter: Matter) -> Row:
    made, decided = matter.paper("no-penalty-decision"), matter.last("decision.made", "no-penalty")
    agreed, said, served = (
        decided.approval if decided else {},
        elements(made),
        matter.last("decision.served"),
    )
    return {
        "CASE_CODE": matter.code,
        "CASE_NAME": matter.record.title,
        "REGISTER_CODE": number(matter.paper("filing-approval")),
        "NO_PUNISHMENT_DATE": day(matter.case.decided_on),
        "NO_PUNISHMENT_REASON": str(said.get("discretion") or said.get("decision") or ""),
        "APPROVE_PERSON": str(agreed.get("name", "")),
        "APPROVE_DATE": str(agreed.get("on", "")),
        "NO_PUNISHMENT_CODE": number(made),
        "NO_PUNISHMENT_SENT_WAY": served.text("manner") if served else "",
        "NO_PUNISHMENT_SENT_DATE": day(served.on) if served else "",
    }
