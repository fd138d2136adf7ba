"""How a decision was carried out, attacked and closed."""

from __future__ import annotations

from mingzheng.cases.facts.platform.matter import Matter, day, whole_yuan, yes
from mingzheng.cases.models import Payment
from mingzheng.core.regimes import vocabulary


def columns(matter: Matter) -> dict[str, str]:
    """The columns of 处罚执行、救济、结案."""
    return {
        **_execution(matter),
        **_court(matter),
        **_deferred(matter),
        **remedies(matter),
        **closing(matter),
    }


def paid(matter: Matter) -> dict[str, list[Payment]]:
    """What came in, by the way it came: bank, spot, court."""
    ways = {each.act_id: each.text("way") for each in matter.all("payment.received")}
    found: dict[str, list[Payment]] = {}
    for row in Payment.objects.filter(record=matter.record, act__in=list(ways)).order_by(
        "paid_on", "pk"
    ):
        found.setdefault(ways[row.act_id], []).append(row)
    return found


def _execution(matter: Matter) -> dict[str, str]:
    if matter.last("decision.made", "penalty") is None:
        return {}
    done, forced = matter.last("decision.executed"), matter.last("coercion.executed")
    more, ways = matter.last("additional-fine.decided"), paid(matter)
    own = sorted(
        (row for way, rows in ways.items() if way != "court" for row in rows),
        key=lambda row: row.paid_on,
    )
    return {
        "IS_PUNISH_DECISION_EXECUT": yes(done),
        "PUNISH_DECISION_EXECUT_DATE": day(done.on) if done else "",
        "IS_PARTY_EXECUTION": yes(own or done and not forced and not ways.get("court")),
        "PARTY_EXECUTION_SITUATION": done.text("text") if done else "",
        "PARTY_EXECUTION_FINES": whole_yuan(sum(row.amount for row in own)) if own else "",
        "PARTY_ACTIVE_PERFOR_DATE": day(own[-1].paid_on) if own else "",
        "IS_PLUS_FINE": yes(more),
        "PLUS_FINE_AMOUNT": whole_yuan(more.said.get("amount")) if more else "",
        "IS_ORGAN_ENFORCE": yes(forced),
        "ORGAN_ENFORCEMENT_DATE": forced.text("on") if forced else "",
    }


def _court(matter: Matter) -> dict[str, str]:
    asked = matter.last("court.applied")
    if asked is None:
        return (
            {"IS_PEOPLECOURT_ENFORCEMENT": yes(False)}
            if matter.last("decision.made", "penalty")
            else {}
        )
    got = paid(matter).get("court", [])
    return {
        "IS_PEOPLECOURT_ENFORCEMENT": yes(True),
        "APPLY_COURT_ENFORCE_DATE": day(asked.on),
        "PEOPLECOURT_ENFORCE_STATUS": asked.text("request"),
        "IS_PEOPLECOURT_ACTUAL_EXEC": yes(got),
        "COURT_ACTUAL_EXE_DATE": day(got[-1].paid_on) if got else "",
        "PEOPLECOURT_ACTUAL_EXEC_FINES": whole_yuan(sum(row.amount for row in got)) if got else "",
    }


def _deferred(matter: Matter) -> dict[str, str]:
    given = matter.last("payment.deferred")
    if given is None:
        return {}
    agreed, parts = str(given.approval.get("on", "")), given.text("way") == "instalments"
    if parts:
        return {
            "STAGED_EXECTION": yes(True),
            "DEADLINE_STAGE": given.text("until"),
            "APPROVAL_DATE_STAGE": agreed,
        }
    return {
        "DELAYED_EXECTION": yes(True),
        "POSTPONED_TO_DELAY": given.text("until"),
        "APPROVAL_DATE_DELAY": agreed,
    }


def remedies(matter: Matter) -> dict[str, str]:
    """Reconsideration and litigation, and how they ended."""
    if matter.last("decision.made") is None:
        return {}
    return {
        "IS_RECONSIDERATION": matter.held("reconsideration.accepted"),
        "RECONSIDERATION_DATE": matter.day("reconsideration.accepted"),
        "RECONSIDERATION_RESULT": _result(matter, "reconsideration.decided"),
        "IS_LAWSUIT": matter.held("litigation.accepted"),
        "LAWSUIT_DATE": matter.day("litigation.accepted"),
        "LAWSUIT_RESULT": _result(matter, "litigation.decided"),
    }


def _result(matter: Matter, kind: str) -> str:
    found = matter.last(kind)
    return vocabulary().qualifier(found.of) if found and found.of else ""


def closing(matter: Matter) -> dict[str, str]:
    """结案: when, how, who agreed."""
    closed = matter.last("case.closed")
    if closed is None:
        return {"IS_END_CASE": yes(False)}
    agreed = closed.approval
    return {
        "IS_END_CASE": yes(True),
        "CLOSED_DATE": day(matter.record.closed_on),
        "CLOSED_STATE": closed.text("way"),
        "CLOSED_CASE_INFO": closed.text("text"),
        "CLOSED_APPROVE_PERSON": str(agreed.get("name", "")),
        "CLOSED_APPROVE_SUGGEST": str(agreed.get("opinion", "")),
    }
