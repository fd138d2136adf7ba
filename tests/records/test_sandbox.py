"""Whoever runs the product, a hostile file that took over its reader reaches nothing; where the
system does not help, nothing is read. Each trial has its control, which reaches everything.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingzheng.core.confinement import breakout, layers
from mingzheng.records import sandbox
from mingzheng.site import doctor
from tests.scratch import ROOT

NOBODY = 65534
CHROOT, UNSHARE, SECCOMP, LANDLOCK = 161, 272, 317, 444
# Who runs it, which calls the system does not know, and the layers that still hold.
ROOT_USER, ORDINARY = 0, NOBODY
KINDS = {
    "root": (ROOT_USER, (), {"user", "network", "root", "landlock", "seccomp"}),
    "ordinary user": (ORDINARY, (), {"user", "network", "root", "landlock", "seccomp"}),
    "ordinary user without namespaces": (ORDINARY, (UNSHARE,), {"user", "landlock", "seccomp"}),
    "ordinary user of an old kernel": (ORDINARY, (UNSHARE, LANDLOCK), {"user", "seccomp"}),
    "root of an old kernel": (ROOT_USER, (LANDLOCK,), {"user", "network", "root", "seccomp"}),
    "root without a filter": (ROOT_USER, (SECCOMP,), {"user", "network", "root", "landlock"}),
    "ordinary user without a filter": (
        ORDINARY,
        (SECCOMP,),
        {"user", "network", "root", "landlock"},
    ),
}


def interpreter() -> str:
    """One that an ordinary user may start."""
    wanted = f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"
    for path in (sys.executable, wanted):
        tried = subprocess.run(["/bin/sh", "-c", f"exec {path} -c pass"], user=NOBODY, check=False)
        if tried.returncode == 0:
            return path
    pytest.skip(f"an ordinary user can start neither {sys.executable} nor {wanted}")


@pytest.fixture
def prey() -> Iterator[dict[str, Any]]:
    """What there is to reach: a database, a key, a bait, a listener of each kind."""
    folder = Path(tempfile.mkdtemp(prefix="prey-"))
    try:
        for name in ("db.sqlite3", "secret.key", "bait"):
            (folder / name).write_text("x")
        with (
            socket.create_server(("127.0.0.1", 0)) as ear,
            socket.socket(socket.AF_UNIX) as local,
        ):
            local.bind(str(folder / "socket"))
            local.listen()
            if os.geteuid() == 0:
                for each in (folder, *folder.iterdir()):
                    os.chown(each, NOBODY, NOBODY)
            yield {
                "read": [str(folder / name) for name in ("db.sqlite3", "secret.key")],
                "unlink": [str(folder / "bait")],
                "list": [str(folder)],
                "port": ear.getsockname()[1],
                "socket": str(folder / "socket"),
                "process": 0,
            }
    finally:
        shutil.rmtree(folder)


def trial(mode: str, user: int, refused: tuple[int, ...], told: dict[str, Any]) -> Any:
    """What a process of its own says of every attempt."""
    if user == ROOT_USER and os.geteuid():
        pytest.skip("needs root")
    becomes = user if user and os.geteuid() == 0 else -1
    site = [each for each in sys.path if each.endswith("site-packages")]
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "tests" / "records" / "shut_in.py"),
            mode,
            str(becomes),
            interpreter() if becomes >= 0 else sys.executable,
            ",".join(map(str, refused)),
            json.dumps(told),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *site])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="calls are refused by their numbers")
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_took_over_its_reader_reaches_nothing(kind: str, prey: dict[str, Any]) -> None:
    user, refused, layered = KINDS[kind]
    outside = trial("control", user, refused, prey)["said"]
    assert {name: said for name, said in outside.items() if said != "done"} == {"user": user}
    Path(prey["unlink"][0]).touch()
    inside = trial("inside", user, refused, prey)
    assert set(inside["held"]) == layered
    reached = {name for name, said in inside["said"].items() if said == "done"}
    # Without a filter a process may still be copied; it reaches no more than the first.
    allowed = set() if "seccomp" in layered else {"fork", "signal"}
    assert reached <= allowed and len(inside["said"]) == len(outside) + 1
    assert inside["said"]["user"] == NOBODY or user
    assert Path(prey["unlink"][0]).exists()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="calls are refused by their numbers")
@pytest.mark.parametrize("user", [ROOT_USER, ORDINARY])
def test_where_the_system_helps_with_nothing_nothing_is_read(
    user: int, prey: dict[str, Any]
) -> None:
    told = trial("inside", user, (SECCOMP, UNSHARE, LANDLOCK, CHROOT), prey)
    assert told["said"] == {} and "文件没有打开" in told["unread"]
    assert all(words in told["unread"] for words in ("看不到数据目录和密钥", "连不上网络"))


def test_a_promise_that_no_layer_keeps_is_named() -> None:
    assert layers.lacking({"user", "seccomp"}, own=False) == []
    # A reader with files of its own needs more than the filter, which sees no names.
    assert layers.lacking({"user", "seccomp"}, own=True) == ["files"]
    assert layers.lacking({"user", "landlock"}, own=True) == ["network"]
    assert layers.lacking({"network", "root", "seccomp"}, own=True) == ["user"]


def test_the_report_tries_at_the_installations_own_files(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_text("x")
    found = sandbox.report()
    assert found.held and not found.broken and not found.unread
    assert [each.name for each in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize(
    "found,words",
    [
        (sandbox.Report((), (), unread="不能隔离"), "都在等待：不能隔离"),
        (sandbox.Report(("seccomp",), (), ("read x",)), "这些尝试成功了：read x"),
    ],
)
def test_the_check_up_tells_a_person(
    found: sandbox.Report, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "report", lambda: found)
    assert any(words in line for line in doctor._readers())


def test_an_answer_longer_than_granted_is_not_taken() -> None:
    told = {
        "read": [f"/{n}" for n in range(99)],
        "unlink": [],
        "list": [],
        "port": 1,
        "socket": "",
        "process": 0,
    }
    few = sandbox.Grant(answer=200)
    assert sandbox.ask(breakout.__name__, "inside", b"x", told=told, grant=few).died
    assert not sandbox.ask(breakout.__name__, "inside", b"x", told=told).died
