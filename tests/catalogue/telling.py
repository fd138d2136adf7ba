"""How the stories of public pages are told: whose hands a page is in, what the public reads of it,
what a refusal says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from mingzheng.catalogue.models import Item, PageVersion
from mingzheng.disclosure.models import Publication
from mingzheng.records.models import Duty
from mingzheng.site.demo import published
from mingzheng.site.demo.play import at
from mingzheng.site.demo.published import Keeping
from tests.cases.telling import heard

DAY = date(2026, 4, 7)
TOLD = published.TOLD
HEADS = {"wg": "陈局", "lm": "李局", "lg": "徐局", "lx": "宋局", "cx": "范局"}


@contextmanager
def morning(on: date = DAY) -> Iterator[None]:
    """Ten o'clock of a day."""
    with at(on, 10):
        yield


def begun(
    bodies: dict[str, Any], code: str, kind: str, item: str = "", by: str = "", **more: str
) -> Keeping:
    """A page of an agency in the hands of who compiles it there."""
    return Keeping(bodies[code], by or TOLD[code]["keeper"], kind, item, **more)


def answers(code: str) -> dict[str, str]:
    """What the agency answers where no register holds it."""
    return {name: TOLD[code][name] for name in ("duties", "powers", "unit") if name in TOLD[code]}


def refused(kept: Keeping, key: str, *, by: str = "", **values: Any) -> str:
    """The words with which a step of a page is refused; nothing is written."""
    return heard(lambda: kept.play.step(key, by=by, **values))


def live(kept: Keeping) -> Publication:
    """What the public reads now."""
    return Publication.objects.get(record=kept.page.record_id, state=Publication.LIVE)


def blocks(kept: Keeping) -> list[dict[str, Any]]:
    """The newest version's blocks."""
    found: list[dict[str, Any]] = json.loads(
        PageVersion.objects.filter(page=kept.page).latest("number").body
    )["blocks"]
    return found


def owed(kept: Keeping) -> list[Duty]:
    """The open duties to renew the page."""
    return list(
        Duty.objects.filter(record=kept.page.record_id, topic="lists/update", state=Duty.OPEN)
    )


def without(item: Item, *names: str) -> None:
    """The register forgets these details of an item."""
    item.details = {key: value for key, value in item.details.items() if key not in names}
    item.save()
