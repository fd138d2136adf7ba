"""Who signs a paper, and what stands where nobody signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


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
    if not data.get("signed"):
        # Made before it is signed: empty lines, on paper.
        return [{"label": label, "name": ""}, {"label": "见证人（拒签时）", "name": ""}]
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
