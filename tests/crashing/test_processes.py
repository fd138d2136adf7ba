"""The processes of a running installation, killed one by one: the pages answer on, what died comes
back, and nothing outlives what started it.
"""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.scratch import ROOT


@dataclass
class House:
    """A supervisor with its three processes, on a port of its own."""

    process: subprocess.Popen[str]
    port: int
    data: Path

    def children(self, pid: int | None = None) -> list[int]:
        """The processes that one started."""
        pid = pid or self.process.pid
        found = []
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(each) for each in task.read_text().split()]
        return found

    def named(self, word: str) -> int:
        """The child of the supervisor that runs `word`."""
        for pid in self.children():
            try:
                if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                    return pid
            except OSError:
                continue
        return 0

    def answers(self, place: str = "/healthz") -> int:
        """The status of a page; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{place}", timeout=20
            ) as found:
                return int(found.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


def soon(true: Callable[[], object], seconds: float = 60) -> float:
    """Wait until it holds; how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)
    return time.monotonic() - began


def alive(pid: int) -> bool:
    """Whether a process is there and no mere entry in the table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def port() -> int:
    """One that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(data: Path, number: int, *more: str) -> list[str]:
    """run.py of this tree, with an empty installation."""
    return [sys.executable, str(ROOT / "run.py"), "--no-demo", "--port", str(number), *more]


def variables(data: Path) -> dict[str, str]:
    """The environment: the data directory, and nothing of the tests'."""
    env = {**os.environ, "MINGZHENG_DATA": str(data), "MINGZHENG_AS_ROOT": "1"}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "MINGZHENG_STORE", "MINGZHENG_CLOCK"):
        env.pop(name, None)
    return env


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Started once for this file."""
    data, number = tmp_path_factory.mktemp("house") / "data", port()
    with (data.parent / "said").open("w") as said:
        process = subprocess.Popen(
            command(data, number), env=variables(data), stdout=said, stderr=said, text=True
        )
        found = House(process, number, data)
        try:
            soon(lambda: found.answers() == 200, 180)
            yield found
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def test_a_killed_web_worker_is_replaced_while_the_others_answer(house: House) -> None:
    web = house.named("serve")
    workers = house.children(web)
    os.kill(workers[0], signal.SIGKILL)
    statuses = [house.answers("/about") for _ in range(20)]
    back = soon(lambda: len([pid for pid in house.children(web) if alive(pid)]) >= len(workers))
    print(f"a web worker was back after {back:.2f} s; {statuses.count(200)} of 20 pages meanwhile")
    assert house.named("serve") == web and statuses.count(200) >= 19


@pytest.mark.parametrize("name", ["worker", "sealer", "serve"])
def test_a_killed_process_comes_back_at_once(house: House, name: str) -> None:
    before = house.named(name)
    os.kill(before, signal.SIGKILL)
    back = soon(lambda: house.named(name) not in (0, before))
    print(f"{name} was back after {back:.2f} s")
    soon(lambda: house.answers() == 200, 90)
    assert house.process.poll() is None and house.named(name) != before


def test_the_pages_stay_while_the_worker_dies_again_and_again(
    house: House, request: pytest.FixtureRequest
) -> None:
    web = house.named("serve")
    for _ in range(4 if request.config.getoption("--long") else 2):
        soon(lambda: house.named("sealer"), 90)
        os.kill(house.named("sealer"), signal.SIGKILL)
        assert house.answers("/about") == 200
    assert house.named("serve") == web and house.process.poll() is None
    soon(lambda: house.named("sealer"), 90)


def test_everything_is_its_owners(house: House) -> None:
    assert stat.S_IMODE(house.data.stat().st_mode) == 0o700
    opened = [
        each
        for each in house.data.rglob("*")
        if not each.is_symlink() and stat.S_IMODE(each.stat().st_mode) & 0o077
    ]
    assert not opened


def test_who_holds_the_port_is_said(house: House) -> None:
    said = subprocess.run(
        command(house.data, house.port),
        env=variables(house.data),
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1 and f"端口 {house.port} 已被进程 " in said.stderr
    assert any(str(pid) in said.stderr for pid in family(house))


def test_three_hundred_megabytes_are_turned_away_unread(house: House) -> None:
    with socket.create_connection(("127.0.0.1", house.port), timeout=30) as line:
        line.sendall(
            b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x"
            b"\r\nContent-Length: 314572800\r\n\r\n--x\r\n"
        )
        answer = line.recv(65536).decode()
    assert answer.startswith("HTTP/1.1 413") and not list((house.data / "uploads").glob("*"))
    with socket.create_connection(("127.0.0.1", house.port), timeout=30) as line:
        line.sendall(
            b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x"
            b"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n--x\r\n\r\n"
        )
        assert line.recv(65536).startswith(b"HTTP/1.1 411")


def family(house: House) -> list[int]:
    """Every process below the supervisor."""
    found, waiting = [], house.children()
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += house.children(pid)
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="asks what root is told")
def test_root_is_told_to_use_an_account(tmp_path: Path) -> None:
    env = variables(tmp_path / "data")
    env.pop("MINGZHENG_AS_ROOT")
    said = subprocess.run(command(tmp_path, port()), env=env, capture_output=True, text=True)
    assert said.returncode == 1 and "不能以 root 运行" in said.stderr
    assert not (tmp_path / "data").exists()


def test_nothing_outlives_a_killed_supervisor(house: House) -> None:
    """The last of the file: nothing is left of the house."""
    soon(lambda: house.answers("/about") == 200, 180)
    pids = family(house)
    assert len(pids) >= 5
    house.process.kill()
    house.process.wait()
    gone = soon(lambda: not [pid for pid in pids if alive(pid)], 30)
    print(f"{len(pids)} processes were gone {gone:.2f} s after their supervisor was killed")
    assert house.answers("/about") == 0
