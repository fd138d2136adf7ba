"""A flow chart as SVG: one column of main steps, ways aside to its right, each with its words,
ending in a pill that says where it leads.

No line runs back: a way that returns names the number of the step. So lines never cross and
never run through a box, and the drawing may be cut between two main steps into columns for a
wall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import Any

# All in the units of the drawing; a Chinese character is as wide as its size.
MAIN, BOX, GAP, PILL, ROW, PAD = 248, 204, 112, 136, 26, 10
TITLE, SMALL, LINE = 17, 14, 1.36
INK, MUTED, BLUE, PAPER, GATE, GATE_LINE, END = (
    "#0E1B2E",
    "#46546A",
    "#174D8C",
    "#fff",
    "#FFF4D6",
    "#A86A00",
    "#EDF1F6",
)
# Millimetres a unit must have on paper: then the small words are 7 points high.
LEGIBLE = 0.176
FONT = "Noto Sans CJK SC, Noto Sans SC, sans-serif"
Block = Mapping[str, Any]


@dataclass
class Pen:
    """What is drawn so far, and how far to the right and down it reaches."""

    parts: list[str] = field(default_factory=list)
    right: float = 0
    low: float = 0

    def reach(self, x: float, y: float) -> None:
        """The drawing reaches this point."""
        self.right, self.low = max(self.right, x), max(self.low, y)


def svg(block: Block) -> str:
    """The drawing in one column: a title, a description that says the same in words, text that can
    be selected, no style of its own.
    """
    return _drawn(block, _columns(block, 0, len(block["stations"]), 1))


def _drawn(block: Block, pens: Sequence[Pen]) -> str:
    width, height = (
        sum(pen.right for pen in pens) + 40 * (len(pens) - 1) + 24,
        max(pen.low for pen in pens) + 24,
    )
    said = "；".join(_said(n, each) for n, each in enumerate(block["stations"], 1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' width="{width:.0f}" height="{height:.0f}" role="img"'
        f' font-family="{FONT}"><title>{escape(block["title"])}</title><desc>{escape(said)}</desc>'
    ]
    left = 20.0
    for pen in pens:
        parts += [f'<g transform="translate({left:.0f} 12)">', *pen.parts, "</g>"]
        left += pen.right + 40
    return "".join([*parts, "</svg>"])


def printed(block: Block, width: float, height: float) -> list[str]:
    """The drawing on as few sheets of this size (millimetres) as keep its words legible, each cut
    into the columns that make it largest.
    """
    stations: Sequence[Block] = block["stations"]

    def scale(start: int, end: int, columns: int) -> float:
        pens = _columns(block, start, end, columns)
        return min(
            width / (sum(pen.right for pen in pens) + 40 * len(pens)),
            height / (max(pen.low for pen in pens) + 36),
        )

    def laid(sheets: int) -> list[tuple[int, int, int]]:
        cuts = _cuts(stations, 0, len(stations), sheets)
        return [
            (start, end, max(range(1, min(5, end - start) + 1), key=partial(scale, start, end)))
            for start, end in zip(cuts, [*cuts[1:], len(stations)], strict=True)
        ]

    ways = [laid(sheets) for sheets in range(1, min(4, len(stations)) + 1)]
    # A single step may have more at its side than a sheet can hold at that size.
    best = next(
        (way for way in ways if all(scale(*each) >= LEGIBLE for each in way)),
        max(ways, key=lambda way: min(scale(*each) for each in way)),
    )
    return [_drawn(block, _columns(block, *each)) for each in best]


def _said(n: int, each: Block) -> str:
    own = "，".join(
        text
        for text in (f"第{n}步{each['name']}", each["lane"], _approved(each), each["limit"])
        if text
    )
    return own + "".join(f"（{text}）" for text in _said_aside(each.get("branches", ())))


def _said_aside(branches: Iterable[Block]) -> Iterable[str]:
    for way in branches:
        steps = "、".join(
            "，".join(text for text in (each["name"], each["limit"]) if text)
            for each in way["stations"]
        )
        yield f"{way['when']}：{'，'.join(text for text in (steps, way['leads']) if text)}"
        yield from _said_aside(way["branches"])


def _approved(each: Block) -> str:
    return f"{each['approver']}批准" if each["approver"] else ""


def _columns(block: Block, first: int, last: int, columns: int) -> list[Pen]:
    """The main road from one step to another, in columns."""
    stations: Sequence[Block] = block["stations"]
    cuts = _cuts(stations, first, last, columns)
    return [
        _column(block, stations, start, end)
        for start, end in zip(cuts, [*cuts[1:], last], strict=True)
    ]


def _cuts(stations: Sequence[Block], first: int, last: int, parts: int) -> list[int]:
    """Where parts of about the same height begin."""
    heights = {n: _station(Pen(), stations[n], n + 1, 0)[1] + ROW for n in range(first, last)}
    room, cuts, used = sum(heights.values()) / parts, [first], 0.0
    for n, high in heights.items():
        if used and used + high / 2 > room and len(cuts) < parts:
            cuts.append(n)
            used = 0
        used += high
    return cuts


def _column(block: Block, stations: Sequence[Block], start: int, end: int) -> Pen:
    pen, centre = Pen(), MAIN / 2
    first = block.get("start", "") if start == 0 else f"接第{start}步"
    come = low = _pill(pen, centre - PILL / 2, 0, first) if first else 0.0
    for n in range(start, end):
        come, low = _station(pen, stations[n], n + 1, low + ROW if low else 0, come)
    last = "结束" if end == len(stations) else f"转第{end + 1}步"
    _arrow(pen, [(centre, come), (centre, come + ROW)])
    _pill(pen, centre - PILL / 2, come + ROW, last)
    return pen


def _station(
    pen: Pen, each: Block, n: int, y: float, come: float | None = None
) -> tuple[float, float]:
    """A main step from `y` down, reached from `come`; answers where its box ends, and where all of
    it does.
    """
    centre, right = MAIN / 2, MAIN + 14
    instead = [way for way in each.get("branches", ()) if way["instead"]]
    after = [way for way in each.get("branches", ()) if not way["instead"]]
    top, low = y, y
    if instead:
        lines, low = _group(pen, instead, MAIN, y)
        detours = all(way["leads"].startswith(f"回第{n}步") for way in instead)
        words = evenly(each.get("onward") or ("" if detours else "其他情形"), centre - 16, SMALL)
        top = max(lines[-1] + 20, lines[0] + 24 + len(words) * SMALL * LINE)
        _fan(pen, (centre + 12, lines[0]), right, lines, MAIN + GAP)
    if come is not None and top > come:
        _arrow(pen, [(centre, come), (centre, top)])
    if instead:
        at = lines[0]
        pen.parts.append(
            f'<path d="M{centre} {at - 12}L{centre + 12} {at}L{centre} {at + 12}L{centre - 12}'
            f' {at}z" fill="{PAPER}" stroke="{BLUE}" stroke-width="1.5"/>'
        )
        _lines(
            pen,
            words,
            centre - 12,
            top - 6 - len(words) * SMALL * LINE / 2,
            SMALL,
            BLUE,
            "end",
            "500",
        )
    high = _box(pen, 0, top, MAIN, each, n)
    if after:
        lines, low_after = _group(pen, after, MAIN, max(top, low + ROW / 2), top + high / 2)
        _fan(pen, (MAIN, min(top + high / 2, lines[0])), right, lines, MAIN + GAP)
        low = max(low, low_after)
    return top + high, max(top + high, low)


def _group(
    pen: Pen, ways: Sequence[Block], x: float, y: float, wish: float | None = None
) -> tuple[list[float], float]:
    """Ways under each other right of `x`: the heights at which they are entered, and where they
    end; the first near `wish`.
    """
    lines, low = [], y
    for n, way in enumerate(ways):
        start = low if n == 0 else low + ROW / 2
        if n == 0 and wish is not None:
            start = max(start, wish - _entry(way))
        line, low = _branch(pen, way, x + GAP, start)
        lines.append(line)
    return lines, low


def _entry(way: Block) -> float:
    """How far below its top a way is entered: its words stand above the line."""
    words = len(evenly(way["when"], GAP - 26, SMALL)) * SMALL * LINE + 6
    return max(
        words, (_high(way["stations"][0], BOX) if way["stations"] else _pill_high(way["leads"])) / 2
    )


def _branch(pen: Pen, way: Block, x: float, y: float) -> tuple[float, float]:
    """One way whose first box starts at `x`; answers where it is entered and where it ends."""
    line, right, stations = y + _entry(way), x, way["stations"]
    _lines(
        pen,
        evenly(way["when"], GAP - 26, SMALL),
        x - GAP / 2 + 4,
        line - 5 - _tall(way["when"]) / 2,
        SMALL,
        BLUE,
        "middle",
        "500",
    )
    low = last = line
    if stations:
        top = line - _high(stations[0], BOX) / 2
        for n, each in enumerate(stations):
            if n:
                _arrow(pen, [(x + BOX / 2, low), (x + BOX / 2, low + 20)])
                top = low + 20
            high = _box(pen, x, top, BOX, each)
            last, low = top + high / 2, top + high
        right = x + BOX
    if way["leads"]:
        start = right + 24 if stations else x
        tall = _pill_high(way["leads"])
        if stations:
            _arrow(pen, [(right, last), (start, last)])
        _pill(pen, start, last - tall / 2, way["leads"])
        return line, max(low, last + tall / 2)
    lines, low_more = _group(pen, way["branches"], right, y, last)
    _fan(pen, (right, min(last, lines[0])), right + 14, lines, right + GAP)
    return line, max(low, low_more)


def _tall(text: str) -> float:
    return len(evenly(text, GAP - 26, SMALL)) * SMALL * LINE


def _texts(each: Block, width: float) -> list[tuple[str, float, str, str]]:
    """The lines of a box: name, who, limit, papers, materials; each (text, size, colour,
    weight).
    """
    who = "，".join(text for text in (each["lane"], _approved(each)) if text)
    papers, materials = "、".join(each.get("documents", ())), "、".join(each.get("materials", ()))
    told = [
        (each["name"], TITLE, INK, "600"),
        (who, SMALL, MUTED, "400"),
        (f"期限：{each['limit']}" if each["limit"] else "", SMALL, BLUE, "500"),
        (f"文书：{papers}" if papers else "", SMALL, MUTED, "400"),
        (f"材料：{materials}" if materials else "", SMALL, MUTED, "400"),
    ]
    return [
        (line, size, fill, weight)
        for text, size, fill, weight in told
        for line in evenly(text, width - 2 * PAD - 14, size)
    ]


def _high(each: Block, width: float) -> float:
    return sum(size * LINE for _, size, _, _ in _texts(each, width)) + 2 * PAD


def _box(pen: Pen, x: float, y: float, width: float, each: Block, n: int = 0) -> float:
    """A step; answers its height. A main step carries its number."""
    high = _high(each, width)
    fill, edge = (GATE, GATE_LINE) if each["gate"] else (PAPER, BLUE)
    pen.parts.append(
        f'<rect x="{x}" y="{y:.1f}" width="{width}" height="{high:.1f}" rx="6" fill="{fill}"'
        f' stroke="{edge}" stroke-width="1.5"/>'
    )
    at = y + PAD
    for text, size, colour, weight in _texts(each, width):
        pen.parts.append(
            _text(
                text, x + width / 2, at + size * (LINE + 0.72) / 2, size, colour, "middle", weight
            )
        )
        at += size * LINE
    if n:
        pen.parts.append(
            f'<circle cx="{x}" cy="{y + high / 2:.1f}" r="14" fill="{edge}"/>'
            + _text(str(n), x, y + high / 2 + 5, SMALL, PAPER, "middle", "600")
        )
    if each["recorded"]:
        pen.parts.append(
            f'<g transform="translate({x + width - 34}'
            f' {y - 8:.1f})"><title>应当音像记录</title><rect width="24" height="16" rx="8"'
            f' fill="{BLUE}"/><rect x="5" y="4.5" width="8.5" height="7" rx="1.5"'
            f' fill="{PAPER}"/><path d="M14 8l5-3v6z" fill="{PAPER}"/></g>'
        )
    pen.reach(x + width, y + high)
    return high


def _pill_lines(text: str) -> list[str]:
    """On one line, or the number of the step on one and its name below."""
    whole = evenly(text, PILL - 20, SMALL)
    return (
        whole
        if len(whole) == 1
        else [line for part in text.split(" ") for line in evenly(part, PILL - 20, SMALL)]
    )


def _pill_high(text: str) -> float:
    return len(_pill_lines(text)) * SMALL * LINE + 14


def _pill(pen: Pen, x: float, y: float, text: str) -> float:
    """A rounded end that says where it leads; answers where it ends."""
    high = _pill_high(text)
    over = text.startswith("结束")
    pen.parts.append(
        f'<rect x="{x}" y="{y:.1f}" width="{PILL}" height="{high:.1f}" rx="{min(high / 2, 18):.1f}"'
        f' fill="{END if over else PAPER}" stroke="{MUTED if over else BLUE}" stroke-width="1.2"/>'
    )
    _lines(
        pen,
        _pill_lines(text),
        x + PILL / 2,
        y + high / 2,
        SMALL,
        INK,
        "middle",
        "500" if over else "400",
    )
    pen.reach(x + PILL, y + high)
    return y + high


def _fan(
    pen: Pen, start: tuple[float, float], trunk: float, lines: Sequence[float], aim: float
) -> None:
    """From one point to every way: along a trunk, then across."""
    for line in lines:
        _arrow(pen, [start, (trunk, start[1]), (trunk, line), (aim, line)])


def _arrow(pen: Pen, points: Sequence[tuple[float, float]]) -> None:
    (x, y), (before, _) = points[-1], points[-2]
    path = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
    head = (
        f"M{x - 8} {y - 4:.1f}L{x} {y:.1f}L{x - 8} {y + 4:.1f}z"
        if before != x
        else f"M{x - 4} {y - 8:.1f}L{x} {y:.1f}L{x + 4} {y - 8:.1f}z"
    )
    pen.parts.append(
        f'<path d="M{path}" fill="none" stroke="{MUTED}" stroke-width="1.5"/><path d="{head}"'
        f' fill="{MUTED}"/>'
    )


def _lines(
    pen: Pen,
    lines: Sequence[str],
    x: float,
    y: float,
    size: float,
    fill: str,
    anchor: str,
    weight: str,
) -> None:
    """Lines of text around the height `y`."""
    first = y - (len(lines) - 1) * size * LINE / 2 + size * 0.36
    pen.parts += [
        _text(line, x, first + n * size * LINE, size, fill, anchor, weight)
        for n, line in enumerate(lines)
    ]


def _text(text: str, x: float, y: float, size: float, fill: str, anchor: str, weight: str) -> str:
    return (
        f'<text x="{x}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{fill}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )


def evenly(text: str, width: float, size: float) -> list[str]:
    """The same number of lines, the last one not much shorter than the others."""
    lines = wrapped(text, width, size)
    while len(lines) > 1 and len(lines[-1]) < 0.5 * len(lines[0]) and width > size:
        width -= size / 2
        narrower = wrapped(text, width, size)
        if len(narrower) != len(lines):
            break
        lines = narrower
    return lines


# What must not begin a line.
CLOSING = "，。；：、）》”！？"
PIECES = re.compile(r"[0-9]+个?|.", re.DOTALL)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines of at most `width`, cut between characters, never in a number; ASCII
    counts half, a closing mark stays on its line.
    """
    lines, line, used = [], "", 0.0
    for piece in PIECES.findall(text):
        wide = sum(size if ord(letter) > 0x2E7F else size * 0.56 for letter in piece)
        if used + wide > width and line and piece not in CLOSING:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + piece, used + wide
    return [*lines, line] if line else lines
