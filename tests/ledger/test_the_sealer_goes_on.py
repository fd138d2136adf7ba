"""The sealer's loop: it seals, refuses and recovers without being started again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from mingzheng.records.models import Head, Leaf
from mingzheng.records.seal import keys, running, seal_pending
from tests.ledger.building import act


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between rounds, and every round a whole one."""
    monkeypatch.setattr(running, "PAUSE", 0.0)
    monkeypatch.setattr(running, "BEAT", -1.0)


def turn(times: int = 1) -> int:
    """So many turns of the loop; answers how often it said that it lives."""
    left, beats = [times], []

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    running.run_forever(stop, lambda: beats.append(1))
    return len(beats)


def test_it_seals_and_says_that_it_lives(bodies: dict[str, Any], ledger: Path) -> None:
    assert turn(2) == 2
    act(bodies["wg"].record)
    turn()
    assert Head.objects.latest("size").size == Leaf.objects.count() and keys.last_trouble() == ""


def test_it_keeps_the_reason_while_it_refuses_and_forgets_it_afterwards(
    bodies: dict[str, Any], ledger: Path
) -> None:
    seal_pending()
    shutil.copytree(ledger / "log", ledger / "old")
    act(bodies["wg"].record)
    seal_pending()
    shutil.move(ledger / "log", ledger / "new")
    shutil.move(ledger / "old", ledger / "log")
    act(bodies["wg"].record)
    assert turn(2) == 2 and "旧备份" in keys.last_trouble()
    assert Head.objects.latest("size").size == Leaf.objects.count() - 2
    shutil.rmtree(ledger / "log")
    shutil.move(ledger / "new", ledger / "log")
    turn()
    assert keys.last_trouble() == "" and Head.objects.latest("size").size == Leaf.objects.count()


def test_a_full_disk_is_said_in_a_sentence(
    bodies: dict[str, Any], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(running, "seal_once", full)
        turn()
    assert "请检查磁盘空间" in keys.last_trouble()
    turn()
    assert keys.last_trouble() == ""
