"""From a sheet of plain JSON to a PDF/A, by Typst with the fonts that the installation holds."""

from __future__ import annotations

import html
import io
import json
import math
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import segno
import typst
from django.conf import settings

TEMPLATES = Path(__file__).parent / "typst"
# Without one of each a paper would print boxes instead of names, so it is refused instead.
NEEDED = (("Noto Serif CJK SC", "Noto Serif SC"), ("Noto Sans CJK SC", "Noto Sans SC"))
# Better with it; without it the body is set in Song.
WANTED = "FandolFang R"


_ONE = threading.Lock()


class FontMissing(Exception):
    """A font that papers need is not installed; says which, and what to do."""


@lru_cache(maxsize=1)
def _fonts() -> Any:
    return typst.Fonts(
        include_system_fonts=True, font_paths=[str(path) for path in settings.FONT_PATHS]
    )


def families() -> set[str]:
    """The font families Typst can see."""
    return set(_fonts().families())


def missing_fonts() -> list[str]:
    """Needed families that are not there, for doctor and for the refusal."""
    have = families()
    return [names[0] for names in NEEDED if not have.intersection(names)]


def optional_missing() -> bool:
    """Whether the 仿宋 is missing and the body falls back to Song."""
    return WANTED not in families()


@lru_cache(maxsize=8)
def _compiler(template: str) -> Any:
    return typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), font_paths=_fonts())


def pdf(sheet: dict[str, Any], template: str = "paper.typ") -> tuple[bytes, int]:
    """PDF/A-2b bytes and the number of pages. FontMissing when a needed font is absent."""
    lacking = missing_fonts()
    if lacking:
        raise FontMissing(
            f"缺少字体 {'、'.join(lacking)}，文书暂不能生成。请系统管理员运行一次 python3 run.py"
            " 安装字体。"
        )
    full = {
        **sheet,
        "qr-image": qr_svg(sheet["qr"]) if sheet.get("qr") else "",
        "seal-image": seal_svg(sheet.get("organ", "")),
    }
    if not full["qr-image"]:
        del full["qr-image"]
    # A compiler serves one thread at a time, and fails when a second one asks.
    with _ONE:
        made = _compiler(template).compile(
            format="pdf",
            pdf_standards="a-2b",
            sys_inputs={"sheet": json.dumps(full, ensure_ascii=False)},
        )
    with pikepdf.open(io.BytesIO(made)) as opened:
        return bytes(made), len(opened.pages)


def qr_svg(text: str) -> str:
    """A QR code as SVG text, error level M, with a quiet zone."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, scale=4, xmldecl=False)
    return out.getvalue().decode()


def seal_svg(organ: str) -> str:
    """The place of the seal: a round stamp with the organ's name, replaced by the signed seal
    later.
    """
    chars, radius = list(organ), 78
    span = min(300, 22 * len(chars))
    marks = []
    for index, char in enumerate(chars):
        angle = -span / 2 + span * (index + 0.5) / max(len(chars), 1)
        x = 100 + radius * math.sin(math.radians(angle))
        y = 100 - radius * math.cos(math.radians(angle))
        marks.append(
            f'<text x="{x:.1f}" y="{y:.1f}" transform="rotate({angle:.1f} {x:.1f} {y:.1f})" '
            f'text-anchor="middle" dominant-baseline="central">{html.escape(char)}</text>'
        )
    star = " ".join(
        f"{100 + (30 if n % 2 == 0 else 11.5) * math.sin(math.pi * n / 5):.1f},"
        f"{100 - (30 if n % 2 == 0 else 11.5) * math.cos(math.pi * n / 5):.1f}"
        for n in range(10)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" fill="#C4261D"'
        ' fill-opacity="0.78" font-family="Noto Serif CJK SC" font-weight="700"'
        ' font-size="19"><circle cx="100" cy="100" r="96" fill="none" stroke="#C4261D"'
        f' stroke-opacity="0.78" stroke-width="5"/><polygon points="{star}"/>{"".join(marks)}</svg>'
    )
