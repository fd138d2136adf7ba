"""The store: bytes first, then the row; what cannot be kept is said in a sentence."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from mingzheng.records import store
from mingzheng.records.models import Blob


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Path:
    """A store of this test's own."""
    settings.STORE = str(tmp_path / "store")
    return tmp_path / "store"


def files(place: Path) -> list[Path]:
    """Everything that lies in the store."""
    return [path for path in place.rglob("*") if path.is_file()]


def test_a_file_is_synced_before_it_gets_its_name_and_its_folders_after(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    sync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        order.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        sync(descriptor)

    def renamed(old: str, new: str) -> None:
        order.append("rename")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    kept = store.put((b"one", b"two"), "text/plain")
    assert order[:2] == ["file", "rename"] and set(order[2:]) == {"folder"} and len(order) >= 4
    assert kept.sha256 == hashlib.sha256(b"onetwo").hexdigest() and kept.size == 6
    assert store.read(kept.sha256) == b"onetwo"


@pytest.mark.django_db
def test_a_crash_before_the_row_leaves_an_orphan_and_nothing_else(place: Path) -> None:
    kept = store.put_bytes(b"evidence", "image/png")
    assert files(place) == [store.path_of(kept.sha256)]
    assert not Blob.objects.filter(pk=kept.sha256).exists()


def test_a_crash_while_writing_leaves_nothing_under_a_name(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn() -> Any:
        yield b"half"
        raise ConnectionResetError("the line went dead")

    with pytest.raises(store.StoreError):
        store.put(torn(), "video/mp4")
    assert files(place) == []


def test_an_empty_file_is_refused(place: Path) -> None:
    with pytest.raises(store.StoreError, match="文件是空的"):
        store.put((), "image/png")
    assert files(place) == []


def test_a_file_over_the_limit_is_refused_and_says_what_to_do(place: Path) -> None:
    with pytest.raises(store.StoreError, match="超过 1 MB.*压缩或者拆分"):
        store.put((b"x" * (1 << 20), b"y"), "video/mp4", limit=1 << 20)
    assert files(place) == []


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_is_a_sentence(place: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(store.StoreError, match="存储空间已满.*系统管理员"):
        store.put_bytes(b"evidence", "image/png")
    monkeypatch.undo()
    assert files(place) == []


def test_a_store_that_cannot_be_written_is_a_sentence(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(os, "replace", denied)
    with pytest.raises(store.StoreError, match="存储目录不可写"):
        store.put_bytes(b"evidence", "image/png")


@pytest.mark.django_db
def test_the_same_content_twice_is_one_row(place: Path) -> None:
    rows = {store.register(store.put_bytes(b"same", "image/png")).pk for _ in range(2)}
    assert len(rows) == 1 and len(files(place)) == 1
