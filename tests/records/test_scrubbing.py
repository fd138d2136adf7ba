"""Everything stored is read again in time; damage is found, and repaired only from what matches
the ledger.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from mingzheng.core import clock
from mingzheng.records import acts as record_acts
from mingzheng.records import scrubbing, store
from mingzheng.records.models import ActContent, Scrub
from mingzheng.records.seal import scrutiny, seal_pending
from tests.clause import rule


@pytest.fixture
def kept(
    bodies: dict[str, Any], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Path]]:
    """Twelve files of a matter in a store of its own, sealed, and a whole copy of everything."""
    monkeypatch.setattr(settings, "STORE", str(ledger / "store"))
    record, rnd = bodies["wg"].record, random.Random(7)
    files = [
        (
            store.register(
                store.put_bytes(rnd.randbytes(rnd.randrange(1, 9000)), "application/pdf")
            ),
            f"{n}.pdf",
            "",
        )
        for n in range(12)
    ]
    record_acts.append(
        record_acts.lock(record.pk), None, record_acts.Entry(kind="evidence.stored", files=files)
    )
    seal_pending()
    copy = ledger / "copy"
    for name in ("store", "log"):
        for path in (ledger / name).rglob("*"):
            if path.is_file():
                target = copy / path.relative_to(ledger)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
    yield sorted(store.path_of(blob.pk) for blob, _, _ in files)


def flip(path: Path, rnd: random.Random) -> None:
    """One bit somewhere."""
    data = bytearray(path.read_bytes())
    data[rnd.randrange(len(data))] ^= 1 << rnd.randrange(8)
    path.write_bytes(data)


def round_of() -> list[scrubbing.Found]:
    """One whole round."""
    return scrubbing.scrub(1 << 40)


@rule("LM-2", "CX-2")
def test_a_clean_store_raises_nothing_and_the_round_is_noted(kept: list[Path]) -> None:
    assert round_of() == [] and Scrub.objects.get().rounds == 1
    assert list(scrubbing.complaints()) == [] and any(
        "读完" in line for line in scrubbing.remarks()
    )


@pytest.mark.parametrize("seed", range(6))
def test_every_flipped_bit_of_a_stored_file_is_found(kept: list[Path], seed: int) -> None:
    rnd = random.Random(seed)
    hit = rnd.sample(kept, 3)
    for path in hit:
        flip(path, rnd)
    assert {each.what for each in round_of()} == {f"文件 {path.name}" for path in hit}
    assert sum("已经损坏" in line for line in scrubbing.complaints()) == 3
    assert not any(each.repaired for each in round_of())


def test_a_damaged_file_is_put_back_from_a_copy_that_matches(
    kept: list[Path], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(kept[0], random.Random(1))
    kept[1].unlink()
    round_of()
    monkeypatch.setattr(settings, "COPY", f"file:{ledger / 'copy'}")
    assert [each.repaired for each in round_of()] == [True, True]
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in kept)
    assert (
        len(list((ledger / "store").glob("damaged-*"))) == 1
        and round_of() == []
        and list(scrubbing.complaints()) == []
    )


def test_a_copy_that_is_itself_damaged_is_not_taken(
    kept: list[Path], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "COPY", f"file:{ledger / 'copy'}")
    for path in (kept[0], ledger / "copy" / kept[0].relative_to(ledger)):
        flip(path, random.Random(2))
    before = kept[0].read_bytes()
    assert [each.repaired for each in round_of()] == [False] and kept[0].read_bytes() == before
    assert any(kept[0].name in line for line in scrubbing.complaints())


def test_a_damaged_tile_is_put_back_only_when_the_copys_log_holds(
    kept: list[Path], ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tile = max(
        (path for path in (ledger / "log/tile/entries").rglob("*") if path.is_file()),
        key=lambda path: path.stat().st_mtime_ns,
    )
    good = tile.read_bytes()
    flip(tile, random.Random(3))
    assert [each.repaired for each in round_of()] and any(
        "存证日志" in line for line in scrubbing.complaints()
    )
    monkeypatch.setattr(settings, "COPY", f"file:{ledger / 'copy'}")
    other = ledger / "copy" / tile.relative_to(ledger)
    flip(other, random.Random(4))
    assert not any(each.repaired for each in round_of())
    other.write_bytes(good)
    assert all(each.repaired for each in round_of()) and tile.read_bytes() == good
    assert (
        list(scrutiny.ledger_faults()) == []
        and round_of() == []
        and list(scrubbing.complaints()) == []
    )


def test_it_goes_on_where_it_was(kept: list[Path]) -> None:
    flip(kept[-1], random.Random(5))
    seen, pieces = [], 0
    while not Scrub.objects.filter(rounds__gt=0).exists():
        seen += scrubbing.scrub(1)
        pieces += 1
    assert pieces > len(kept) and [each.what for each in seen] == [f"文件 {kept[-1].name}"]


def test_a_content_that_is_not_what_was_sealed_is_found(kept: list[Path]) -> None:
    from django.db import connection

    row = ActContent.objects.order_by("pk").first()
    assert row is not None
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER records_actcontent_no_update")
        cursor.execute(
            "UPDATE records_actcontent SET salt = zeroblob(32) WHERE act_id = %s", [row.pk]
        )
    assert [each.what for each in round_of()] == [f"行为 {row.pk} 的内容"]


def test_the_share_reads_everything_in_ninety_days() -> None:
    class Much:
        def aggregate(self, **_: Any) -> dict[str, int]:
            return {"total": 40 << 40}

    pieces = timedelta(days=scrubbing.DAYS) // scrubbing.EVERY
    kept = scrubbing.Blob
    try:
        scrubbing.Blob = type("Blob", (), {"objects": Much()})  # type: ignore[misc,assignment]
        assert scrubbing.share() * pieces >= 40 << 40
    finally:
        scrubbing.Blob = kept  # type: ignore[misc]


def test_a_round_that_takes_longer_than_the_budget_is_told(kept: list[Path]) -> None:
    long_ago = clock.now() - timedelta(days=91)
    Scrub.objects.create(pk=1, began_at=long_ago, moved_at=long_ago)
    assert any("没有完整重读" in line for line in scrubbing.complaints())
