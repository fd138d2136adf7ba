"""How a matter of any kind begins: power, item, counterpart, record, handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingzheng.agencies.models import Agency, Handler, Party
from mingzheng.cases.models import Case, CaseParty
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.core.steps import Procedure
from mingzheng.procedures import matter_kinds
from mingzheng.records import acts as record_acts
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, FormUse, Record
from mingzheng.records.refusal import Ground, Refused
from mingzheng.records.unit import work


@dataclass(frozen=True)
class Beginning:
    """What one kind of beginning adds. `case` holds columns of Case; `more` writes the kind's own
    table.
    """

    procedure: Procedure
    act: str
    of: str = ""
    role: str = "respondent"
    secret: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    case: Mapping[str, Any] = field(default_factory=dict)
    # Whether the matter counts as opened by this very act, without an approval.
    opened: bool = False
    more: Callable[[Record, Act], object] | None = None


def require_power(agency: Agency, kind: str) -> None:
    """Refused, with the source, when the agency's rules leave it no power of this kind."""
    allowed, source = law.regime_of(agency.pk, agency.pack).allows(kind)
    if not allowed:
        name = matter_kinds.name(kind)
        raise Refused(
            f"本机关没有{name}的职权",
            (Ground("这类事项不在本机关的执法范围内，请移送有权机关。", source),),
        )


def require_basis(agency: Agency, item: Item) -> None:
    """《行政处罚法》第二十条、第二十四条: a township or a delegated body acts only while the
    decision it rests on is in force.
    """
    if agency.kind not in ("township", "delegated"):
        return
    basis, today = agency.basis, clock.today().isoformat()
    name = "赋权决定" if agency.kind == "township" else "委托书"
    if not basis.get("title"):
        raise Refused(
            f"没有登记{name}",
            (
                Ground(
                    f"请先登记本机关据以执法的{name}、事项和起止日期。",
                    "《行政处罚法》第二十条、第二十四条",
                ),
            ),
        )
    if basis.get("from", "") > today or (basis.get("until") or "9999") < today:
        raise Refused(
            f"{name}不在有效期内",
            (
                Ground(
                    f"{basis['title']}的有效期为 {basis.get('from') or '未写明'} 至"
                    f" {basis.get('until') or '长期'}，今天不能以此办理新的事项。",
                    "《行政处罚法》第二十条、第二十四条",
                ),
            ),
        )
    if basis.get("codes") and item.code not in basis["codes"]:
        raise Refused(
            f"{name}没有列明这一事项",
            (
                Ground(
                    f"{basis['title']}里没有“{item.name}”，请移送有权机关办理。",
                    "《行政处罚法》第二十条、第二十四条",
                    field="item",
                ),
            ),
        )


def begin(by: Actor, data: Mapping[str, Any], said: Beginning, form_key: str = "") -> Record:
    """《行政处罚法》第三十八条、第五十四条: begin a matter that the agency has power for; nothing
    is half-done.

    `data` holds the answers of a form with `PartyFields` and `item`. Raises Refused.
    """
    with work():
        agency = Agency.objects.get(pk=by.agency_id)
        require_power(agency, said.procedure.kind)
        item = Item.objects.filter(pk=data["item"], agency=agency, kind=said.procedure.kind).first()
        if item is None:
            raise Refused(
                "不是本机关的事项",
                (
                    Ground(
                        "请选择本机关事项清单中的事项。", "《行政处罚法》第三十八条", field="item"
                    ),
                ),
            )
        require_basis(agency, item)
        record = _open(by, agency, item, counterpart(agency, data), data, said)
        if form_key:
            FormUse.objects.create(key=form_key, agency_id=record.agency_id, record=record)
        return record


def _open(
    by: Actor, agency: Agency, item: Item, party: Party, data: Mapping[str, Any], said: Beginning
) -> Record:
    cause = str(said.case.get("cause") or item.name)
    record, act = record_acts.open_record(
        by,
        title=f"{party.name} {cause}",
        kind=said.procedure.kind,
        state=said.procedure.start,
        pack=agency.pack,
        agency_id=agency.pk,
        procedure=said.procedure.code,
        unit_id=by.unit_id,
        classification=2 if said.secret else 0,
        party=party.name,
        item_id=item.pk,
        entry=record_acts.Entry(
            kind=said.act,
            of=said.of,
            happened_at=data.get("happened_at"),
            late_reason=data.get("late_reason", ""),
            facts={
                "kind": said.procedure.kind,
                "party": party.kind,
                "item": item.code,
                **said.facts,
            },
            content={**said.content, "party": snapshot(party), "item": item.name},
            to_state=said.procedure.start,
        ),
    )
    Case.objects.create(
        record=record,
        agency_id=agency.pk,
        item=item,
        **{"cause": cause, **said.case},
        opened_on=clock.local(act.happened_at).date() if said.opened else None,
    )
    CaseParty.objects.create(
        record=record,
        agency_id=agency.pk,
        party=party,
        role=said.role,
        since=act,
        **snapshot(party),
    )
    Handler.objects.create(record=record, agency_id=agency.pk, person_id=by.person_id, since=act)
    if said.more is not None:
        said.more(record, act)
    return record


def counterpart(agency: Agency, data: Mapping[str, Any]) -> Party:
    """The counterpart in the agency's register: found by his identifier, or entered; Refused when
    the names differ.
    """
    code = data.get("identifier") or ""
    found = Party.objects.filter(agency=agency, identifier=code).first() if code else None
    if found and found.name != data["party_name"]:
        raise Refused(
            "当事人登记不一致",
            (
                Ground(
                    f"证件号码相同的当事人已登记为“{found.name}”。请核对名称；确已更名的，立案后办理变更当事人信息。",
                    field="party_name",
                ),
            ),
        )
    if found:
        return found
    return Party.objects.create(
        agency=agency,
        kind=data["party_kind"],
        name=data["party_name"],
        identifier=code,
        no_identifier_reason=data.get("no_identifier_reason", ""),
        representative=data.get("representative", ""),
        address=data["address"],
        phone=data.get("phone", ""),
    )


def snapshot(party: Party) -> dict[str, str]:
    """The counterpart as he is today, for the matter's own row."""
    return {
        name: getattr(party, name)
        for name in ("kind", "name", "identifier", "representative", "address", "phone")
    }
