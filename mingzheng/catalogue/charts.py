"""Flow charts drawn by own code from the procedure that runs the cases: lanes of who acts, one column a step, never a picture apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from mingzheng.agencies.models import Body
from mingzheng.catalogue import fields, roads
from mingzheng.catalogue.building import Answers, Made, builder
from mingzheng.catalogue.models import Item, Page
from mingzheng.catalogue.roads import Road

# All in the units of the drawing, which the page scales; a Chinese character is as wide as its size.
LEFT, COLUMN, LANE, BOX, LINE = 116, 150, 112, 122, 19
TITLE, SMALL = 15, 12.5
INK, MUTED, BLUE, PAPER, BAND, RULE, GATE, GATE_LINE = "#0E1B2E", "#56647A", "#174D8C", "#fff", "#F4F6F9", "#DBE1E9", "#FFF4D6", "#A86A00"
FONT = "Noto Sans CJK SC, Noto Sans SC, sans-serif"


@builder("flow-chart")
def chart(page: Page, answers: Answers) -> Made:
    """行政执法流程图: the drawing, the same in a table, and what the pack's list wants said beside it."""
    road = roads.of_item(page.item) if page.item else roads.of_kind(page.agency, page.matter)
    values = _values(page.agency, page.item, road)
    wanted = fields.of(page.agency, "flow-chart-fields", offer=True)
    block, faults = fields.filled(wanted, values, apart=("procedure",))
    blocks = [_drawing(road), _steps(road), *([block] if block["rows"] else []), *_materials(road)]
    return Made(tuple(blocks), tuple(faults))


def per_kind(agency: Body) -> bool:
    """Whether the agency's own text wants one chart a kind of matter, not one an item."""
    rows = fields.of(agency, "flow-chart")
    return any(row.id == "per-kind" and row.need == fields.MUST for row in rows)


def _values(agency: Body, item: Item | None, road: Road) -> dict[str, str]:
    first = next((each.lane for each in road.stations if "受理" in each.name), road.stations[0].lane)
    approving = "、".join(dict.fromkeys(each.approver for each in road.stations if each.approver))
    limits = "；".join(f"{each.name}：{each.limit}" for each in road.stations if each.limit)
    own = item.details.get("guide", {}) if item else {}
    none = "不用提交申请材料" if item is None or not item.details.get("materials") else ""
    return {"procedure": " → ".join(each.name for each in road.stations), "limit": limits or str(own.get("limit", "")),
            "accepting": str(own.get("accepting", "")) or f"{agency.name}{first}", "approving": f"{agency.name}{approving}" if approving else "",
            "materials": "；".join(name for name, _ in road.materials) or none}


def _drawing(road: Road) -> dict[str, Any]:
    lanes = list(dict.fromkeys([each.lane for each in road.stations] + [each.approver for each in road.stations if each.approver]))
    return {"kind": "chart", "title": f"{road.name}流程图", "lanes": lanes, "stations": [
        {"name": each.name, "lane": each.lane, "approver": each.approver, "limit": each.limit, "recorded": each.recorded, "gate": each.gate}
        for each in road.stations]}


def _steps(road: Road) -> dict[str, Any]:
    return {"kind": "table", "title": "文字版", "head": ["步骤", "做什么", "谁来做", "期限", "文书", "依据"], "rows": [
        [str(number), f"{each.name}{'（应当音像记录）' if each.recorded else ''}", f"{each.lane}{f'，{each.approver}批准' if each.approver else ''}",
         each.limit or "—", "、".join(each.documents) or "—", each.source or "—"] for number, each in enumerate(road.stations, 1)]}


def _materials(road: Road) -> list[dict[str, Any]]:
    rows = [[name, source or "—"] for name, source in road.materials]
    return [{"kind": "table", "title": "申请材料", "head": ["材料", "依据"], "rows": rows}] if rows else []


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines of at most `width`, cut between characters; ASCII counts half."""
    lines, line, used = [], "", 0.0
    for letter in text:
        wide = size if ord(letter) > 0x2E7F else size * 0.56
        if used + wide > width and line:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + letter, used + wide
    return [*lines, line] if line else lines


def svg(block: Mapping[str, Any]) -> str:
    """The drawing as SVG: a title, a description that says the same in words, text that can be selected, no style of its own."""
    lanes, stations = list(block["lanes"]), list(block["stations"])
    width, height = LEFT + COLUMN * len(stations) + 14, LANE * len(lanes)
    said = "；".join(_said(n, each) for n, each in enumerate(stations, 1))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
             f'font-family="{FONT}"><title>{escape(block["title"])}</title><desc>{escape(said)}</desc>']
    for n, lane in enumerate(lanes):
        parts.append(f'<rect x="0" y="{n * LANE}" width="{width}" height="{LANE}" fill="{BAND if n % 2 == 0 else PAPER}"/>')
        parts += _lines(wrapped(lane, LEFT - 24, TITLE), 14, n * LANE + LANE / 2, TITLE, "#0C2C54", "start", "700")
    parts.append(f'<path d="M{LEFT - 8} 0V{height}" stroke="{RULE}" fill="none"/>')
    for n, each in enumerate(stations):
        parts += _column(each, n, lanes, stations)
    return "".join([*parts, "</svg>"])


def _said(n: int, each: Mapping[str, Any]) -> str:
    approved = f"{each['approver']}批准" if each["approver"] else ""
    return "，".join(text for text in (f"第{n}步{each['name']}", each["lane"], approved, each["limit"]) if text)


def _middle(lanes: Sequence[str], lane: str) -> float:
    return lanes.index(lane) * LANE + LANE / 2


def _column(each: Mapping[str, Any], n: int, lanes: Sequence[str], stations: Sequence[Mapping[str, Any]]) -> list[str]:
    """The boxes of a step, the way from one to the other, and the way to the next step."""
    centre = LEFT + COLUMN * n + BOX / 2 + 4
    own, parts = _middle(lanes, each["lane"]), []
    end = own
    if each["approver"]:
        end = _middle(lanes, each["approver"])
        down = 1 if end > own else -1
        parts.append(_arrow(f"M{centre} {own + down * 38}V{end - down * 30}", centre, end - down * 30, "v" if down > 0 else "^"))
        parts += _box(centre, end, wrapped(f"{each['approver']}批准", BOX - 10, TITLE), "", gate=False, small=True)
    # The time limit stands at the step itself, whoever has to agree to it.
    parts += _box(centre, own, wrapped(each["name"], BOX - 14, TITLE), each["limit"], gate=each["gate"])
    if each["recorded"]:
        parts.append(f'<g transform="translate({centre + BOX / 2 - 16} {own - 46})"><title>应当音像记录</title>'
                     f'<rect width="24" height="16" rx="8" fill="{BLUE}"/><rect x="5" y="4.5" width="8.5" height="7" rx="1.5" fill="{PAPER}"/>'
                     f'<path d="M14 8l5-3v6z" fill="{PAPER}"/></g>')
    if n + 1 < len(stations):
        start, aim, turn = centre + BOX / 2, centre + COLUMN - BOX / 2, centre + COLUMN / 2
        target = _middle(lanes, stations[n + 1]["lane"])
        parts.append(_arrow(f"M{start} {end}H{turn}V{target}H{aim}", aim, target, ">"))
    return parts


def _arrow(path: str, x: float, y: float, way: str) -> str:
    heads = {">": f"M{x - 8} {y - 4}L{x} {y}L{x - 8} {y + 4}z", "v": f"M{x - 4} {y - 8}L{x} {y}L{x + 4} {y - 8}z",
             "^": f"M{x - 4} {y + 8}L{x} {y}L{x + 4} {y + 8}z"}
    return f'<path d="{path}" fill="none" stroke="{MUTED}" stroke-width="1.5"/><path d="{heads[way]}" fill="{MUTED}"/>'


def _box(x: float, y: float, lines: Sequence[str], limit: str, *, gate: bool, small: bool = False) -> list[str]:
    under = wrapped(limit, BOX - 10, SMALL)
    high = 60 if small else 76
    fill, edge = (GATE, GATE_LINE) if gate else (PAPER, BLUE)
    out = [f'<rect x="{x - BOX / 2}" y="{y - high / 2}" width="{BOX}" height="{high}" rx="5" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>']
    rows = len(lines) + len(under)
    top = y - (rows - 1) * LINE / 2
    out += _lines(lines, x, top + (len(lines) - 1) * LINE / 2, TITLE, INK, "middle", "500")
    return out + _lines(under, x, top + (len(lines) + (len(under) - 1) / 2) * LINE, SMALL, MUTED, "middle", "400")


def _lines(lines: Sequence[str], x: float, y: float, size: float, fill: str, anchor: str, weight: str) -> list[str]:
    """Lines of text around the height `y`."""
    first = y - (len(lines) - 1) * LINE / 2 + size * 0.36
    look = f'font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
    return [f'<text x="{x}" y="{first + n * LINE:.1f}" {look}>{escape(line)}</text>' for n, line in enumerate(lines)]
