"""Pieces that several papers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from mingzheng.agencies.models import Body, Grant
from mingzheng.cases.forms.parts import MANNERS, RELATIONS
from mingzheng.cases.models import CaseParty
from mingzheng.core import clock
from mingzheng.documents.kinds import Kind, register
from mingzheng.procedures.doing import Doing

Builder = Callable[..., dict[str, Any]]
_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def paper(
    code: str,
    title: str,
    mark: str = "",
    layout: str = "form",
    sealed: bool = False,
    source: str = "",
    public: bool = False,
) -> Callable[[Builder], Builder]:
    """Register the function that builds this kind of paper."""

    def register_builder(build: Builder) -> Builder:
        register(Kind(code, title, mark, layout, sealed, source=source, public=public, build=build))
        return build

    return register_builder


def party_of(doing: Doing) -> CaseParty:
    """Whom a paper speaks of: the one of several counterparts whom it is addressed to, otherwise
    the first.
    """
    rows = (
        CaseParty.objects.filter(record=doing.record, until=None)
        .exclude(role="interested")
        .order_by("pk")
    )
    found = (
        rows.filter(pk=int(doing.data["to_party"])).first()
        if doing.data.get("to_party")
        else rows.first()
    )
    assert found is not None
    return found


def organ_of(doing: Doing) -> str:
    """In whose name: the agency's own, that of the body it was delegated by, or those of all that
    decide together.
    """
    joint = Grant.objects.filter(record=doing.record, purpose="joint").values_list(
        "person", flat=True
    )
    others = (
        Body.objects.filter(posts__person__in=joint, posts__until=None)
        .exclude(pk=doing.record.agency_id)
        .distinct()
        .order_by("pk")
    )
    return "、".join([doing.agency.acting_name, *(body.name for body in others)])


def base(doing: Doing) -> dict[str, Any]:
    """The organ's name and the case's: on every paper."""
    return {"organ": organ_of(doing), "case": doing.record.title}


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


def long_date(day: date | datetime | None) -> str:
    """2026年11月21日, or empty."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    return f"{day.year}年{day.month}月{day.day}日"


def moment(at: datetime) -> str:
    """2026年11月21日09时30分."""
    at = clock.local(at)
    return f"{long_date(at)}{at:%H}时{at:%M}分"


def yuan(fen: int | None) -> str:
    """12345600 分 as 123,456元, cents only where there are some."""
    amount = (fen or 0) / 100
    return f"{amount:,.2f}元" if (fen or 0) % 100 else f"{int(amount):,}元"


def capital(fen: int | None) -> str:
    """The amount in 大写, as it must stand beside the figures on a decision."""
    whole, cents = divmod(fen or 0, 100)
    text = _whole(whole) + "元"
    jiao, fen_left = divmod(cents, 10)
    if not cents:
        return text + "整"
    return (
        text
        + (f"{_DIGITS[jiao]}角" if jiao else "零")
        + (f"{_DIGITS[fen_left]}分" if fen_left else "")
    )


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    groups, text, place = [], "", 0
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for place, group in reversed(list(enumerate(groups))):
        if group:
            if text and group < 1000 and not text.endswith("零"):
                text += "零"
            text += _group(group) + ("", "万", "亿", "万亿")[place]
        elif text and not text.endswith("零") and place:
            text += "零"
    return text.rstrip("零")


def _group(group: int) -> str:
    text, gap = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, group = divmod(group, unit)
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + name
            gap = False
        elif text:
            gap = True
    return text


def officer_text(officers: Iterable[dict[str, Any]]) -> str:
    """Names and certificate numbers."""
    return "；".join(f"{row['name']}（{row['certificate']}）" for row in officers)


def officer_signs(officers: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """A signature line for each officer."""
    return [
        {"label": "执法人员", "name": row["name"], "number": row["certificate"]} for row in officers
    ]


def party_sign(data: dict[str, Any], label: str = "当事人") -> list[dict[str, str]]:
    """The counterpart's line: a place to sign, or refusal, reason and witness."""
    if data.get("signed") == "signed" and data.get("stroke"):
        beside = f"，在场：{data['beside']}" if data.get("beside") else ""
        return [
            {"label": label, "name": "", "stroke": data["stroke"].svg, "note": f"手写签名{beside}"}
        ]
    if data.get("signed") == "signed":
        return [{"label": label, "name": "（签名见原件）"}]
    said = {"refused": "拒绝签名", "absent": "无法签名"}.get(str(data.get("signed")), "")
    lines = [{"label": label, "name": said, "note": f"原因：{data.get('refusal_reason', '')}"}]
    if data.get("witness"):
        lines.append({"label": "见证人", "name": str(data["witness"])})
    return lines


def signed_text(data: dict[str, Any]) -> str:
    """Signed, or why not: the element `signature-or-reason`."""
    if data.get("signed") == "signed":
        return "当事人已签名"
    return (
        f"{'拒绝签名' if data.get('signed') == 'refused' else '无法签名'}，"
        f"原因：{data.get('refusal_reason', '')}"
    )


def opinions(doing: Doing, own: str) -> list[dict[str, str]]:
    """The proposer's opinion and then everyone's on the approval route, in order."""
    by = doing.form.actor
    rows = [
        {
            "label": "承办人意见",
            "text": own,
            "name": by.name,
            "number": by.certificate,
            "date": (
                long_date(doing.proposal.opened_by.happened_at)
                if doing.proposal
                else long_date(doing.happened_at)
            ),
        }
    ]
    names = {
        "unit-head": "承办机构意见",
        "deputy-head": "分管负责人意见",
        "head": "负责人审批意见",
        "legal-reviewer": "法制机构意见",
        "publishing-head": "公示机构负责人意见",
    }
    for item in doing.approvals:
        if item["kind"] != "approval.given":
            continue
        paper_note = "（纸质审批，扫描件在卷）" if item.get("on_paper") else ""
        rows.append(
            {
                "label": names.get(item["role"], "审批意见"),
                "text": item["opinion"] + paper_note,
                "name": item["name"],
                "number": item["post"],
                "date": long_date(date.fromisoformat(item["on"])),
            }
        )
    return rows


def manner_text(data: dict[str, Any]) -> str:
    """How it was served, in words."""
    name = MANNERS[str(data["manner"])][0]
    relation = dict(RELATIONS).get(str(data.get("relation") or ""), "")
    receiver = str(data.get("receiver") or "")
    return "，".join(
        part for part in (name, f"签收人{receiver}" if receiver else "", relation) if part
    )


def remedies(doing: Doing) -> str:
    """Where and until when to object: by body, procedure and date, from the rules in force that
    day.
    """
    agency = doing.agency
    if agency.reconsideration is None or not agency.court:
        return ""
    rows = doing.regime.rows("remedies", doing.happened_at.date(), doing.facts()).rows
    said = [
        str(row["text"]).format(organ=agency.reconsideration.name, court=agency.court)
        for row in rows
    ]
    if not said:
        return ""
    # A row whose text begins with 应当 follows the first instead of standing beside it (复议前置).
    first = next((text for text in said[1:] if text.startswith("应当")), "")
    way = (
        f"应当先{said[0]}；{first.partition('；')[2]}" if first else f"可以{'；也可以'.join(said)}"
    )
    return f"如不服本决定，{way}。复议、诉讼期间，本决定不停止执行，法律另有规定的除外。"


def item_line(index: int, text: str) -> list[str]:
    """One row of a property list: number, name, specification, quantity, as typed with
    separators.
    """
    cells = [cell.strip() for cell in text.replace(",", "，").replace("；", "，").split("，")]
    return [str(index), *(cells + ["", ""])[:3], ""]
