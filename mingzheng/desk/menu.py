"""The frame of every desk page: menu, person, counts. The menu shows only what the identity may
open.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.agencies.separation import ADMINS, AUDIT, LENDABLE
from mingzheng.core.nouns import word
from mingzheng.desk import inbox
from mingzheng.procedures import chapters, matter_kinds, registry
from mingzheng.procedures.chapters import Entry, Seen
from mingzheng.procedures.matter_kinds import Opening
from mingzheng.records import law
from mingzheng.records.actors import Actor
from mingzheng.records.models import AdoptedPack

# Who may take a file with identity numbers out of the house: those who report to the platforms.
EXPORTERS = frozenset({"publisher", "publishing-head", "legal-reviewer", "unit-head", "head"})


def has_matters(seen: Seen) -> bool:
    """Whoever works where matters are dealt with, or looked at from above."""
    return bool(seen.powers) or bool(seen.body.supervises)


def minds_accounts(seen: Seen) -> bool:
    """The three administrators."""
    return bool(seen.by.roles & ADMINS)


def audits(seen: Seen) -> bool:
    """The audit administrator."""
    return AUDIT in seen.by.roles


def minds_office(seen: Seen) -> bool:
    """Those who may be stood in for, and who keeps the calendar."""
    return bool(seen.by.roles & (LENDABLE | {"system-admin", "security-admin"}))


def lines(seen: Seen) -> list[Entry]:
    """The lines of the menu that this identity has, from top to bottom."""
    return [entry for entry in chapters.menu() if entry.shown(seen)]


def entries(
    by: Actor, agency: Agency, held: set[str] | None = None
) -> list[tuple[str, str, str, str]]:
    """(key, name, address, icon) of each menu line; `held` are the agency's powers where they are
    known already.
    """
    return drawn(lines(Seen(by, agency, powers(agency) if held is None else held)))


def drawn(lines: list[Entry]) -> list[tuple[str, str, str, str]]:
    """(key, name, address, icon) of these lines."""
    return [(entry.key, word(entry.page), reverse(entry.page), entry.icon) for entry in lines]


def powers(agency: Agency, adopted: AdoptedPack | None = None) -> set[str]:
    """The kinds of matter that the agency's own pack leaves it and its list of items names;
    `adopted` is its newest adoption where that is in hand.
    """
    if not agency.pack:
        return set()
    regime = (
        law.regime_adopted(adopted)
        if adopted is not None and adopted.pack == agency.pack
        else law.regime_of(agency.pk, agency.pack)
    )
    listed = set(agency.items.values_list("kind", flat=True))
    kinds = listed & {kind.code for kind in matter_kinds.enforcement()}
    return {kind for kind in kinds if regime.allows(kind)[0]}


def openings(by: Actor, agency: Agency, held: set[str] | None = None) -> list[Opening]:
    """The matters that this identity may begin."""
    held = powers(agency) if held is None else held
    return [each for each in registry.openings() if each.kind in held and each.roles & by.roles]


def shell(request: SignedRequest, here: str, extra: dict[str, Any]) -> dict[str, Any]:
    """What the frame needs, with the page's own context."""
    by: Actor = request.actor
    if refusal := extra.get("refusal"):
        # Of accounts and of the office the grounds tell too; of a matter they would tell of it.
        request.refused = str(refusal) if here in ("people", "office") else refusal.title
    agency = Agency.objects.get(pk=by.agency_id)
    # Its texts are long, and the frame shows only when it was adopted.
    adopted = AdoptedPack.objects.filter(agency_id=agency.pk).defer("files").order_by("-pk").first()
    held = powers(agency, adopted)
    seen = Seen(by, agency, held, inbox.counts(by, getattr(request, "reach", None)))
    mine = lines(seen)
    return {
        "by": by,
        "body": agency,
        "menu": drawn(mine),
        "here": here,
        "adopted": adopted,
        "counts": seen.counts,
        "badges": {entry.key: entry.waiting(seen) for entry in mine},
        "identities": request.identities,
        "openings": openings(by, agency, held),
        "platform": bool(agency.pack and by.roles & EXPORTERS),
        **extra,
    }
