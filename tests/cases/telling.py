"""How the stories of the tests are told: a case on its road, and a refusal that is heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from mingzheng.agencies.models import Agency
from mingzheng.catalogue.models import Item
from mingzheng.documents.models import Document
from mingzheng.notices.models import Task
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Absent, Invalid
from mingzheng.records.models import Act, ActContent, Attachment, Duty, EffectiveAct, FormUse
from mingzheng.records.refusal import Refused
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import Play, at

TUESDAY = date(2026, 4, 7)
MAJOR: dict[str, Any] = {
    "judged": {"major_rights": "yes", "complex": "yes"},
    "review": True,
    "discussion": True,
}
# The case each agency usually meets: item, cause, and what its own rules ask besides.
USUAL: dict[str, tuple[str, str, dict[str, Any]]] = {
    "wg": ("jn-82", "未按规定报送能源利用状况报告", {}),
    "lm": ("yl-46", "未与老年人签订服务协议", {}),
    "lg": ("jn-82", "未按规定报送能源利用状况报告", {"self_check": True}),
    "fc": ("open-burning", "露天焚烧秸秆", {"fine": "500"}),
}
WRITTEN = (Act, ActContent, EffectiveAct, Duty, Document, Attachment, Proposal, Task, FormUse)


def case(
    bodies: dict[str, Agency],
    code: str = "wg",
    item: str = "",
    start: date = TUESDAY,
    party: dict[str, Any] | None = None,
    **how: Any,
) -> Journey:
    """A case of an agency that has not begun yet; `.go(stage)` takes it along its road."""
    usual, cause, more = USUAL[code]
    item = item or usual
    who = party or (parties.citizen(1) if code == "fc" else parties.company(code, 0))
    play = Play(
        bodies[code],
        stories.OFFICERS[code],
        who,
        item,
        cause=cause,
        summary=stories.TEXTS[item]["facts"],
    )
    row = Item.objects.get(agency=bodies[code], code=item)
    return Journey(
        play,
        start,
        **{**stories.TEXTS[item], "broken": row.broken, "applied": row.applied, **more, **how},
    )


def heard(act: Callable[[], Any]) -> str:
    """The words with which an act is refused; fails when it is let through, or when anything of it
    was written.
    """
    before = [model._default_manager.count() for model in WRITTEN]
    try:
        act()
    except Refused as refusal:
        grounds = "；".join(
            "，".join((ground.say, ground.source, *ground.missing, ground.earliest))
            for ground in refusal.grounds
        )
        words = f"{refusal.title}：{grounds}"
    except Invalid as invalid:
        words = "；".join(
            f"{name}：{error}" for name, errors in invalid.form.errors.items() for error in errors
        )
    except Absent:
        words = "没有找到"
    else:
        pytest.fail("办成了，本应拒绝")
    assert [model._default_manager.count() for model in WRITTEN] == before, "拒绝了，却留下了记录"
    return words


def refused(
    journey: Journey, key: str, *, by: str = "", hour: int = 17, files: Any = (), **values: Any
) -> str:
    """Try a step at the end of the day the case has reached; the words of its refusal."""
    with at(journey.day, hour):
        return heard(lambda: journey.play.step(key, by=by, files=files, **values))


def do(
    journey: Journey, key: str, *, by: str = "", hour: int = 17, files: Any = (), **values: Any
) -> Any:
    """Take a step at the end of the day the case has reached."""
    with at(journey.day, hour):
        return journey.play.step(key, by=by, files=files, **values)


def state(journey: Journey) -> str:
    """Where the case rests."""
    journey.play.record.refresh_from_db()
    return str(journey.play.record.state)


def duties(journey: Journey, topic: str, *states: str) -> list[Duty]:
    """The duties of a topic, oldest first."""
    rows = Duty.objects.filter(record=journey.play.record, topic=topic)
    return list((rows.filter(state__in=states) if states else rows).order_by("pk"))
