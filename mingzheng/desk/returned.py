"""What was sent back: the filled form again, its files, and everything that was said to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import given
from mingzheng.core.digests import Fingerprint
from mingzheng.core.steps import Step
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures import registry, roles
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.situation import Matter
from mingzheng.records import store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Blob
from mingzheng.unsent import acts as unsent

BACK = (Proposal.RETURNED, Proposal.REFUSED, Proposal.WITHDRAWN)


@dataclass(frozen=True)
class Again:
    """A proposal that came back, as its form takes it again."""

    proposal: Proposal
    answers: QueryDict
    files: list[tuple[store.Stored, str, str]]
    opinions: list[dict[str, Any]]


def asked(request: SignedRequest, matter: Matter, row: Step) -> Again | None:
    """The proposal that the address asks to be filled in again; None where it is not this step's."""
    wanted = given.number(request.GET.get("again"))
    if wanted is None:
        return None
    found = Proposal.objects.filter(
        pk=wanted, record=matter.record, step=row.key, state__in=BACK
    ).first()
    if found is None:
        return None
    payload = json.loads(found.payload)
    blobs = Blob.objects.in_bulk([sha for sha, _, _ in payload["files"]])
    files = [
        (
            store.Stored(
                Fingerprint(sha, blobs[sha].sm3 or ""), blobs[sha].size, blobs[sha].media_type
            ),
            name,
            purpose,
        )
        for sha, name, purpose in payload["files"]
        if sha in blobs
    ]
    return Again(
        found, unsent.form_data(payload["data"]), files, procedure_acts.opinions(found, True)
    )


def address(found: Proposal, matter: Matter, by: Actor) -> str:
    """Where a proposal that came back is filled in again; empty where it is not, or no more."""
    newer = Proposal.objects.filter(record=found.record_id, step=found.step, pk__gt=found.pk)
    return "" if newer.exists() else _form_of(found, matter, by)


def _form_of(found: Proposal, matter: Matter, by: Actor) -> str:
    row = registry.step_of(matter.record, found.step)
    if found.state not in BACK or row is None or not roles.may(by, matter, row):
        return ""
    if matter.record.state not in row.from_states:
        return ""
    step = reverse("desk:step", args=[found.record_id, found.step])
    return f"{step}?again={found.pk}"


def waiting(matter: Matter, row: Step, by: Actor) -> str:
    """Where the last proposal of a step is filled in again, if it came back."""
    found = Proposal.objects.filter(record=matter.record, step=row.key).order_by("pk").last()
    return _form_of(found, matter, by) if found else ""


@dataclass(frozen=True)
class Offer:
    """What came back: where it is filled in again, and the last that was said to it."""

    proposal: Proposal
    link: str
    said: dict[str, Any] | None


def offers(matter: Matter, proposals: Iterable[Proposal], by: Actor) -> list[Offer]:
    """What came back of a matter's `proposals` (oldest first) and waits to be proposed anew."""
    last = {row.step: row for row in proposals}
    found = [(row, _form_of(row, matter, by)) for row in last.values()]
    return [
        Offer(row, link, next(iter(procedure_acts.opinions(row, True)[::-1]), None))
        for row, link in found
        if link
    ]


def earlier(found: Proposal) -> list[tuple[Proposal, list[dict[str, Any]]]]:
    """What was said to earlier proposals of the same step, newest first."""
    rows = Proposal.objects.filter(
        record=found.record_id, step=found.step, pk__lt=found.pk, state__in=BACK
    ).order_by("-pk")
    return [(row, procedure_acts.opinions(row, True)) for row in rows]
