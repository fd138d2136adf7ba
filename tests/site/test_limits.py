"""How often strangers may, counted by address and by thing, in two processes and by a fixed clock."""

from __future__ import annotations

import multiprocessing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from mingzheng.core import clock
from mingzheng.limits import addresses, counters, table

NOON = datetime(2026, 11, 28, 12, 0)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three an hour by address, two by thing."""
    numbers = table.numbers()
    rate = {name: {"address": [3, 3600], "object": [2, 3600]} for name in numbers["rate"]}
    monkeypatch.setattr(table, "numbers", lambda: {**numbers, "rate": rate})


def test_so_many_at_once_and_then_evenly(few: None) -> None:
    with clock.fixed(NOON):
        waits = [counters.spend("progress", address="192.0.2.1") for _ in range(4)]
        assert waits == [0, 0, 0, 1200]
        assert counters.waiting("progress", address="192.0.2.1") == 1200
        assert counters.spend("progress", address="192.0.2.2") == 0
    with clock.fixed(NOON + timedelta(seconds=1199)):
        assert counters.spend("progress", address="192.0.2.1") == 1
    with clock.fixed(NOON + timedelta(seconds=1200)):
        assert counters.spend("progress", address="192.0.2.1") == 0
        assert counters.spend("progress", address="192.0.2.1") == 1200
    with clock.fixed(NOON + timedelta(days=1)):
        assert [counters.spend("progress", address="192.0.2.1") for _ in range(4)][2:] == [0, 1200]


def test_a_thing_is_counted_whoever_asks(few: None) -> None:
    with clock.fixed(NOON):
        waits = [
            counters.spend("progress", address=f"192.0.2.{each}", about="数〔2026〕1号")
            for each in range(4)
        ]
        assert waits == [0, 0, 1800, 1800]
        # Refused by the one, it is not charged to the other.
        assert counters.waiting("progress", address="192.0.2.3") == 0


def test_a_network_of_ipv6_is_one_stranger(few: None) -> None:
    with clock.fixed(NOON):
        waits = [counters.spend("progress", address=f"2001:db8::{each}") for each in range(4)]
    assert waits == [0, 0, 0, 1200]


def test_a_clock_set_back_shuts_nobody_out(few: None) -> None:
    with clock.fixed(NOON + timedelta(days=400)):
        counters.spend("progress", address="192.0.2.1")
    with clock.fixed(NOON):
        assert counters.spend("progress", address="192.0.2.1") <= 3600


def test_the_file_names_nobody(few: None) -> None:
    counters.spend("progress", address="192.0.2.77", about="秘密编号")
    held = counters.place().read_bytes()
    assert b"192.0.2.77" not in held and "秘密编号".encode() not in held


def test_a_broken_file_forgives_and_mends_itself(few: None) -> None:
    counters.place().write_bytes(b"no database at all" * 100)
    assert counters.spend("progress", address="192.0.2.1") == 0
    with clock.fixed(NOON):
        assert [counters.spend("progress", address="192.0.2.1") for _ in range(4)][-1] == 1200


def _many(times: int) -> int:
    return sum(counters.spend("progress", address="192.0.2.9") == 0 for _ in range(times))


def test_two_processes_count_together(few: None) -> None:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert sum(pool.map(_many, [50, 50])) == 3


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("203.0.113.9", "10.0.0.1", "203.0.113.9"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "1.1.1.1, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("10.1.2.3", "rubbish", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.7, rubbish", "10.1.2.3"),
        ("::ffff:10.1.2.3", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_a_proxy_of_ours_says_who_asks(
    peer: str, said: str, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PROXIES", ["10.0.0.0/8"])
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": said}
    assert addresses.client(environ) == client
    monkeypatch.setattr(settings, "PROXIES", [])
    assert addresses.client(environ) == peer.removeprefix("::ffff:")


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/feedback", {"kind": "complaint", "agency": "wg", "text": "到处都是灰"}),
        ("/progress", {"number": "1", "code": "guess"}),
        ("/q/abc/rate", {"overall": "5"}),
        ("/q/abc/here", {}),
        ("/witness/add-checkpoint", {}),
    ],
)
def test_a_stranger_is_told_when_to_come_again(
    few: None, bodies: dict[str, Any], client: Client, address: str, data: dict[str, str]
) -> None:
    with clock.fixed(NOON):
        answers = [client.post(address, data, HTTP_X_FORWARDED_FOR=f"{n}.1.1.1") for n in range(5)]
    assert 429 not in [answer.status_code for answer in answers[:2]]
    last = answers[-1]
    assert last.status_code == 429 and int(last["Retry-After"]) >= 1200
    assert "分钟后再试" in last.content.decode()
    assert client.get("/feedback").status_code == 200


def test_the_installation_says_otherwise_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    (tmp_path / "limits.toml").write_text(
        "[rate]\nfeedback = { address = [1, 60] }\nrate = { address = 3 }\n[gate]\nmost = 4\n"
    )
    table.numbers.cache_clear()
    try:
        numbers = table.numbers()
        assert numbers["rate"]["feedback"] == {"address": [1, 60]}
        assert numbers["rate"]["rate"]["address"] == [30, 600] and numbers["gate"]["most"] == 4
        assert [each for each in table.faults() if "rate.rate" in each]
        (tmp_path / "limits.toml").write_text("= nonsense")
        assert "读不懂" in table.faults()[0]
    finally:
        table.numbers.cache_clear()
