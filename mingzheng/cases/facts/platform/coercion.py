"""行政强制: the matter, each measure, execution by the agency, the application to the court."""

from __future__ import annotations

from datetime import date

from mingzheng.cases.facts.platform import party
from mingzheng.cases.facts.platform.matter import Happened, Matter, day, number, whole_yuan, yes
from mingzheng.cases.models import Property, Seizure
from mingzheng.procedures.reporting import Row, Tables
from mingzheng.records.models import Record

# What carries a decision out by force.
FORCED = ("coercion.executed", "court.applied")
# What became of a measure, in words: of its things, or that it was lifted.
ENDED = {**Property.STATES, "lifted": "解除"}


def tables(record: Record, on: date) -> Tables:
    """The rows of coercion, whether a matter of its own or inside a penalty case; none where
    nothing was done by force.
    """
    if record.case.opened_on is None:
        return {}
    measures = list(
        Seizure.objects.filter(record=record, act__effective__voided_by=None).order_by("pk")
    )
    if not measures and not record.effective_acts.filter(kind__in=FORCED, voided_by=None).exists():
        return {}
    matter = Matter.of(record)
    return {
        "CoercionCaseBasic": [_basic(matter)],
        "CoercionMeasure": [row for each in measures if (row := _measure(matter, each))],
        "CoercionPerform": [_perform(matter, each) for each in matter.all("coercion.executed")],
        "CoercionCourtPerform": [_court(matter, each) for each in matter.all("court.applied")],
    }


def _basic(matter: Matter) -> Row:
    record, case, opened = matter.record, matter.case, matter.last("case.opened")
    source, own = matter.last("source.registered"), matter.record.kind == "coercion"
    agreed = opened.approval if opened else {}
    return {
        "CASE_CODE": matter.code,
        "SUBJECT_ID": matter.agency.uscc,
        "NAME": record.title,
        "CREATE_TYPE": "exchange",
        "CASE_SOURCE_TYPE": record.kind,
        "CASE_SOURCE_ID": "" if own else matter.code,
        "CASE_SOURCE": "" if own else case.source,
        "CASE_REASON": case.cause,
        "REGISTRANT": source.by if source else "",
        "APPLY_FILING_DATE": day(source.on) if source else "",
        "APPROVE_FILING_DATE": day(case.opened_on),
        "APPROVE_FILING_PERSON": str(agreed.get("name", "")),
        "FILING_NUMBER": number(matter.paper("filing-approval")),
        "IS_CLOSED": yes(record.closed_on),
        "CLOSED_DATE": day(record.closed_on),
        **party.columns(matter, case.opened_on, "COMPANY_ADDRESS"),
    }


def _measure(matter: Matter, taken: Seizure) -> Row:
    done = next((each for each in matter.acts if each.act_id == taken.act_id), None)
    if done is None:
        return {}
    approved = matter.last("seizure.approved", taken.way)
    agreed = approved.approval if approved else {}
    longer, signed = matter.last("limit.extended", "seizure/limit"), done.text("signed") == "signed"
    until = day(taken.until)
    return {
        "COERCION_CASE_ID": matter.code,
        "MEASURE_TYPE": Seizure.WAYS[taken.way],
        "MEASURE_ENFORCE_DATE": day(done.on),
        "APPROVE_DATE": str(agreed.get("on", "")),
        "APPROVE_PERSON": str(agreed.get("name", "")),
        "COERCION_CODE": number(matter.paper_of(taken.act_id, "seizure-decision")),
        "CD_SEND_DATE": day(done.on) if signed else "",
        "CD_SEND_TYPE": "direct" if signed else "",
        "MEASURE_DATE_LIMIT_START": day(done.on),
        "IS_DELAY_LIMIT": yes(longer),
        "MEASURE_DATE_LIMIT_END": "" if longer else until,
        "MEASURE_DELAY_DATE_END": until if longer else "",
        "MEASURE_DEAL_WAY": ENDED.get(taken.ended_how, ""),
        **_scene(taken, done),
    }


def _scene(taken: Seizure, done: Happened) -> Row:
    """Where, what, why and before whom: sealing and seizing have columns of their own."""
    things, witness, there = (
        "；".join(done.text("things").splitlines()),
        done.text("witness"),
        done.text("present"),
    )
    if taken.way == "seal":
        return {
            "CLOSE_DOWN_PLACE_NAME": done.text("kept_at"),
            "CLOSE_DOWN_PLACE_ADDR": taken.place,
            "CLOSE_DOWN_PROPERTY_INFO": things,
            "CLOSE_DOWN_REASON": done.text("reason"),
            "IS_PARTY_PRESENT": there,
            "WITNESS_NAME": witness,
        }
    if taken.way == "seize":
        return {
            "DETENTION_PROPERTY_INFO": things,
            "DETENTION_REASON": done.text("reason"),
            "IS_DETENTION_PARTY_PRESENT": there,
            "DETENTION_WITNESS_NAME": witness,
        }
    return {}


def _before(matter: Matter) -> dict[str, str]:
    """The decision that is carried out, and the reminder."""
    made, urged = (
        matter.paper("penalty-decision", "on-the-spot-decision"),
        matter.last("execution.urged"),
    )
    return {
        "COERCION_CASE_ID": matter.code,
        "PUNISH_CODE_BEFORE": number(made),
        "PUNISH_DATE_BEFORE": day(matter.case.decided_on) if made else "",
        "ORIGINAL_MONEY": whole_yuan(matter.case.fine) if made else "",
        "ORIGINAL_DATE": day(matter.case.decided_on) if made else "",
        "PRESS_SEND_DATE": day(urged.on) if urged else "",
        "PRESS_SEND_TYPE": urged.text("manner") if urged else "",
    }


def _perform(matter: Matter, done: Happened) -> Row:
    agreed, deal, amount = (
        done.approval,
        matter.last("execution.agreed"),
        whole_yuan(done.said.get("amount") or None),
    )
    return {
        **_before(matter),
        "PERFORM_TYPE": done.of,
        "PERFORM_ENFORCE_DATE": done.text("on"),
        "APPROVE_DATE": str(agreed.get("on", "")),
        "APPROVE_PERSON": str(agreed.get("name", "")),
        "COERCION_PERFORM_CODE": number(matter.paper_of(done.act_id, "coercion-decision")),
        "ADD_FIND_MONEY": amount if done.of == "additional-fine" else "",
        "TRANS_DEPOSIT": amount if done.of == "transfer" else "",
        "REPLACE_DEPOSIT": amount if done.of == "substitute" else "",
        "OTHER_PERFORM_DESCRIBE": done.text("text") if done.of == "other" else "",
        "IS_AGREEMENT_ENFORCE": yes(deal),
        "AGREE_SIGN_DATE": day(deal.on) if deal else "",
        "AGREE_CONTENT": deal.text("text") if deal else "",
    }


def _court(matter: Matter, asked: Happened) -> Row:
    more = matter.last("additional-fine.decided")
    return {
        **_before(matter),
        "APPLY_DATE": day(asked.on),
        "ADD_FIND_MONEY": whole_yuan(more.said.get("amount")) if more else "",
        "ENFORCE_ELEMENT_CONDITION": asked.text("request"),
    }
