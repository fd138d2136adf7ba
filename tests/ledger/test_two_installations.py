"""Two real installations on loopback: a county's platform and a judicial bureau's that witnesses
it, by the real commands.

The county is then put back to an old copy of everything and signs another history: the bureau
catches it.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ledger import independent
from tests.scenes import founded
from tests.scenes.waiting import answered, until

ROOT = Path(__file__).resolve().parents[2]
BODY = (
    '[[body]]\ncode = "{code}"\nname = "{name}人民政府"\nshort_name = "{name}政府"\nkind ='
    ' "government"\nregion = "370830"\n'
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """One data directory, one port, the real commands."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "MINGZHENG_DATA": str(folder),
            "MINGZHENG_PORT": str(self.port),
            "MINGZHENG_WORKERS": "1",
            "PYTHONPATH": str(ROOT),
        }
        self.env.pop("DATABASE_URL", None)
        folder.mkdir()
        founded.lay(folder / "mingzheng.sqlite3")

    def run(self, *line: str) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "mingzheng", *line],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )

    def say(self, *line: str) -> str:
        """One command that must succeed; what it says."""
        done = self.run(*line)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def found(self, *bodies: str) -> None:
        """Acts to seal: more bodies, each a code and a name."""
        file = self.folder / "found.toml"
        file.write_text(
            "".join(BODY.format(code=each[:2], name=each[2:]) for each in bodies), encoding="utf-8"
        )
        self.say("found", str(file))

    @contextmanager
    def running(self, *names: str) -> Iterator[None]:
        """These processes, until the block ends."""
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "mingzheng", name],
                env=self.env,
                cwd=ROOT,
                stderr=subprocess.DEVNULL,
            )
            for name in names
        ]
        try:
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(20)

    def get(self, path: str) -> str:
        """A page, once the server answers."""

        def asked() -> str:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=5) as answer:
                return str(answer.read().decode())

        told = answered(asked)
        assert told is not None, f"no answer from {path}"
        return told

    def vkey(self) -> str:
        return (self.folder / "log/vkey").read_text(encoding="ascii").strip()

    def size(self) -> int:
        """How many entries the published checkpoint covers."""
        return int((self.folder / "log/checkpoint").read_text(encoding="utf-8").split("\n")[1])

    def grown(self, size: int) -> bool:
        """Whether the ledger goes beyond so many entries before long."""
        return until(lambda: self.size() > size)

    def asked(self, statement: str) -> list[tuple[object, ...]]:
        """What the database says, past the product."""
        with sqlite3.connect(self.folder / "mingzheng.sqlite3", timeout=20) as database:
            return database.execute(statement).fetchall()

    def cosigned(self) -> bool:
        """Whether the published checkpoint carries a second signature."""
        checkpoint = self.folder / "log/checkpoint"
        return until(lambda: checkpoint.read_text(encoding="utf-8").count("\n—") > 1)


@pytest.fixture
def county(django_db_setup: None, tmp_path: Path) -> Installation:
    return Installation(tmp_path / "county")


@pytest.fixture
def bureau(django_db_setup: None, tmp_path: Path) -> Installation:
    return Installation(tmp_path / "bureau")


COVERED = """SELECT 1 FROM records_leaf l JOIN records_effect e ON e.id = l.entry
 WHERE e.body LIKE '%"cover"%' AND l.leaf_index < (SELECT max(size) FROM records_head)"""


def checked(county: Installation, witness: str) -> tuple[int, list[bytes]] | None:
    """Size and entries of the county's log, read by other code; None while its newest head waits for
    the witness.
    """
    try:
        keys = [county.vkey(), witness]
        return independent.check_log(independent.address(f"{county.url}/log"), keys, 1)
    except independent.Broken as fault:
        if "not enough signatures" in str(fault):
            return None
        raise


def acquaint(county: Installation, bureau: Installation) -> str:
    """Write both policies; answers the bureau's key."""
    witness = bureau.get("/witness/vkey").strip()
    (bureau.folder / "witnesses.toml").write_text(
        f'[[log]]\nname = "示例县"\nvkey = "{county.vkey()}"\n', encoding="utf-8"
    )
    (county.folder / "witnesses.toml").write_text(
        f'quorum = 1\n[[witness]]\nname = "市司法局"\nurl = "{bureau.url}/witness"\nvkey ='
        f' "{witness}"\nrole = "judicial"\n',
        encoding="utf-8",
    )
    return witness


def test_one_installation_witnesses_another_and_catches_it_rewriting(
    county: Installation, bureau: Installation, tmp_path: Path
) -> None:
    county.found("g1甲县")
    assert "已封存到第" in county.say("seal-now")
    with bureau.running("serve"):
        witness = acquaint(county, bureau)
        with county.running("serve", "worker", "sealer"):
            assert county.cosigned()
            county.get("/log/checkpoint")
            # The worker's first errand binds what was signed before: one more head, to be signed too.
            assert until(lambda: county.asked(COVERED) and county.cosigned())
            size, _ = until(lambda: checked(county, witness)) or (0, [])
            assert size
            line = [
                "ledger",
                "verify",
                f"{county.url}/log",
                "--vkey",
                county.vkey(),
                "--witness",
                witness,
                "--quorum",
                "1",
            ]
            assert "见证：" in county.say(*line)
            assert county.run("verify").returncode == 0

        shutil.copytree(county.folder, tmp_path / "old")
        with county.running("worker", "sealer"):
            county.found("g2乙县")
            assert county.grown(size) and county.cosigned()
        now = county.size()
        assert now > size

        # Everything is put back: database, tiles and the head beside the key. Only the bureau
        # remembers.
        shutil.rmtree(county.folder)
        shutil.copytree(tmp_path / "old", county.folder)
        county.found("g3丙县", "g4丁县", "g5戊县")
        with county.running("sealer"):
            until((county.folder / "sealer.trouble").exists)
        said = county.run("doctor").stdout
        assert "存证已停：见证方“市司法局”出示了本机签过的" in said and "旧备份" in said
        assert county.run("seal-now").returncode == 1

        # A forger who wipes what stopped the sealer signs another history; the bureau does not, and
        # keeps the proof.
        county.asked("UPDATE records_witnessstate SET shown = ''")
        county.say("seal-now")
        assert county.size() > now
        with county.running("worker"):
            forked = "SELECT 1 FROM records_witnessedlog WHERE forked <> ''"
            until(lambda: bureau.asked(forked))
        assert "提交过与此前见证不一致的检查点" in bureau.run("doctor").stdout
        assert "不一致" in county.run("doctor").stdout
