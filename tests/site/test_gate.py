"""So many at once; the log and the pages of those who are turned away."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from mingzheng.site import errors, processes
from mingzheng.site.gate import PAGE, Gate, threads
from mingzheng.site.log_lines import Plain

NUMBERS = {"most": 3, "bodies": 2, "address": 1, "waiting": 2, "seconds": 0.2}


class House:
    """A gate before an application in which everybody stays until told to go."""

    def __init__(self) -> None:
        self.go, self.statuses, self.inside = threading.Event(), list[str](), 0

        def application(environ: Any, start: Any) -> list[bytes]:
            self.inside += 1
            self.go.wait(10)
            start("200 OK", [])
            return [b"well"]

        self.gate = Gate(application)
        self.gate.numbers = NUMBERS  # type: ignore[assignment]

    def come(self, method: str = "GET", address: str = "192.0.2.1") -> threading.Thread:
        """A request in a thread of its own."""
        environ = {"REQUEST_METHOD": method, "REMOTE_ADDR": address}
        thread = threading.Thread(
            target=lambda: self.gate(environ, lambda status, headers: self.statuses.append(status))
        )
        thread.start()
        return thread


def test_the_house_is_full_and_says_so() -> None:
    house = House()
    waiting = [house.come() for _ in range(6)]
    threading.Event().wait(0.5)
    assert house.inside == 3 and set(house.statuses) == {"503 Service Unavailable"}
    house.go.set()
    for thread in waiting:
        thread.join()
    assert house.statuses.count("200 OK") == 3 and not house.gate.inside and not house.gate.waiting
    assert "系统繁忙" in PAGE.decode() and threads() > NUMBERS["most"]


def test_one_address_that_sends_slowly_keeps_nobody_else_out() -> None:
    house = House()
    slow = [house.come("POST", "192.0.2.9") for _ in range(2)]
    other, reader = house.come("POST", "192.0.2.10"), house.come("GET", "192.0.2.11")
    threading.Event().wait(0.4)
    assert house.inside == 3
    house.go.set()
    for thread in (*slow, other, reader):
        thread.join()
    assert house.statuses.count("503 Service Unavailable") == 1 and not house.gate.by_address


def test_a_fault_gives_its_place_back() -> None:
    def broken(environ: Any, start: Any) -> list[bytes]:
        raise ValueError

    gate = Gate(broken)
    for _ in range(50):
        with pytest.raises(ValueError):
            gate({"REQUEST_METHOD": "POST", "REMOTE_ADDR": "x"}, print)
    assert not gate.inside and not gate.bodies


def test_a_line_of_the_log_cannot_be_forged() -> None:
    forged = "/x\nERROR mingzheng.site.errors: failure 00000000 on /desk\r\x1b[31m\u2028"
    try:
        raise ValueError(forged)
    except ValueError:
        record = logging.LogRecord(
            "a", logging.ERROR, "", 1, "failure %s on %s", ("1", forged), sys.exc_info()
        )
    lines = Plain().format(record).splitlines()
    assert [line for line in lines if not line.startswith("    ")] == lines[:1]
    assert "\\u000aERROR" in lines[0] and "\x1b" not in "".join(lines)


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_every_page_of_a_fault_is_chinese(status: int, rf: Any, db: None) -> None:
    made = {400: errors.bad_request, 403: errors.forbidden, 404: errors.not_found}
    answer = made.get(status, errors.failed)(rf.get("/x"))
    text = answer.content.decode()
    assert answer.status_code == status and 'lang="zh-CN"' in text and f">{status}<" in text


def test_https_is_remembered_by_browsers(client: Client, db: None) -> None:
    assert "Strict-Transport-Security" not in client.get("/about")
    with override_settings(PUBLIC_URL="https://example.cn"):
        assert client.get("/about")["Strict-Transport-Security"] == "max-age=31536000"


def test_an_installation_of_earlier_days_is_tightened(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir(mode=0o755)
    (tmp_path / "mingzheng.sqlite3").touch(mode=0o644)
    (tmp_path / "mingzheng.sqlite3").chmod(0o644)
    (tmp_path / "away").symlink_to(settings.DATA)
    tmp_path.chmod(0o755)
    assert processes.tighten(tmp_path) == 3
    assert not list(processes.open_to_others(tmp_path)) and not processes.tighten(tmp_path)
