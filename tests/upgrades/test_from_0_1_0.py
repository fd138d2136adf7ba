"""An installation made by 0.1.0 goes on under today's program: it migrates, agrees with itself, serves.

`installation-0.1.0.tar.xz` is a data directory that 0.1.0 made: six agencies, their published
pages and three penalty cases of the demo, 492 sealed acts. Its keys are those of a demo.
"""

from __future__ import annotations

import html
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
RENAMED = {
    "records_standing": "records_effectiveact",
    "records_pendingleaf": "records_leaf",
    "agencies_body": "agencies_agency",
    "disclosure_errand": "disclosure_channeltask",
}


def mingzheng(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of today's program on the old data."""
    return subprocess.run(
        [sys.executable, "-m", "mingzheng", *arguments],
        env=environment(data),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def environment(data: Path, **more: str) -> dict[str, str]:
    """Nothing but the data directory says which installation it is."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "MINGZHENG_DATA": str(data), "PYTHONPATH": str(ROOT), **more}


def tables(data: Path) -> dict[str, int]:
    """Table → rows."""
    base = sqlite3.connect(data / "mingzheng.sqlite3")
    named = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {
        name: base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in named.fetchall()
    }


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory as 0.1.0 left it."""
    data = tmp_path_factory.mktemp("before")
    with tarfile.open(HERE / "installation-0.1.0.tar.xz") as archive:
        # Keys keep their modes: a key that others may read stops the sealer.
        # Python 3.11.2, as Debian has it, knows no filters and does the same without.
        archive.extractall(data, **({"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}))
    return data


@pytest.fixture(scope="module")
def upgraded(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, migrated."""
    data = tmp_path_factory.mktemp("upgraded") / "data"
    subprocess.run(["cp", "-a", str(before), str(data)], check=True)
    done = mingzheng(data, "migrate")
    assert done.returncode == 0, done.stderr
    return data


@pytest.fixture(scope="module")
def address(upgraded: Path) -> Iterator[str]:
    """A web process on the migrated data."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = subprocess.Popen(
        [sys.executable, "-m", "mingzheng", "serve"],
        env=environment(upgraded, MINGZHENG_PORT=str(port)),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while True:
        try:
            read(f"{url}/")
            break
        except OSError:
            assert time.monotonic() < until and served.poll() is None
            time.sleep(0.1)
    yield url
    served.terminate()
    served.wait(20)


def read(url: str) -> str:
    """The text of a page that answers 200."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


def test_no_row_is_lost_and_the_tables_have_their_new_names(before: Path, upgraded: Path) -> None:
    old, new = tables(before), tables(upgraded)
    assert set(RENAMED) <= set(old) and not set(RENAMED) & set(new)
    own = ("django_", "sqlite_", "auth_")
    kept = {name: rows for name, rows in old.items() if not name.startswith(own)}
    # What stood before is bound by effects, each of which has a leaf of its own.
    new["records_leaf"] -= new["records_effect"]
    assert new["records_effect"] > 0
    assert {RENAMED.get(name, name): rows for name, rows in kept.items()} == {
        name: new[name] for name in (RENAMED.get(old_name, old_name) for old_name in kept)
    }
    assert new["records_act"] == 492 and new["records_effectiveact"] == 492


def test_no_trigger_is_lost_and_the_renamed_tables_still_refuse(
    before: Path, upgraded: Path
) -> None:
    def triggers(data: Path) -> set[str]:
        rows = sqlite3.connect(data / "mingzheng.sqlite3").execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        names = {name for (name,) in rows}
        for old, new in RENAMED.items():
            names = {re.sub(rf"^{old}_no_", f"{new}_no_", name) for name in names}
        return names

    assert triggers(before) <= triggers(upgraded)
    base = sqlite3.connect(upgraded / "mingzheng.sqlite3")
    for statement in (
        "UPDATE records_effectiveact SET kind = 'x'",
        "DELETE FROM records_effectiveact",
        "UPDATE records_effectiveact SET voided_by_id = NULL WHERE voided_by_id IS NOT NULL",
        "UPDATE disclosure_channeltask SET channel = 'x'",
        "DELETE FROM disclosure_channeltask",
    ):
        table = "records_effectiveact" if "effectiveact" in statement else "disclosure_channeltask"
        if not base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
            continue
        if (
            "IS NOT NULL" in statement
            and not base.execute(
                "SELECT count(*) FROM records_effectiveact WHERE voided_by_id IS NOT NULL"
            ).fetchone()[0]
        ):
            continue
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            base.execute(statement)
    # A refused change leaves its transaction open, and with it the lock of the database.
    base.close()


def test_the_migrated_installation_agrees_with_itself(upgraded: Path) -> None:
    done = mingzheng(upgraded, "verify")
    assert done.returncode == 0 and "没有发现不一致" in done.stdout, done.stdout + done.stderr


def test_what_was_public_is_still_public_at_its_address(address: str, upgraded: Path) -> None:
    published = (
        sqlite3.connect(upgraded / "mingzheng.sqlite3")
        .execute(
            "SELECT code, title FROM disclosure_publication WHERE state = 'live' ORDER BY id LIMIT 20"
        )
        .fetchall()
    )
    assert published
    for code, title in published:
        assert title in html.unescape(read(f"{address}/p/{code}"))


def test_an_address_that_never_was_is_not_found(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        read(f"{address}/p/aaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert refused.value.code == 404


def test_an_officer_still_finds_his_cases(address: str, upgraded: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(f"{address}/login", timeout=20) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token is not None
    sent = f"login=wg-01&password=mingzheng-demo&csrfmiddlewaretoken={token.group(1)}".encode()
    request = urllib.request.Request(
        f"{address}/login", sent, headers={"Referer": f"{address}/login"}
    )
    with opener.open(request, timeout=30) as page:
        assert "工作台" in page.read().decode()
    ((pk, title),) = (
        sqlite3.connect(upgraded / "mingzheng.sqlite3")
        .execute(
            "SELECT r.id, r.title FROM records_record r JOIN agencies_agency a"
            " ON a.id = r.agency_id WHERE a.code = 'wg' AND r.kind = 'penalty' LIMIT 1"
        )
        .fetchall()
    )
    with opener.open(f"{address}/desk/cases/{pk}", timeout=30) as page:
        assert title in page.read().decode()
