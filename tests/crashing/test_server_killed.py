"""PostgreSQL killed under load: whatever a clerk was told of is there after the restart, and the
ledger is the database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.crashing.test_killed_anywhere import commit
from tests.postgres import binaries
from tests.scratch import ROOT

pytestmark = pytest.mark.skipif(binaries() is None, reason="没有 PostgreSQL")


def killed(cycles: int) -> dict[str, Any]:
    """The figures of so many deaths, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crashing.server", str(cycles)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def sound(found: dict[str, Any]) -> bool:
    """Nothing lost, nothing half, nothing to say for verify, and every clerk died in the middle of
    a press.
    """
    return (
        found["lost"] == found["half"] == 0
        and not found["faults"]
        and 0 < found["cycles"] <= found["acknowledged"]
        and found["unanswered"] > 0
    )


def test_a_killed_server_loses_nothing_that_was_acknowledged() -> None:
    found = killed(1)
    assert sound(found), found


@pytest.mark.long
def test_fifty_deaths_of_the_server_lose_nothing_that_was_acknowledged() -> None:
    version, found = commit(), killed(50)
    report(version, found)
    assert found["cycles"] >= 50 and sound(found), found


def report(version: str, found: dict[str, Any]) -> None:
    """The figures as a page of the documentation."""
    text = "\n".join(
        [
            f"# 数据库在负载下被杀：{time.strftime('%Y年%-m月%-d日')}的一次全量试验",
            "",
            (
                f"版本 {version}。PostgreSQL（等落盘，设置与正式使用相同），"
                "四名经办人不停地记入带附件的行为，封存进程同时封存；随机时刻用 SIGKILL"
                f" 杀死数据库的全部进程，再启动。共 {found['cycles']} 次，用时"
                f" {found['seconds'] / 60:.0f} 分钟。"
            ),
            "",
            "| 项目 | 数 |",
            "|---|---|",
            f"| 杀死数据库 | {found['cycles']} |",
            f"| 经办人得到确认的行为 | {found['acknowledged']} |",
            f"| 其中丢失 | {found['lost']} |",
            f"| 没有等到答复的提交 | {found['unanswered']} |",
            f"| 其中实际已经办成 | {found['unanswered_there']} |",
            f"| 办了一半或者办了两次 | {found['half']} |",
            f"| 封存进程被打断 | {found['stopped_sealers']} |",
            f"| 其中打断时一轮封存正做到一半，由封存进程接着做完 | {found['unfinished_seals']} |",
            f"| `mingzheng verify` 和日志核对发现的问题 | {len(found['faults'])} |",
            f"| 最后封存的行为 | {found['sealed']} |",
            "",
            (
                "每次重启以后：此前确认过的每一条行为（不只这一次的）都在，有内容、效力、附件，"
                "排在存证队列里；没有等到答复的，用同一张表再交一次，"
                "恰好记一次；`mingzheng verify` 除没做完的那一轮封存以外不报问题，封存进程接着做完以后完全不报；"
                "用另写的程序读日志，条数、次序、内容与数据库完全一致。"
            ),
            "重做：`python -m pytest tests/crashing --long`。",
            "",
        ]
    )
    (ROOT / "docs/reports" / f"server-killed-{time.strftime('%Y-%m-%d')}.md").write_text(
        text, encoding="utf-8"
    )
