"""What was decided: legal review, discussion, kinds of penalty, money in 元, measures taken
meanwhile, a transfer to the police.
"""

from __future__ import annotations

import json
from datetime import date

from mingzheng.agencies.models import Person
from mingzheng.cases.facts.platform.matter import Matter, day, number, whole_yuan, yes, yuan
from mingzheng.cases.models import Property, Seizure
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.models import Act

PROFITS, THINGS = "没收违法所得", "没收非法财物"


def columns(matter: Matter, on: date) -> dict[str, str]:
    """The columns of 审查决定; of a draft nothing goes out before it is decided."""
    return {
        **_review(matter),
        **_discussion(matter),
        **decision(matter, on),
        **_measures(matter, on),
        **_transfer(matter),
    }


def _review(matter: Matter) -> dict[str, str]:
    major = law.major(matter.record, registry.facts_of(matter.record)).is_
    said = {"IS_MAJOR_CASE": "" if major is None else yes(major)}
    found = matter.last("review.passed") or matter.last("review.refused")
    if found is None:
        return said
    reviewer = Act.objects.filter(pk=found.act_id).values_list("actor_id", flat=True).first()
    held = (
        Person.objects.filter(pk=reviewer or 0)
        .values_list("legal_qualification", flat=True)
        .first()
    )
    return {
        **said,
        "LEGAL_REVIEW_DATE": day(found.on),
        "LEGAL_REVIEW_PERSON": found.by,
        "LEGAL_REVIEW_PERSON_SUGGEST": found.text("opinion"),
        "IS_LEGAL_QUALIFICATIONS": yes(held),
        "LEGAL_EXAMINA_RESULT": "审核通过" if found.kind == "review.passed" else "审核不通过",
    }


def _discussion(matter: Matter) -> dict[str, str]:
    held = matter.last("discussion.held")
    if held is None:
        return {"IS_COLLECTIVE_DISCUSSION": yes(False)}
    there = [str(line) for line in held.said.get("attendees", ())]
    host = held.text("host")
    post = next(
        (line.removeprefix(host).strip("，, ") for line in there if host and line.startswith(host)),
        "",
    )
    return {
        "IS_COLLECTIVE_DISCUSSION": yes(True),
        "COLLECTIVE_DISCUSSION_DATE": day(held.on),
        "COLLECTIVE_DISCUSSION_RESULT": held.text("conclusion"),
        "COLLECTIVE_DISCUSS_HOST_NAME": host,
        "COLLECTIVE_DISCUSS_HOST_POST": post,
        "COLLECTIVE_DISCUSS_ATTENDER": "；".join(there),
    }


def decision(matter: Matter, on: date) -> dict[str, str]:
    """The decision and its service; empty before it is made."""
    case, made = matter.case, matter.paper("penalty-decision", "on-the-spot-decision")
    if matter.last("decision.made") is None or case.decided_on is None:
        return {}
    punished = case.outcome == "penalty"
    weight = "mitigated" if case.mitigated else "aggravated" if case.aggravated else ""
    if not punished or made is None:
        return {"IS_PUNISHMENT": yes(punished)}
    return {
        "IS_PUNISHMENT": yes(True),
        "IS_PLOT": weight,
        "PUNISHMENT_CODE": number(made),
        "PUNISHMENT_DATE": day(case.decided_on),
        "DOCUMENT_NAME": made.title,
        "PD_SENT_DATE": day(case.served_on),
        "SENT_WAY": matter.said("decision.served", "manner"),
        **_kinds(matter, on),
        **_money(matter),
    }


def _kinds(matter: Matter, on: date) -> dict[str, str]:
    """Each kind has a column of its own; those of 2021 that have none are 其他, in their own
    words.
    """
    held = {
        str(row["id"]): str(row["field"])
        for row in (
            law.regime(matter.record).rows("platform/penalty-kinds", on, {"kind": "penalty"}).rows
        )
    }
    given = list(matter.case.penalties)
    made = matter.paper("penalty-decision", "on-the-spot-decision")
    own = str(json.loads(made.body).get("answers", {}).get("other") or "") if made else ""
    rest = [kind for kind in given if kind not in held and kind != "其他"] + ([own] if own else [])
    return {
        **{column: yes(kind in given) for kind, column in held.items()},
        "IS_OTHER": yes(rest or "其他" in given),
        "OTHER_DETAIL_CONTENT": "；".join(rest),
    }


def _money(matter: Matter) -> dict[str, str]:
    """Fines in 元. One sum for profits and things together is not parted by guess."""
    case, given = matter.case, set(matter.case.penalties)
    taken = case.confiscated or None
    lost = "；".join(
        f"{row.name}{row.specification} {row.quantity}"
        for row in Property.objects.filter(record=matter.record, state="confiscated").order_by("pk")
    )
    return {
        "FINE_SUM": yuan(case.fine) if "罚款" in given else "",
        "CONFISCATE_MONEY": whole_yuan(taken) if PROFITS in given and THINGS not in given else "",
        "CONFISCATE_PRO_MON": whole_yuan(taken) if THINGS in given and PROFITS not in given else "",
        "CONFISCATE_DETAIL": lost,
    }


def _measures(matter: Matter, on: date) -> dict[str, str]:
    taken = set(
        Seizure.objects.filter(record=matter.record, act__effective__voided_by=None).values_list(
            "way", flat=True
        )
    )
    rows = law.regime(matter.record).rows("platform/measures", on, {"kind": "penalty"}).rows
    return {"IS_FORCE": yes(taken), **{str(row["field"]): yes(row["id"] in taken) for row in rows}}


def _transfer(matter: Matter) -> dict[str, str]:
    sent = matter.last("matter.transferred")
    if sent is None:
        return {"IS_TRANSFER": yes(False)}
    taken, back = matter.last("transfer.accepted"), matter.last("transfer.returned")
    return {
        "IS_TRANSFER": yes(True),
        "TRANSFER_ORGAN": sent.text("to"),
        "TRANSFER_REASON": sent.text("reason"),
        "TRANSFER_ORGAN_IS_FILING": yes(taken) if taken or back else "",
    }
