"""Regimes built from the small packs of these tests, with local rules given as TOML text."""

from datetime import date
from pathlib import Path

from mingzheng.core.regimes import Library, PackFaults, Regime, load
from mingzheng.core.workdays import Calendar

PACKS = Path(__file__).parent / "packs"
FRIDAY = date(2026, 9, 18)
CALENDAR = Calendar.shipped()
HEAD = """
[pack]
id = "local"
title = "某局规定"
rank = "normative-document"
extends = ["national"]
agency = "某局"
"""


def library(tmp_path: Path, local: str = "", head: str = HEAD, **more: str) -> Library:
    """The national packs of these tests plus a local pack; `more`: file stem → whole text."""
    (tmp_path / "local.toml").write_text(head + local, encoding="utf-8")
    for stem, text in more.items():
        (tmp_path / f"{stem}.toml").write_text(text, encoding="utf-8")
    return load([PACKS, tmp_path])


def regime(tmp_path: Path, local: str = "", head: str = HEAD) -> Regime:
    return library(tmp_path, local, head).regime("local")


def faults(tmp_path: Path, local: str = "", head: str = HEAD, **more: str) -> str:
    """The faults of loading, or "" where there are none."""
    try:
        library(tmp_path, local, head, **more)
    except PackFaults as found:
        return str(found)
    return ""


def duty(
    id: str,
    within: str = 'within = 20\nunit = "workday"',
    more: str = "",
    topic: str = "publication/decision",
    after: str = "decision.made",
) -> str:
    """A local duty as TOML."""
    return (
        f'\n[[duty]]\nid = "{id}"\ntopic = "{topic}"\nafter = "{after}"\n'
        f'then = "publication.published"\n{within}\nsource = "第七条"\n{more}\n'
    )
