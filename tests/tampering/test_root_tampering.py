"""Whoever has root can change everything on the machine; he cannot make what lies elsewhere agree
with it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clause import rule
from tests.house.reading import ROOT
from tests.tampering.installation import Outside, build, entered, inside, offline
from tests.tampering.scripts import SCRIPTS

# One of each sort in every run; all of them with --long.
SHORT = (
    "改一条记录的内容",
    "整条删去中间的记录",
    "翻转一份文件里的一位",
    "翻转条目包里的一位",
    "恢复旧数据库和旧日志",
    "全部恢复成旧备份",
    "改决定后用原密钥重建整个日志",
    "换一把密钥重建整个日志",
    "拨回时钟后补做一条记录并正常封存",
)


@pytest.fixture(scope="module")
def sealed(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Path, Outside]]:
    """The installation, an older backup of it, and what outsiders hold."""
    yield build(tmp_path_factory.mktemp("tampered"), django_db_blocker)


def tampered(
    name: str, place: Path, sealed: tuple[Path, Path, Outside], blocker: Any
) -> tuple[list[str], list[str]]:
    """What is found on the spot and from outside, after one script was let loose on a copy."""
    now, old, outside = sealed
    folder = place / "copy"
    shutil.copytree(now, folder)
    with entered(folder, blocker):
        SCRIPTS[name](folder, old)
    found = inside(folder, blocker), offline(folder / "log", outside)
    shutil.rmtree(folder)
    return found


def test_the_scripts_of_the_short_run_are_among_the_forty(bodies: dict[str, Any]) -> None:
    assert len(SCRIPTS) >= 40 and set(SHORT) <= set(SCRIPTS) and bodies


def test_an_untouched_copy_raises_nothing(
    sealed: tuple[Path, Path, Outside], tmp_path: Path, django_db_blocker: Any
) -> None:
    now, _, outside = sealed
    shutil.copytree(now, tmp_path / "copy")
    assert inside(tmp_path / "copy", django_db_blocker) == []
    assert offline(tmp_path / "copy/log", outside) == []


@rule("LM-2", "WG-B2", "CX-2")
@pytest.mark.parametrize("name", SHORT)
def test_tampering_is_found(
    name: str, sealed: tuple[Path, Path, Outside], tmp_path: Path, django_db_blocker: Any
) -> None:
    assert any(tampered(name, tmp_path, sealed, django_db_blocker))


def test_a_rewritten_log_convinces_the_machine_itself_and_nobody_else(
    sealed: tuple[Path, Path, Outside], tmp_path: Path, django_db_blocker: Any
) -> None:
    on_the_spot, outside = tampered(
        "改决定后用原密钥重建整个日志", tmp_path, sealed, django_db_blocker
    )
    assert not on_the_spot and outside


@pytest.mark.long
def test_every_script_is_found_and_reported(
    sealed: tuple[Path, Path, Outside], tmp_path: Path, django_db_blocker: Any
) -> None:
    began, rows, missed = time.monotonic(), [], []
    for number, name in enumerate(SCRIPTS, 1):
        on_the_spot, outside = tampered(name, tmp_path, sealed, django_db_blocker)
        if not on_the_spot and not outside:
            missed.append(name)
        said = (on_the_spot or outside or ["没有发现"])[0].replace("|", " ")
        rows.append(
            f"| {number} | {name} | {'是' if on_the_spot else '否'} | {'是' if outside else '否'} |"
            f" {said} |"
        )
    report(rows, missed, time.monotonic() - began)
    assert len(SCRIPTS) >= 40 and not missed


def report(rows: list[str], missed: list[str], seconds: float) -> None:
    """What was tried and who found it, as a page of the documentation."""
    text = "\n".join(
        [
            f"# 以最高权限篡改：{time.strftime('%Y年%-m月%-d日')}的一次全量试验",
            "",
            (
                "在一套已封存、有见证的系统的副本上，用最高权限（可停掉触发器、可用签名密钥）逐一篡改。"
                f"试了 {len(rows)} 种，没有发现的 {len(missed)} 种，用时 {seconds:.0f} 秒。"
            ),
            (
                "“现场”是 `mingzheng verify`。“离线”只凭印在纸上的公钥、"
                "早先导出的日志和见证方签过的检查点，用另写的程序核对。"
                "未改动的副本两边都不报警。"
            ),
            "重做：`python -m pytest tests/tampering --long`。",
            "",
            "| 序号 | 做了什么 | 现场发现 | 离线发现 | 第一句说法 |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )
    (ROOT / "docs/reports" / f"tampering-{time.strftime('%Y-%m-%d')}.md").write_text(
        text, encoding="utf-8"
    )
