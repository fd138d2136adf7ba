"""What is public before enforcement: lists, guides, charts as plain frozen values, with every version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.agencies.models import Body
from mingzheng.disclosure.models import Publication
from mingzheng.portal import proving, versions


@dataclass(frozen=True)
class Shown:
    """A published page: blocks as `catalogue.building` makes them; `newer` is the code of the version that took its place."""

    code: str
    title: str
    name: str
    organ: str
    agency: str
    on: date
    effective_on: str
    blocks: tuple[dict[str, Any], ...]
    versions: tuple[versions.Version, ...]
    newer: str
    sealed: bool


def page(row: Publication) -> Shown:
    """A page as it is, or was, public."""
    body = json.loads(row.body)
    found = versions.of_line(row)
    act = proving.act_of_publication(row)
    assert row.published_on is not None
    return Shown(row.code, row.title, body["document"], body["organ"], Body.objects.get(pk=row.agency_id).code, row.published_on,
                 body["decided_on"], tuple(body["blocks"]), found, found[-1].code if found and found[-1].code != row.code else "",
                 proving.sealed(act) is not None)
