"""A county that has a regulation of its own beside the shipped ones."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from mingzheng.agencies import acts
from mingzheng.site.demo.founding import LAW
from mingzheng.site.demo.play import at

REGULATION = """
[pack]
id = "wenshang-industry"
title = "行政处罚程序规章（测试）"
extends = ["national"]
rank = "rule"
agency = "汶上县工业和信息化局"
since = 2020-01-01
roll = true

[[suspension]]
of = ["decision/limit"]
from = "testing.commissioned"
until = "testing.reported"
needs = ["party.told-of-suspension"]
source = "行政处罚程序规章（测试） 第一条"

[[suspension]]
of = ["decision/limit"]
from = "period.suspended"
until = "period.resumed"
source = "行政处罚程序规章（测试） 第二条"

[[extension]]
of = ["decision/limit"]
by = 30
unit = "day"
times = 1
route = "limit.extended"
source = "行政处罚程序规章（测试） 第三条"
"""


def law_with(folder: Path, text: str, name: str = "wenshang-industry/regulation.toml") -> Path:
    """A copy of the shipped packs with one more file."""
    shutil.copytree(LAW, folder / "law")
    (folder / "law" / name).write_text(text, encoding="utf-8")
    return folder / "law"


def adopt(bodies: dict[str, Any], folder: Path, text: str = REGULATION, code: str = "wg") -> None:
    """The agency adopts its rules with one more regulation, before any case begins."""
    with at("2026-03-02"):
        acts.adopt_pack(bodies[code], None, bodies[code].pack, law_with(folder, text))
