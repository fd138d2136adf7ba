"""体检 before there is anything to examine: a sentence that says what to do, and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor

from mingzheng.site import doctor

ROOT = Path(__file__).resolve().parents[2]


def mingzheng(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command on a data directory of its own."""
    env = {**os.environ, "MINGZHENG_DATA": str(data), "PYTHONPATH": str(ROOT)}
    env.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "mingzheng", *arguments], env=env, capture_output=True, text=True
    )


def test_a_data_directory_that_was_never_migrated_is_told_in_a_sentence(tmp_path: Path) -> None:
    made = mingzheng(tmp_path, "doctor", "--json")
    assert made.returncode == 1 and "Traceback" not in made.stderr
    (said,) = json.loads(made.stdout)["faults"]
    assert said.startswith(f"数据目录 {tmp_path} 的数据库还没有建立。请先运行 MINGZHENG_DATA=")
    assert f"MINGZHENG_DATA={tmp_path} python3 run.py migrate" in said


@pytest.mark.django_db
def test_an_older_database_and_one_that_does_not_open_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert doctor.unready() == ""
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    assert doctor.unready().startswith("数据库是较早版本的，还差 2 步升级。请先运行 ")

    def closed(self: MigrationExecutor, targets: object) -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(MigrationExecutor, "migration_plan", closed)
    assert doctor.unready().startswith("数据库打不开：unable to open database file。请检查")
