"""简易程序: a decision made on the spot, as one row."""

from __future__ import annotations

from datetime import date

from mingzheng.cases.facts.platform import ending, party
from mingzheng.cases.facts.platform.deciding import decision
from mingzheng.cases.facts.platform.matter import Matter, day
from mingzheng.procedures.reporting import Tables
from mingzheng.records.models import Record

DECIDED = ("PUNISHMENT_CODE", "PUNISHMENT_DATE", "IS_PUNISHMENT", "IS_WARN", "IS_FINE", "FINE_SUM")
CLOSED = ("IS_END_CASE", "CLOSED_DATE")


def tables(record: Record, on: date) -> Tables:
    """The row of a decision made on the spot, from the day it was made."""
    if record.procedure != "penalty-summary" or record.case.decided_on is None:
        return {}
    matter, case = Matter.of(record), record.case
    source, said, closed = (
        matter.last("source.registered"),
        decision(matter, on),
        ending.closing(matter),
    )
    return {
        "CaseSimpleBase": [
            {
                "CASE_CODE": matter.code,
                "SUBJECT_ID": matter.agency.uscc,
                "NAME": record.title,
                "DATA_SOURCE": "exchange",
                "REGISTRANT": source.by if source else "",
                "REGISTRANT_DATE": day(source.on) if source else "",
                "ENFORCEMENT_DATE": day(case.decided_on),
                **party.columns(matter, case.decided_on),
                "UNIFORM_CREDIT_CODE": party.credit_code(matter),
                **{name: said.get(name, "") for name in DECIDED},
                **ending.remedies(matter),
                **{name: closed.get(name, "") for name in CLOSED},
                "CURRENT_STATE": record.state,
                "HAPPEN_PLACE": case.place,
                "PUNISH_DECISION_EXECUT_DATE": matter.day("decision.executed"),
            }
        ]
    }
