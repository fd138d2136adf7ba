"""Channels that deliver by themselves: the operator of the installation names them in one file; no
officer can change where things go.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from mingzheng.agencies.models import Agency
from mingzheng.core import lines
from mingzheng.core.regimes import vocabulary
from mingzheng.disclosure.channels import double_publication
from mingzheng.disclosure.models import Publication
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.chapters import Setting
from mingzheng.records.models import Duty, Record

FOLDER, POST = "folder", "post"
# Who is not a channel of publication but is told of decisions in a standard's columns.
REPORTED = frozenset({"body/credit-platform"})
# A word that rules use for all channels together; nothing can be brought there.
EVERY = "live"
# Only the operator writes this file.
FILE = Setting(
    "MINGZHENG_CHANNELS",
    "渠道连接文件：哪些渠道由平台自动送达（见 channels.md）",
    lambda: str(settings.DATA / "channels.toml"),
)


@dataclass(frozen=True)
class Connection:
    """How one agency's channel is reached.

    `way` is "folder" (an exchange directory: packages into `place`, receipts out of `receipts`)
    or "post" (an address). `kinds` are the kinds of record that always go there; where it is
    empty only what a rule owes to the channel goes. `assessed` names the assessment of what it
    means for people (《个人信息保护法》第五十五条), which a report with identity numbers needs
    first.
    """

    agency: str
    channel: str
    way: str
    place: str
    receipts: str = ""
    token_file: str = ""
    kinds: tuple[str, ...] = ()
    assessed: str = ""


def of(agency_id: int) -> Mapping[str, Connection]:
    """The connected channels of an agency: channel → connection; a line that is wrong connects
    nothing.
    """
    rows, _ = _read()
    if not rows:
        return {}
    code = Agency.objects.filter(pk=agency_id).values_list("code", flat=True).first()
    return {row.channel: row for row in rows if row.agency == code}


def agencies() -> list[int]:
    """The agencies that have a connected channel."""
    rows, _ = _read()
    return (
        list(
            Agency.objects.filter(code__in={row.agency for row in rows}).values_list(
                "pk", flat=True
            )
        )
        if rows
        else []
    )


def faults() -> tuple[str, ...]:
    """What is wrong with the file, and with what it names, each in a sentence."""
    path = Path(FILE.read())
    try:
        path.open("rb").close()
    except FileNotFoundError:
        if os.environ.get(FILE.variable):
            return (f"没有渠道接通文件 {path}，没有接通任何渠道；请改环境变量 {FILE.variable}",)
    except OSError:
        return (f"渠道接通文件 {path} 读不了，没有接通任何渠道；请检查它的权限",)
    rows, said = _read()
    return (*said, *_astray(rows))


def _astray(rows: tuple[Connection, ...]) -> Iterator[str]:
    """Lines that are written well and lead nowhere."""
    codes = sorted(Agency.objects.values_list("code", flat=True)) if rows else []
    channels = {*vocabulary().channels, *REPORTED} - {EVERY}
    for row in rows:
        which = f"渠道接通文件里机关“{row.agency}”的渠道“{row.channel}”"
        if row.agency not in codes:
            yield f"{which}：没有代码为“{row.agency}”的机关，请改 agency，现有：{'、'.join(codes)}"
        if row.channel not in channels:
            yield (
                f"{which}：没有这个渠道，什么都不会送去，请改 channel，"
                f"可以写：{'、'.join(sorted(channels))}"
            )
        if unknown := [kind for kind in row.kinds if matter_kinds.known(kind) is None]:
            yield f"{which}：kinds 里的{'、'.join(unknown)}不是事项种类，请按规则包词汇表改"
        if row.way == FOLDER:
            yield from (f"{which}：{said}" for said in _folders(row))
        if row.token_file and not os.access(row.token_file, os.R_OK):
            yield f"{which}：口令文件 {row.token_file} 不在或者读不了，请放好并让平台的用户能读"
    for (agency, channel), times in Counter((row.agency, row.channel) for row in rows).items():
        if times > 1:
            yield (
                f"渠道接通文件里机关“{agency}”的渠道“{channel}”写了 {times} 次，"
                "只有最后一项起作用，请删去其余的"
            )


def _folders(row: Connection) -> Iterator[str]:
    for name, place, needed, may in (
        ("place", row.place, os.W_OK | os.X_OK, "写入"),
        ("receipts", row.receipts, os.R_OK | os.X_OK, "读取"),
    ):
        if not Path(place).is_dir():
            yield f"没有 {name} 写的目录 {place}，请建好或者改正"
        elif not os.access(place, needed):
            yield f"{name} 写的目录 {place} 平台不能{may}，请改目录的权限"


def wanted(record: Record, found: Publication) -> list[str]:
    """The connected channels to which this publication goes: what a rule owes it to, and what
    takes its kind always.
    """
    owed = set(
        Duty.objects.filter(record=record, state=Duty.OPEN).values_list("channel", flat=True)
    )
    return [
        channel
        for channel, row in of(found.agency_id).items()
        if (
            found.form == "decision" and found.kind in double_publication.kinds()
            if channel in REPORTED
            else channel in owed or found.kind in row.kinds
        )
    ]


def _read() -> tuple[tuple[Connection, ...], tuple[str, ...]]:
    path = Path(FILE.read())
    try:
        return _parsed(str(path), path.stat().st_mtime_ns)
    except OSError:
        return (), ()


@lru_cache(maxsize=4)
def _parsed(path: str, changed: int) -> tuple[tuple[Connection, ...], tuple[str, ...]]:
    try:
        held = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return (), ("渠道接通文件不是有效的 TOML，没有接通任何渠道",)
    lines = held.pop("channel", [])
    good: list[Connection] = []
    bad = [f"渠道接通文件里有不认识的“{name}”，每个渠道写一项 [[channel]]" for name in held]
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        return (), (*bad, "渠道接通文件里每个渠道要写一项 [[channel]]（两层方括号）")
    for number, line in enumerate(lines, 1):
        said = _fault(line)
        if said:
            bad.append(f"渠道接通文件第 {number} 项{said}")
        else:
            good.append(Connection(**{**line, "kinds": tuple(line.get("kinds", ()))}))
    return tuple(good), tuple(bad)


def _fault(line: Mapping[str, Any]) -> str:
    known = {each.name for each in fields(Connection)}
    if unknown := sorted(set(line) - known):
        return f"有不认识的字段：{'、'.join(unknown)}"
    if lacking := [
        name
        for name in ("agency", "channel", "way", "place")
        if not isinstance(line.get(name), str) or not line[name]
    ]:
        return f"缺少：{'、'.join(lacking)}"
    if wrong := [name for name in set(line) - {"kinds"} if not isinstance(line[name], str)]:
        return f"的{'、'.join(sorted(wrong))}要写成带引号的文字"
    kinds = line.get("kinds", [])
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        return '的 kinds 要写成列表，例如 kinds = ["penalty"]'
    if line["channel"] in REPORTED and not line.get("assessed"):
        return (
            "要报送证件号码，须先做个人信息保护影响评估（《个人信息保护法》第五十五条），在"
            " assessed 里写明评估报告的日期和编号"
        )
    if line["way"] == FOLDER:
        return "" if line.get("receipts") else "是目录交换，还要写 receipts（对方放回执的目录）"
    if line["way"] != POST:
        return "的 way 只能是 folder 或者 post"
    if lines.origin(line["place"]):
        return ""
    return "的地址要用 https（本机地址除外）"
