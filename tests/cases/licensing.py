"""A licence on its road, for the tests: who applies where for what."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.records.models import Duty
from mingzheng.site.demo import parties, stories
from mingzheng.site.demo.licensing import Licensing
from mingzheng.site.demo.play import Play, at
from tests.cases.telling import heard

TUESDAY = date(2026, 4, 7)
CONTENT = {
    "xk-jn": "年产20万吨新型墙材项目的节能审查",
    "xk-jg": "铸造生产线技术改造项目核准",
    "xk-dl": "在110千伏线路保护区内进行打桩作业",
    "xk-st": "成立县级社会团体，业务范围见章程",
    "xk-mf": "成立民办养老服务机构，业务范围见章程",
}


def licence(
    bodies: dict[str, Agency],
    code: str = "wg",
    item: str = "xk-jg",
    start: date = TUESDAY,
    number: int = 0,
    party: dict[str, Any] | None = None,
    **how: Any,
) -> Licensing:
    """An application that has not come in yet; `.go(stage)` takes it along its road."""
    play = Play(bodies[code], stories.OFFICERS[code], party or parties.company(code, number), item)
    return Licensing(play, start, **{"content": CONTENT[item], **how})


def neighbour(number: int = 9) -> dict[str, Any]:
    """Somebody whose interests the licence touches."""
    return parties.company("wg", number)


def refused(
    lic: Licensing, key: str, *, by: str = "", hour: int = 17, files: Any = (), **values: Any
) -> str:
    """Try a step at the end of the day; the words of its refusal."""
    with at(lic.day, hour):
        return heard(lambda: lic.play.step(key, by=by, files=files, **values))


def do(
    lic: Licensing, key: str, *, by: str = "", hour: int = 17, files: Any = (), **values: Any
) -> Any:
    """Take a step at the end of the day."""
    with at(lic.day, hour):
        return lic.play.step(key, by=by, files=files, **values)


def limit(lic: Licensing, rule: str = "XK42/decide") -> Duty:
    """The duty of a rule in this matter."""
    return Duty.objects.get(record=lic.play.record, rule=rule)


def draft(lic: Licensing, **more: Any) -> None:
    """Draft at the end of the day."""
    with at(lic.day, 17):
        lic.draft(**more)
