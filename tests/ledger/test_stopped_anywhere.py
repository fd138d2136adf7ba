"""The sealer is stopped after each of its changes, goes on, and no head, entry or act is lost or
told twice.
"""

from __future__ import annotations

import errno
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from mingzheng.core.ledger.notes import Note
from mingzheng.core.ledger.write_ahead import Edge
from mingzheng.records.models import Head, Leaf, Record
from mingzheng.records.seal import keys, scrutiny, seal_pending, sealing
from mingzheng.records.seal.rollback_guard import SealRefused
from tests.ledger import independent
from tests.ledger.building import act
from tests.ledger.stopping import stopping


@pytest.fixture
def signed(bodies: dict[str, Any], ledger: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """Every root that was ever signed, by size; two roots of one size end the test."""
    seen: dict[int, str] = {}
    real = keys.remember_head

    def remember(note: str) -> None:
        _, size, root = Note.read(note).text.rstrip("\n").split("\n")
        assert seen.setdefault(int(size), root) == root, "two trees of one size were signed"
        real(note)

    monkeypatch.setattr(keys, "remember_head", remember)
    monkeypatch.setattr(sealing, "UNSETTLED", 7)
    seal_pending()
    return seen


def sound(signed: dict[int, str]) -> None:
    """Everything is sealed, everything agrees, and every head that was signed is still true."""
    vkey = (Path(settings.LOG) / "vkey").read_text(encoding="ascii")
    size, entries = independent.check_log(independent.directory(Path(settings.LOG)), [vkey])
    rows = [
        bytes(found)
        for found in Leaf.objects.order_by("leaf_index").values_list("commitment", flat=True)
    ]
    assert size == Leaf.objects.count() and entries == rows
    hashes = [independent.sha(b"\x00", entry) for entry in entries]
    for count, root in signed.items():
        assert (
            independent.base64.b64encode(independent.tree_head(hashes[:count])).decode() == root
        ), count
    assert list(scrutiny.ledger_faults()) == []


def stop_everywhere(record: Record, signed: dict[int, str], power: bool) -> int:
    """One run for each change of a round; answers how many there were."""
    after = 0
    while True:
        after += 1
        for _ in range(3):
            act(record)
        with stopping(after, power) as world:
            seal_pending()
        if world.done < after:
            return world.done
        seal_pending()
        sound(signed)


@pytest.mark.parametrize("power", [False, True])
def test_a_sealer_stopped_anywhere_goes_on(
    bodies: dict[str, Any], signed: dict[int, str], power: bool
) -> None:
    changes = stop_everywhere(bodies["wg"].record, signed, power)
    assert changes > 15
    sound(signed)
    assert Head.objects.count() > changes // 2


def test_the_harness_notices_an_edge_that_does_not_wait_for_the_disk(
    bodies: dict[str, Any], signed: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it a head would be signed over entries that a power failure takes away."""
    monkeypatch.setattr(Edge, "append", careless)
    with pytest.raises((SealRefused, AssertionError)):
        stop_everywhere(bodies["wg"].record, signed, power=True)


def careless(self: Edge, frames: list[bytes]) -> None:
    """Edge.append that forgets to wait."""
    body = b"".join(frames)
    handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
    os.write(handle, len(body).to_bytes(4, "big") + sha256(body).digest() + body)
    os.close(handle)


def test_a_full_disk_stops_sealing_and_nothing_else(
    bodies: dict[str, Any], signed: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk takes a part of each write and then no more; with room again the same round goes
    through.
    """
    real = os.write
    for room in (0, 10, 60, 200, 400):
        left = [room]
        act(bodies["wg"].record)

        def full(handle: int, data: Any, left: list[int] = left) -> int:
            if not left[0]:
                raise OSError(errno.ENOSPC, "No space left on device")
            done = real(handle, data[: left[0]])
            left[0] -= done
            return done

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(OSError, match="No space"):
                seal_pending()
        seal_pending()
        sound(signed)
