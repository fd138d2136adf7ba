"""How a case was handled: investigation, evidence, orders to correct, notice, hearing, officers."""

from __future__ import annotations

from mingzheng.agencies.models import Certificate, Handler
from mingzheng.cases.facts.platform.matter import Matter, day, elements, yes
from mingzheng.procedures.reporting import Row

# Acts that collect evidence of one kind whatever the form said.
TAKEN = {"on-site-record": "勘验笔录、现场笔录", "monitoring": "电子数据"}


def columns(matter: Matter) -> dict[str, str]:
    """The columns of 调查取证 and 告知、听证."""
    return {
        **_investigation(matter),
        **_order(matter),
        **_notice(matter),
        **_hearing(matter),
        **_deferred(matter),
    }


def _investigation(matter: Matter) -> dict[str, str]:
    ended, said = (
        matter.last("investigation.ended"),
        elements(matter.paper("penalty-decision", "no-penalty-decision")),
    )
    shown = matter.all("officer.identified")
    kinds = [
        TAKEN.get(each.of) or each.text("kind_of_evidence") for each in matter.all("evidence.taken")
    ]
    return {
        "ENFORCEMENT_DATE": day(shown[0].on) if shown else "",
        "SURVEY_END_DATE": day(ended.on) if ended else "",
        "CASE_CONTRACTOR_SUGGEST": ended.text("opinion") if ended else "",
        "ILLEGAL_FACTS": (
            str(said.get("facts") or "") or (ended.text("facts_found") if ended else "")
        ),
        "ILLEGAL_EVIDENCE": (
            str(said.get("evidence") or "") or (ended.text("evidence") if ended else "")
        ),
        "ILLEGAL_EVIDENCE_TYPE": ";".join(dict.fromkeys(kind for kind in kinds if kind)),
        "IS_SAVE_PRIOR_EVIDENCE": matter.held("evidence.preserved"),
        "SAVE_PRIOR_EVIDENCE_DATE": matter.day("evidence.preserved"),
        "DEAL_PRIOR_EVIDENCE_DATE": matter.day("preservation.handled"),
    }


def _order(matter: Matter) -> dict[str, str]:
    ordered, checked = matter.last("order.issued"), matter.last("order.rechecked")
    if ordered is None:
        return {"IS_ORDER_CORRECT": yes(False)}
    return {
        "IS_ORDER_CORRECT": yes(True),
        "ORDERCORRECT_NOTIC_DATE": day(ordered.on),
        "ORDERCORRECT_LIMI_CORRECT_DATE": ordered.text("until"),
        "ORDERCORRECT_HOST_RECEIPT_DATE": (
            day(ordered.on) if ordered.text("signed") == "signed" else ""
        ),
        "ORDERCORRECT_CONTENT": ordered.text("measure"),
        "CORRECT_DATE": day(checked.on) if checked else "",
        "CORRECT_RESULT": checked.text("text") if checked else "",
    }


def _notice(matter: Matter) -> dict[str, str]:
    told, made = matter.last("party.notified", "penalty"), matter.paper("penalty-notice")
    return {
        "INFORMINGBOOK_NAME": made.title if made else "",
        "PUNISH_HEARING_MAKING_DATE": day(made.issued_on) if made else "",
        "INFORMINGBOOK_DELIVERY_DATE": day(told.on) if told else "",
        "PUNISH_HEARING_SEND_DATE": day(told.on) if told else "",
        "PUNISH_HEARING_SEND_WAY": told.text("manner") if told else "",
    }


def _hearing(matter: Matter) -> dict[str, str]:
    held, announced = matter.last("hearing.held"), matter.last("party.notified", "hearing")
    said = {
        "IS_PARTY_APPLY_HEARING": matter.held("hearing.requested"),
        "IS_DEAL_HEARING": yes(announced),
        "IS_HEARING": yes(held),
        "HEARING_INFORM_DATE": day(announced.on) if announced else "",
    }
    if held is None:
        return said
    names = "、".join(str(row["name"]) for row in held.said.get("officers", ()))
    return {
        **said,
        "HEARING_HOLD_DATE": day(held.on),
        "HEARING_DATE": day(held.on),
        "HEARING_HOST": held.text("host"),
        "HEARING_PARTICIPANTS": names,
    }


def _deferred(matter: Matter) -> dict[str, str]:
    longer = matter.last("limit.extended", "decision/limit")
    if longer is None:
        return {"IS_DELAY_SEARCH": yes(False)}
    return {
        "IS_DELAY_SEARCH": yes(True),
        "DELAY_DAY_SEARCH": longer.text("days"),
        "APPROVE_PERSON_SEARCH": str(longer.approval.get("name", "")),
        "DELAY_START_DATE_SEARCH": day(longer.on),
    }


def staff(matter: Matter) -> list[Row]:
    """The officers who handle the case now, each with his newest certificate."""
    rows = list(
        Handler.objects.filter(record=matter.record, until=None)
        .select_related("person")
        .order_by("pk")
    )
    held = {
        row.person_id: row.number
        for row in Certificate.objects.filter(
            person__in=[each.person_id for each in rows]
        ).order_by("until")
    }
    return [
        {
            "CASE_CODE": matter.code,
            "OFFICE_NAME": row.person.name,
            "CARD_CODE": held.get(row.person_id, ""),
            "SUBJECT_ID": matter.agency.uscc,
        }
        for row in rows
    ]
