"""Flow charts made from the procedure that runs the cases: its main road, its ways aside, and the
same in tables, never a picture apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import fields, process_map
from mingzheng.catalogue.building import Answers, Made, builder
from mingzheng.catalogue.models import Item, Page
from mingzheng.catalogue.process_map import Branch, Road, Station


@builder("flow-chart")
def chart(page: Page, answers: Answers) -> Made:
    """行政执法流程图: the drawing, the same in tables, and what the pack's list wants said beside
    it.
    """
    road = (
        process_map.of_item(page.item)
        if page.item
        else process_map.of_kind(page.agency, page.matter)
    )
    values = _values(page.agency, page.item, road)
    wanted = fields.of(page.agency, "flow-chart-fields", offer=True)
    block, faults = fields.filled(wanted, values, apart=("procedure",))
    blocks = [
        _drawing(road),
        _steps(road),
        *_asides(road),
        *([block] if block["rows"] else []),
        *_materials(road),
    ]
    return Made(tuple(blocks), tuple(faults))


def per_kind(agency: Agency) -> bool:
    """Whether the agency's own text wants one chart a kind of matter, not one an item."""
    rows = fields.of(agency, "flow-chart")
    return any(row.id == "per-kind" and row.need == fields.MUST for row in rows)


def _values(agency: Agency, item: Item | None, road: Road) -> dict[str, str]:
    first = next(
        (each.lane for each in road.stations if "受理" in each.name), road.stations[0].lane
    )
    approving = "、".join(dict.fromkeys(each.approver for each in road.stations if each.approver))
    limits = "；".join(f"{each.name}：{each.limit}" for each in road.stations if each.limit)
    own = item.details.get("guide", {}) if item else {}
    none = "不用提交申请材料" if item is None or not item.details.get("materials") else ""
    return {
        "procedure": " → ".join(each.name for each in road.stations),
        "limit": limits or str(own.get("limit", "")),
        "accepting": str(own.get("accepting", "")) or f"{agency.name}{first}",
        "approving": f"{agency.name}{approving}" if approving else "",
        "materials": "；".join(name for name, _ in road.materials) or none,
    }


def _drawing(road: Road) -> dict[str, Any]:
    """The drawing as plain values, as `drawing.svg` reads them; what an applicant hands in stands
    at the step that takes it.
    """
    handed = next((each.key for each in road.stations if "受理" in each.name), road.stations[0].key)
    return {
        "kind": "chart",
        "title": f"{road.name}流程图",
        "start": road.start,
        "stations": [
            {
                **_box(each),
                "onward": road.onward.get(each.key, ""),
                "materials": [name for name, _ in road.materials] if each.key == handed else [],
                "branches": [_branch(way) for way in road.branches if way.at == each.key],
            }
            for each in road.stations
        ],
    }


def _box(each: Station) -> dict[str, Any]:
    return {
        "name": each.name,
        "lane": each.lane,
        "approver": each.approver,
        "limit": each.limit,
        "documents": list(each.documents),
        "recorded": each.recorded,
        "gate": each.gate,
    }


def _branch(way: Branch) -> dict[str, Any]:
    return {
        "when": way.when,
        "instead": way.instead,
        "stations": [_box(each) for each in way.stations],
        "leads": way.leads,
        "branches": [_branch(each) for each in way.branches],
    }


def _steps(road: Road) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": "文字版",
        "head": ["步骤", "做什么", "谁来做", "期限", "文书", "依据"],
        "rows": [[str(number), *_row(each)] for number, each in enumerate(road.stations, 1)],
    }


def _row(each: Station) -> list[str]:
    return [
        f"{each.name}{'（应当音像记录）' if each.recorded else ''}",
        f"{each.lane}{f'，{each.approver}批准' if each.approver else ''}",
        each.limit or "—",
        "、".join(each.documents) or "—",
        each.source or "—",
    ]


def _asides(road: Road) -> list[dict[str, Any]]:
    """What the drawing shows at the side: in which case, from which step, what is done by whom and
    within what time, where it leads.
    """
    order = {each.key: number for number, each in enumerate(road.stations, 1)}
    rows = list(_told(road.branches, order, ""))
    return (
        [
            {
                "kind": "table",
                "title": "不同情形的办理",
                "head": ["情形", "从哪一步", "做什么", "依据", "然后"],
                "rows": rows,
            }
        ]
        if rows
        else []
    )


def _told(branches: Iterable[Branch], order: dict[str, int], under: str) -> Iterator[list[str]]:
    for way in branches:
        when = f"{under}{way.when}"
        start = (
            f"第{order[way.at]}步{'之前' if way.instead else '之后'}"
            if way.at in order
            else "接上一情形"
        )
        sources = list(dict.fromkeys(each.source for each in way.stations if each.source))
        yield [
            when,
            start,
            "\n".join(map(_done, way.stations)) or "—",
            "\n".join(sources) or "—",
            way.leads or f"再分：{'、'.join(each.when for each in way.branches)}",
        ]
        yield from _told(way.branches, order, f"{when}，")


def _done(each: Station) -> str:
    name, who, limit, papers, _ = _row(each)
    return f"{name}：{'；'.join(text for text in (who, limit, papers) if text != '—')}"


def _materials(road: Road) -> list[dict[str, Any]]:
    rows = [[name, source or "—"] for name, source in road.materials]
    return (
        [{"kind": "table", "title": "申请材料", "head": ["材料", "依据"], "rows": rows}]
        if rows
        else []
    )
