"""What several acts of a case need: valid officers, money, the signature block."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from mingzheng.agencies import access
from mingzheng.agencies.models import Certificate, Exclusion, Grant, Handler, Person
from mingzheng.cases.forms.parts import respondents
from mingzheng.cases.models import CaseParty
from mingzheng.procedures.doing import Doing
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Record, Standing
from mingzheng.records.refusal import Ground, Refused


def fen(amount: Decimal | None) -> int | None:
    """Yuan as typed to 分 as stored."""
    return None if amount is None else int((amount * 100).to_integral_value())


def officers(doing: Doing, chosen: Iterable[str]) -> list[dict[str, Any]]:
    """《行政处罚法》第四十二条: the officers named, each with a certificate valid on the day; Refused otherwise."""
    on = doing.happened_at.date()
    out, grounds = [], []
    for pk in dict.fromkeys(chosen):
        person = Person.objects.get(pk=int(pk))
        held = Certificate.objects.filter(person=person, state=Certificate.VALID, since__lte=on, until__gte=on)
        if not Grant.objects.filter(record=doing.record, person=person, purpose__in=access.ACTING, since__lte=on, until__gte=on).exists():
            # Somebody called in from another body enforces on the certificate of his own.
            held = held.filter(agency=doing.record.agency_id)
        row = next((c for c in held if not c.scope or doing.record.kind in c.scope), None)
        if Exclusion.objects.filter(record=doing.record, person=person).exists():
            grounds.append(Ground(f"{person.name}已经决定回避，不能再参加本案。请换人。", "《行政处罚法》第四十三条", field="officers"))
        elif row is None:
            grounds.append(Ground(_why(person, doing, on), "《行政处罚法》第四十二条第一款", field="officers"))
        else:
            out.append({"id": person.pk, "name": person.name, "certificate": row.number})
    if grounds:
        raise Refused("执法人员资格不符合要求", tuple(grounds))
    return out


def _why(person: Person, doing: Doing, on: Any) -> str:
    row = Certificate.objects.filter(person=person, agency=doing.record.agency_id).order_by("-until").first()
    if row is None:
        return f"{person.name}没有执法证件，不能参加执法。请换人。"
    if row.state != Certificate.VALID:
        return f"{person.name}的执法证{Certificate.NAMES[row.state]}，不能参加执法。请换人。"
    if row.until < on:
        return f"{person.name}的执法证已于{row.until:%Y年%-m月%-d日}到期，不能参加这一天的执法。请换人或者先换证。"
    return f"{person.name}的执法证不含行政处罚类别，或者当日尚未生效。请换人。"


def ids(rows: list[dict[str, Any]]) -> list[int]:
    """The internal ids of officers, for later gates."""
    return [int(row["id"]) for row in rows]


def handler_ids(record: Record) -> list[int]:
    """Who handles the record now."""
    return list(Handler.objects.filter(record=record, until=None).values_list("person_id", flat=True))


def assign(record: Record, act: Act, people: Iterable[int]) -> None:
    """Make these people the handlers from this act on; the others stop with it."""
    wanted = set(people)
    for row in Handler.objects.filter(record=record, until=None):
        if row.person_id not in wanted:
            row.until = act
            row.save(update_fields=["until"])
    present = set(handler_ids(record))
    for pk in wanted - present:
        Handler.objects.create(record=record, agency_id=record.agency_id, person_id=pk, since=act)


def remember_parties(record: Record) -> None:
    """Renew the names that lists show and order by; after every act that changes who the counterparts are."""
    rows = CaseParty.objects.filter(record=record, until=None).order_by("pk")
    record_acts.remember_parties(record, list(rows.values_list("name", flat=True)))


def signature(data: dict[str, Any]) -> dict[str, Any]:
    """The signature block of a record: signed, or refused with reason and witness."""
    return {"signed": data["signed"], "refusal_reason": data.get("refusal_reason", ""),
            "witness": data.get("witness", "")}


def service(data: dict[str, Any]) -> dict[str, Any]:
    """How a paper was served, as it is kept with the act."""
    return {name: data.get(name, "") for name in (
        "manner", "place", "receiver", "relation", "refusal_reason", "witness", "to_party")}


def told(doing: Doing) -> dict[str, str]:
    """Which counterpart was told or served, where there are several; empty for the only one."""
    return {"party": str(doing.data["to_party"])} if doing.data.get("to_party") else {}


def not_yet(record: Record, kind: str, of: str = "") -> list[CaseParty]:
    """The counterparts, of several, to whom this has not been done; empty where there is only one."""
    rows = respondents(record)
    if len(rows) < 2:
        return []
    done = {str(row.attrs.get("party")) for row in Standing.objects.filter(record=record, kind=kind, voided_by=None)
            if not of or row.of == of}
    return [row for row in rows if str(row.pk) not in done]


def lines(text: str) -> list[str]:
    """The non-empty lines of a field that takes one item a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]

