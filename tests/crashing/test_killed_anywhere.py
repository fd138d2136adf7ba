"""Killed, out of power or failing at any call: nothing acknowledged is lost, nothing is half done,
and the same can be done again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.crashing.strace import WANTED
from tests.scratch import ROOT

OPERATIONS = ("upload", "append", "publish", "withdraw", "bind")
MODES = ("kill", "power", "EIO", "stay", "ENOSPC")
FILED = "link+linkat+rename+renameat+renameat2"
# Planted faults: where they are looked for, and how they must be found.
CONTROLS = {
    f"upload:kill:{FILED}:row-before-file": "verify",
    f"append:kill:{FILED}:row-before-file": "verify",
    "append:kill:8:act-before-effect": "half",
    "publish:kill:8:act-before-effect": "half",
    "upload:power:3:no-waiting": "verify",
    "append:power:3:no-waiting": "verify",
}
# The ordinary run: the first call, the middle one and the last of every operation, each in another
# way, so that every way comes up in three operations; and the controls at as many calls.
SHORT = [
    f"{each}:{','.join(MODES[(number * 3 + turn) % len(MODES)] for turn in range(3))}:3"
    for number, each in enumerate(OPERATIONS)
]
SHORT_CONTROLS = {
    f"upload:kill:{FILED}:row-before-file": "verify",
    "append:kill:3:act-before-effect": "half",
    "publish:kill:3:act-before-effect": "half",
    "upload:power:3:no-waiting": "verify",
}
CONTROLLED = {
    "row-before-file": "先写行、后存文件",
    "act-before-effect": "行为先提交、效力后提交",
    "no-waiting": "自己的文件不等落盘",
}
pytestmark = pytest.mark.skipif(shutil.which(WANTED) is None, reason="没有 strace")


def broken(*jobs: str) -> list[dict[str, Any]]:
    """The figures of these jobs, done in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.crashing", *jobs],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def faults(rows: list[dict[str, Any]]) -> list[str]:
    """Whatever was found, with the call and the mode."""
    return [
        f"{row['operation']} {mode} {each}"
        for row in rows
        for mode, tally in row["modes"].items()
        for each in tally["examples"]
    ]


def injections(rows: list[dict[str, Any]]) -> int:
    """How many calls were disturbed."""
    return sum(tally["injections"] for row in rows for tally in row["modes"].values())


def missed_controls(rows: list[dict[str, Any]]) -> list[str]:
    """Planted faults that were not found the way they must be."""
    return [
        job
        for (job, how), row in zip(CONTROLS.items(), rows, strict=True)
        if not any(how in tally["faults"] for tally in row["modes"].values())
    ]


def test_operations_disturbed_at_some_calls_lose_nothing_and_planted_faults_are_found() -> None:
    rows = broken(*SHORT, *SHORT_CONTROLS)
    sound, planted = rows[: len(SHORT)], rows[len(SHORT) :]
    assert injections(sound) >= 14 and not faults(sound)
    assert {
        mode for row in sound for mode, tally in row["modes"].items() if tally["injections"]
    } == {*MODES}
    for (job, how), row in zip(SHORT_CONTROLS.items(), planted, strict=True):
        assert any(how in tally["faults"] for tally in row["modes"].values()), (job, row)


@pytest.mark.long
def test_operations_disturbed_at_every_call_lose_nothing() -> None:
    began, version = time.monotonic(), commit()
    rows = broken(*(f"{each}:{','.join(MODES)}:all" for each in OPERATIONS), *CONTROLS)
    sound, planted = rows[: len(OPERATIONS)], rows[len(OPERATIONS) :]
    report(sound, planted, version, time.monotonic() - began)
    assert injections(sound) >= 3000 and not faults(sound) and not missed_controls(planted)


def commit() -> str:
    """The version that is tried."""
    return (
        subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
        ).stdout.strip()
        or "—"
    )


def report(
    sound: list[dict[str, Any]], planted: list[dict[str, Any]], version: str, seconds: float
) -> None:
    """The figures as a page of the documentation."""
    names = {
        "upload": "上传",
        "append": "记入行为（带附件）",
        "publish": "发布",
        "withdraw": "撤下",
        "bind": "组卷",
    }
    table = [
        f"| {names[row['operation']]} | {sum(row['calls'].values())} | {mode} |"
        f" {tally['injections']} | {tally['acknowledged']} | "
        + " | ".join(
            str(tally["faults"].get(sort, 0)) for sort in ("lost", "half", "verify", "again")
        )
        + f" | {tally['missed']} |"
        for row in sound
        for mode, tally in row["modes"].items()
    ]
    controls = [
        f"| {CONTROLLED[row['mutant']]} | {names[row['operation']]} | {mode} |"
        f" {tally['injections']} | "
        f"{', '.join(f'{sort} {count}' for sort, count in sorted(tally['faults'].items())) or '没有发现'} |"
        for row in planted
        for mode, tally in row["modes"].items()
    ]
    found = len(faults(sound))
    text = "\n".join(
        [
            f"# 在每一个系统调用处中断：{time.strftime('%Y年%-m月%-d日')}的一次全量试验",
            "",
            (
                f"版本 {version}。五种操作，先数出每种操作改动磁盘的全部系统调用（SQLite"
                " 的也在内），再在每一个调用处用五种方式各中断一次，"
                f"共 {injections(sound)} 次，用时 {seconds / 60:.0f} 分钟，发现问题 {found} 处。"
            ),
            (
                "kill：进程在这个调用之前被杀。power：同时停电，没有等落盘的字节和文件名全部丢失。"
                "EIO：这个调用失败。stay：这个调用失败，由同一个进程马上再办。"
                "ENOSPC：从这个调用起磁盘写满。"
            ),
            (
                "每次中断以后，"
                "由另一个进程核对：确认过的都在；全库各表恰好是操作提交过的某一个完整状态；`mingzheng"
                " verify` 不报问题；"
                "同一张表再交一次，能办到底，结果与没有中断过一样，再核对一遍。"
            ),
            "",
            (
                "| 操作 | 调用数 | 方式 | 中断次数 | 中断前已确认（项） | 丢失 | 半截 | 核对不符 |"
                " 不能再办 | 没有遇上 |"
            ),
            "|---|---|---|---|---|---|---|---|---|---|",
            *table,
            "",
            "“没有遇上”：那一次操作没有走到第这么多个同名的调用，不计入中断次数。",
            "",
            "## 对照：故意做错，必须发现",
            "",
            "| 做错什么 | 操作 | 方式 | 中断次数 | 发现 |",
            "|---|---|---|---|---|",
            *controls,
            "",
            (
                "lost 丢失，half 半截，verify 核对不符，again 不能再办。重做：`python -m pytest"
                " tests/crashing --long`。"
            ),
            "",
        ]
    )
    (ROOT / "docs/reports" / f"crashes-{time.strftime('%Y-%m-%d')}.md").write_text(
        text, encoding="utf-8"
    )
