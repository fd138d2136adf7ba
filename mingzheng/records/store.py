"""The content-addressed store: bytes are durable before any row speaks of them.

Order of a write: stream to a temporary file while hashing, fsync, rename into
place, fsync the directory. A crash leaves at worst an orphan file.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from django.conf import settings

from mingzheng.core import clock, digests
from mingzheng.core.digests import Fingerprint
from mingzheng.records.models import Act, Blob

CHUNK = 1 << 20
FULL = (errno.ENOSPC, errno.EDQUOT)


class StoreError(Exception):
    """The file could not be kept; the message says in Chinese what to do."""


@dataclass(frozen=True)
class Stored:
    """A durable file: its digests, bytes, media type."""

    fingerprint: Fingerprint
    size: int
    media_type: str

    @property
    def sha256(self) -> str:
        """The hash under which it lies."""
        return self.fingerprint.sha256


def root() -> Path:
    """The directory of the store."""
    return Path(settings.STORE)


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return root() / sha256[:2] / sha256[2:4] / sha256


def hashing() -> digests.Digests:
    """For bytes on their way into the store."""
    return digests.Digests(settings.SM)


def fingerprint(chunks: Iterable[bytes]) -> Fingerprint:
    """The digests of bytes that will be stored."""
    return digests.fingerprint(chunks, settings.SM)


def put(chunks: Iterable[bytes], media_type: str, limit: int | None = None) -> Stored:
    """Keep `chunks`; refuse an empty file, and one longer than `limit` bytes."""
    root().mkdir(parents=True, exist_ok=True)
    digest, size = hashing(), 0
    try:
        handle, temporary = tempfile.mkstemp(dir=root(), prefix="incoming-")
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in chunks:
                    size += len(chunk)
                    if limit is not None and size > limit:
                        raise StoreError(
                            f"文件超过 {limit // (1 << 20)} MB，没有保存。请压缩或者拆分后再传。"
                        )
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            if size == 0:
                raise StoreError("文件是空的（0 字节），没有保存。请从设备重新导出后再传。")
            made = digest.fingerprint()
            target = path_of(made.sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, target)
            for folder in (target.parent, target.parent.parent, root(), root().parent):
                sync_directory(folder)
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)
    except OSError as error:
        if error.errno in FULL:
            raise StoreError(
                "存储空间已满，文件没有保存。请联系系统管理员清理磁盘后重试。"
            ) from error
        raise StoreError("文件没有保存：存储目录不可写。请联系系统管理员。") from error
    return Stored(made, size, media_type)


def put_bytes(data: bytes, media_type: str) -> Stored:
    """Keep `data` that is already in memory."""
    return put((data,), media_type)


def adopt(path: Path, made: Fingerprint, media_type: str = "application/octet-stream") -> Stored:
    """Keep the durable file at `path` under its hash without copying it; the caller hashed it and
    syncs it before.

    `path` stays as a second name until the caller, having written the row, removes it: a crash
    between the two is finished by doing the same again. StoreError when the store takes
    nothing.
    """
    target = path_of(made.sha256)
    try:
        root().mkdir(parents=True, exist_ok=True)
        size = path.stat().st_size
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (target.exists() and target.samefile(path)):
            temporary = root() / f"incoming-{secrets.token_hex(8)}"
            try:
                _second_name(path, temporary)
                os.replace(temporary, target)
            finally:
                temporary.unlink(missing_ok=True)
        for folder in (target.parent, target.parent.parent, root(), root().parent):
            sync_directory(folder)
    except OSError as error:
        if error.errno in FULL:
            raise StoreError(
                "存储空间已满，文件没有保存。请联系系统管理员清理磁盘后重试。"
            ) from error
        raise StoreError("文件没有保存：存储目录不可写。请联系系统管理员。") from error
    return Stored(made, size, media_type)


def _second_name(path: Path, temporary: Path) -> None:
    try:
        os.link(path, temporary)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
            raise
        # Another disk, or one that knows no second names.
        with path.open("rb") as source, temporary.open("xb") as out:
            shutil.copyfileobj(source, out, CHUNK)
            out.flush()
            os.fsync(out.fileno())


def orphans() -> Iterator[Path]:
    """Files of the store that no row speaks of: left by a crash, harmless, never removed by
    themselves.
    """
    for path in sorted(root().glob("??/??/*")) + sorted(root().glob("incoming-*")):
        if not Blob.objects.filter(pk=path.name).exists():
            yield path


def register(stored: Stored) -> Blob:
    """The row of a durable file; the same content twice is one row."""
    blob, _ = Blob.objects.get_or_create(
        sha256=stored.sha256,
        defaults={
            "sm3": stored.fingerprint.sm3 or None,
            "size": stored.size,
            "media_type": stored.media_type,
            "stored_at": clock.now(),
        },
    )
    return blob


def read(sha256: str) -> bytes:
    """The bytes; StoreError if they are gone or no longer have their hash."""
    try:
        data = path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise missing(sha256) from error
    if digests.fingerprint([data], national=False).sha256 != sha256:
        raise StoreError("这份文件与登记时不一致，已停止提供。请立即联系系统管理员核查。")
    return data


def missing(sha256: str) -> StoreError:
    """Why a file is not there: lawfully destroyed, or lost."""
    if Act.objects.filter(kind="erasure.executed", of="file", subject=sha256).exists():
        return StoreError("这份文件已依法销毁，封存记录仍在。")
    return StoreError("存储中找不到这份文件，请立即联系系统管理员核查。")


def damaged(said: Mapping[str, Set[str]] = MappingProxyType({})) -> Iterator[str]:
    """Hashes whose file is missing or altered, one by one; `said` are the SM3 digests that acts
    name, by SHA-256.
    """
    for sha256, sm3 in Blob.objects.values_list("sha256", "sm3").iterator():
        wanted = said.get(sha256, set()) | ({sm3} if sm3 else set())
        try:
            with path_of(sha256).open("rb") as source:
                found = digests.fingerprint(
                    iter(partial(source.read, CHUNK), b""), national=bool(wanted)
                )
        except OSError:
            found = Fingerprint("")
        if found.sha256 != sha256 or wanted - {found.sm3}:
            yield sha256


def sync_directory(folder: Path) -> None:
    """Make the names in a folder durable: a file that was synced may still lose its name in a
    power failure.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
