"""Whom a paper speaks of."""

from __future__ import annotations

from mingzheng.cases.models import CaseParty
from mingzheng.procedures.step_context import StepContext


def party_of(context: StepContext) -> CaseParty:
    """Whom a paper speaks of: the one of several counterparts whom it is addressed to, otherwise
    the first.
    """
    rows = (
        CaseParty.objects.filter(record=context.record, until=None)
        .exclude(role="interested")
        .order_by("pk")
    )
    found = (
        rows.filter(pk=int(context.data["to_party"])).first()
        if context.data.get("to_party")
        else rows.first()
    )
    assert found is not None
    return found


def party_fields(party: CaseParty, called: str = "当事人") -> list[list[str]]:
    """Label and value of everything that says who the counterpart is."""
    natural = party.kind == "natural"
    rows = [
        [called, party.name],
        ["身份证号" if natural else "统一社会信用代码", party.identifier or "无"],
        ["住址" if natural else "住所", party.address],
    ]
    if party.representative:
        rows.insert(2, ["法定代表人（负责人）", party.representative])
    if party.phone:
        rows.append(["联系电话", party.phone])
    return rows


def party_text(party: CaseParty) -> str:
    """The counterpart in one sentence, for an element that must not be empty."""
    return "，".join(f"{label}：{value}" for label, value in party_fields(party))
