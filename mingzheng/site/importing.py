"""`mingzheng import`: recordings from a folder, lists from a workbook; a dry run first, row by
row, with --yes what is clear is taken in.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import importing as lists
from mingzheng.catalogue import sheets
from mingzheng.catalogue.acts import importing as list_acts
from mingzheng.core import clock
from mingzheng.evidence import importing
from mingzheng.evidence.acts import collecting
from mingzheng.records import store
from mingzheng.records.store import StoreError


def run(rest: list[str]) -> int:
    """0: all clear; 1: some file could not be told or kept; 2: wrong usage."""
    parser = argparse.ArgumentParser(prog="mingzheng import")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=["recordings", *lists.SHEET_NAMES], required=True)
    parser.add_argument("--agency", required=True)
    parser.add_argument("--pattern", default=importing.PATTERN)
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--json", action="store_true")
    try:
        said = parser.parse_args(rest)
    except SystemExit:
        return 2
    agency = Agency.objects.filter(code=said.agency).first()
    fault = _fault(said, agency)
    if fault or agency is None:
        print(fault, file=sys.stderr)
        return 1
    if said.kind in lists.SHEET_NAMES:
        return _list(said, agency)
    rows, failed = [], 0
    try:
        for found in importing.look(said.folder, agency, said.pattern):
            made = collecting.take_in(found, agency) if said.yes and found.ready else None
            failed += not found.ready and not found.known
            rows.append(_row(found, made.code if made else ""))
    except StoreError as error:
        print(
            f"{error}已经收下的 {sum(bool(row['code']) for row in rows)} 个文件不受影响，处理后重新运行即可。",
            file=sys.stderr,
        )
        return 1
    _print(rows, said.json, said.yes)
    return 1 if failed else 0


def _fault(said: argparse.Namespace, agency: Agency | None) -> str:
    if agency is None:
        return f"没有代码为 {said.agency} 的机关。"
    if said.kind in lists.SHEET_NAMES:
        return "" if said.folder.is_file() else f"{said.folder} 不是文件，或者读不出来。"
    if not said.folder.is_dir():
        return f"{said.folder} 不是文件夹，或者读不出来。"
    try:
        named = re.compile(said.pattern).groupindex
    except re.error as error:
        return f"--pattern 写得不对：{error}。"
    return (
        ""
        if {"device", "officer", "time"} <= set(named)
        else "--pattern 里要有 device、officer、time 三个命名分组。"
    )


def _list(said: argparse.Namespace, agency: Agency) -> int:
    found = lists.look(agency, said.kind, said.folder.read_bytes())
    if said.json:
        print(
            json.dumps(
                {"rows": len(found.rows), "faults": found.faults, "notes": found.notes},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for word, told in (("不收", found.faults), ("请看", found.notes)):
            for number, text in told:
                print(f"{word}　{f'第 {number} 行　' if number else ''}{text}")
    if found.faults:
        print(f"有 {len(found.faults)} 处要改，一行都没有导入。", file=sys.stderr)
        return 1
    if not said.yes:
        print(
            f"{len(found.rows)} 行都可以导入。以上只是预览，确认后加 --yes 再运行一次。",
            file=sys.stderr,
        )
        return 0
    list_acts.take_in(
        None,
        agency,
        said.kind,
        store.put_bytes(said.folder.read_bytes(), sheets.XLSX),
        said.folder.name,
    )
    print(f"已导入 {len(found.rows)} 行。", file=sys.stderr)
    return 0


def _row(found: importing.Found, code: str) -> dict[str, str]:
    return {
        "file": found.path.name,
        "officer": found.person.name if found.person else "",
        "device": found.device.number if found.device else "",
        "time": f"{clock.local(found.at):%Y-%m-%d %H:%M:%S}" if found.at else "",
        "matter": found.record.title if found.record else "",
        "why": found.why,
        "code": code,
    }


def _print(rows: list[dict[str, str]], as_json: bool, done: bool) -> None:
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        state = (
            "已收"
            if row["code"]
            else (
                "可收"
                if not row["why"] or row["matter"]
                else "不收"
                if not row["officer"]
                else "待归"
            )
        )
        print(
            "　".join(
                part
                for part in (
                    state,
                    row["file"],
                    row["officer"],
                    row["time"],
                    row["matter"],
                    row["why"],
                )
                if part
            )
        )
    if not done:
        print("以上只是预览，没有收任何文件。确认后加 --yes 再运行一次。", file=sys.stderr)
