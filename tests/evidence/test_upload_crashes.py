"""An upload that dies anywhere: nothing acknowledged is lost, no row speaks of bytes that are not there, and it can go on.

What is injected is the process's death and failing calls of the system, in this file's child; the disk itself losing
synced writes is beyond what a process can play.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.crashing import BODY
from tests.scratch import ROOT

SHA = hashlib.sha256(BODY).hexdigest()
_FOUND = ("import django; django.setup(); from django.conf import settings;"
          "settings.PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher'];"
          "from django.core.management import call_command; call_command('migrate', verbosity=0);"
          "from mingzheng.site.demo import founding; founding.found_all({'wg'})")
_RESUME = """
import django; django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver"); settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
from tests.evidence.sending import Sender
from tests.evidence.crashing import BODY
from mingzheng.evidence.models import Upload
from mingzheng.records import store
row, sender = Upload.objects.get(), Sender()
offset = int(sender.head(row.code)["Upload-Offset"])
while offset < len(BODY):
    answer = sender.patch(row.code, offset, BODY[offset:])
    assert answer.status_code in (204, 409), answer.content.decode()
    offset = int(answer["Upload-Offset"])
row.refresh_from_db()
assert row.state == "stored" and store.read(row.blob_id) == BODY and row.receipt
assert list(store.damaged()) == []
"""


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation to copy from."""
    data = tmp_path_factory.mktemp("founded")
    child(data, "-c", _FOUND)
    return data


def child(data: Path, *line: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A process of its own on this data directory."""
    env = {**os.environ, "MINGZHENG_DATA": str(data), "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings"}
    return subprocess.run([sys.executable, *line], env=env, cwd=ROOT, capture_output=True, text=True, check=check)


def attempt(founded: Path, place: Path, call: int, mode: str, mutant: bool = False) -> list[str]:
    """One injection and the faults that the check finds."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(founded, place)
    done = child(place, "-m", "tests.evidence.crashing", str(call), mode, *(["mutant"] if mutant else []), check=False)
    found = faults(place, done.stdout)
    if not found and not mutant:
        again = child(place, "-c", _RESUME, check=False)
        found = [f"cannot go on: {again.stderr[-400:]}"] if again.returncode else []
    return found


def faults(place: Path, said: str) -> list[str]:
    """What is wrong on the disk, looked at without the product's code."""
    found = []
    base = sqlite3.connect(place / "mingzheng.sqlite3")
    for sha256, size in base.execute("SELECT sha256, size FROM records_blob"):
        path = place / "store" / sha256[:2] / sha256[2:4] / sha256
        if not path.is_file() or path.stat().st_size != size or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            found.append(f"row without its bytes: {sha256[:8]}")
    [(state, offset, blob, code)] = base.execute('SELECT state, "offset", blob_id, code FROM evidence_upload').fetchall()
    part = place / "uploads" / f"{code}.part"
    if "acknowledged" in said and (state != "stored" or blob != SHA):
        found.append("acknowledged and not stored")
    if state == "stored" and blob != SHA:
        found.append("stored as something else")
    if state == "open":
        there = part.read_bytes() if part.is_file() else b""
        if there[:offset] != BODY[:offset] or len(there) < offset:
            found.append("acknowledged bytes are missing")
        if "offset" in said and offset < len(BODY) // 2:
            found.append("the offset went back")
    base.close()
    return found


def calls(founded: Path, place: Path) -> int:
    """How many state-changing calls an upload makes."""
    shutil.copytree(founded, place)
    said = child(place, "-m", "tests.evidence.crashing", "count").stdout.split()
    assert "acknowledged" in said
    return int(said[-1])


# Counted from the last call: the file gets its second name in the store, then its right one.
LINKED, NAMED = 15, 14


def chosen(total: int) -> Iterator[tuple[int, str]]:
    """A spread of calls for each test run, with those by which the store takes the file."""
    yield from ((2, "EIO"), (total // 2, "ENOSPC"), (total - LINKED, "ENOSPC"), (total - NAMED, "kill"), (total - 1, "kill"))


def test_an_upload_killed_or_failing_at_some_calls_loses_nothing(founded: Path, tmp_path: Path) -> None:
    total = calls(founded, tmp_path / "count")
    assert total > 15
    for number, mode in chosen(total):
        assert not attempt(founded, tmp_path / "run", number, mode), (number, mode)


@pytest.mark.long
def test_an_upload_killed_or_failing_at_every_call_loses_nothing(founded: Path, tmp_path: Path) -> None:
    total = calls(founded, tmp_path / "count")
    for number in range(1, total + 1):
        for mode in ("kill", "EIO", "ENOSPC"):
            assert not attempt(founded, tmp_path / "run", number, mode), (number, mode)


def test_a_row_written_before_its_file_is_caught(founded: Path, tmp_path: Path) -> None:
    total = calls(founded, tmp_path / "count")
    found = attempt(founded, tmp_path / "run", total - LINKED, "kill", mutant=True)
    assert any(each.startswith("row without its bytes") for each in found)
