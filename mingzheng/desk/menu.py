"""The frame of every desk page: menu, person, counts. The menu shows only what the identity may
open.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from mingzheng.agencies.models import Body
from mingzheng.cases.acts.handover import CHIEFS
from mingzheng.cases.models import Property
from mingzheng.desk import inbox
from mingzheng.oversight.procedures import SUPERVISORS
from mingzheng.procedures import registry
from mingzheng.procedures.registry import Opening
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.models import AdoptedPack

# Roles one may be stood in for; officers' own work is handed over, not delegated.
DELEGABLE = frozenset(
    {"head", "deputy-head", "unit-head", "legal-reviewer", "review-head", "publishing-head"}
)
# From what is begun most often to what is begun least.
ORDER = ("inspection", "penalty", "coercion", "licence", "confirmation", "other")
# Who may take a file with identity numbers out of the house: those who report to the platforms.
EXPORTERS = frozenset({"publisher", "publishing-head", "legal-reviewer", "unit-head", "head"})
ADMINS = {"system-admin", "security-admin", "audit-admin"}


def entries(by: Actor, body: Body, held: set[str] | None = None) -> list[tuple[str, str, str, str]]:
    """(key, name, address, icon) of each menu line; `held` are the agency's powers where they are
    known already.
    """
    held = powers(body) if held is None else held
    found = [("home", "工作台", "/desk", "home")]
    if held or body.supervises:
        found.append(("cases", "执法案件", "/desk/cases", "case"))
    if held and "handler" in by.roles:
        found.append(("capture", "手机采集", "/capture", "phone"))
    if Property.objects.filter(agency_id=body.pk).exists():
        found.append(("property", "涉案财物", "/desk/property", "box"))
    if "licence" in held:
        found.append(("licences", "许可证件", "/desk/licences", "badge"))
    if body.pack:
        found.append(("channels", "渠道与回执", "/desk/channels", "send"))
        found.append(("pages", "公示信息", "/desk/pages", "eye"))
        if by.roles & set(SUPERVISORS):
            found.append(("assessment", "公示考核", "/desk/assessment", "chart"))
        found.append(("feedback", "投诉与更正", "/desk/feedback", "flag"))
        found.append(("equipment", "装备与场所", "/desk/equipment", "video"))
    if held and by.roles & CHIEFS:
        found.append(("handover", "人员交接", "/desk/handover", "user"))
    if body.pack:
        found.append(("rules", "规则与期限", "/desk/rules", "list"))
    if by.roles & ADMINS:
        found.append(("people", "账号与登录", "/desk/people", "key"))
    if by.roles & (DELEGABLE | {"system-admin"}):
        found.append(("office", "代理与日历", "/desk/office", "calendar"))
    return found


def powers(body: Body, adopted: AdoptedPack | None = None) -> set[str]:
    """The kinds of matter that the agency's own pack leaves it and its list of items names;
    `adopted` is its newest adoption where that is in hand.
    """
    if not body.pack:
        return set()
    regime = (
        law.regime_adopted(adopted)
        if adopted is not None and adopted.pack == body.pack
        else law.regime_of(body.pk, body.pack)
    )
    listed = set(body.items.values_list("kind", flat=True))
    return {kind for kind in listed if regime.allows(kind)[0]}


def openings(by: Actor, body: Body, held: set[str] | None = None) -> list[Opening]:
    """The matters that this identity may begin."""
    held = powers(body) if held is None else held
    found = [each for each in registry.openings() if each.kind in held and each.roles & by.roles]
    return sorted(
        found, key=lambda each: ORDER.index(each.kind) if each.kind in ORDER else len(ORDER)
    )


def shell(request: HttpRequest, here: str, extra: dict[str, Any]) -> dict[str, Any]:
    """What the frame needs, with the page's own context."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    body = Body.objects.get(pk=by.agency_id)
    # Its texts are long, and the frame shows only when it was adopted.
    adopted = AdoptedPack.objects.filter(agency_id=body.pk).defer("files").order_by("-pk").first()
    held = powers(body, adopted)
    return {
        "by": by,
        "body": body,
        "menu": entries(by, body, held),
        "here": here,
        "adopted": adopted,
        "counts": inbox.counts(by, getattr(request, "reach", None)),
        "identities": request.identities,  # type: ignore[attr-defined]
        "openings": openings(by, body, held),
        "platform": bool(body.pack and by.roles & EXPORTERS),
        **extra,
    }
