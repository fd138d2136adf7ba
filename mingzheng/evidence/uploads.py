"""The bytes of a transfer before they are stored: one file each, one writer at a time, synced
before anyone is told.

Whoever writes holds a lease: a lock on CODE.lease that the system lets go when the process
dies. A phone that walks out of the network leaves a request that hangs; when it has not moved
for IDLE seconds the next request takes over by putting a new lease file in place, and the old
request finds out before its next write.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from mingzheng.core.digests import Fingerprint
from mingzheng.records import store

CHUNK = 1 << 18
IDLE = 45.0


class Busy(Exception):
    """Another request is writing this transfer, or took it over."""


class Short(Exception):
    """The file is shorter than what was acknowledged; `size` is what is there."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def folder() -> Path:
    """Where transfers lie, for nobody but us."""
    place = Path(settings.DATA) / "uploads"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def part(code: str) -> Path:
    """The bytes received so far."""
    return folder() / f"{code}.part"


def discard(code: str) -> None:
    """Forget the bytes of a transfer that is over."""
    part(code).unlink(missing_ok=True)


def digest(path: Path) -> Fingerprint:
    """The digests of a file of any size."""
    with path.open("rb") as source:
        return store.fingerprint(iter(lambda: source.read(CHUNK), b""))


class Lease:
    """The right to write one transfer."""

    def __init__(self, code: str) -> None:
        self.path = folder() / f"{code}.lease"
        self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stamp = os.pread(self.handle, 32, 0)
            os.close(self.handle)
            if not stamp or time.monotonic() - float(stamp) < IDLE:
                raise Busy() from None
            self._take_over()
        try:
            if not self.holds():
                raise Busy()
            self.touch()
        except (Busy, OSError):
            # A handle left open would keep the lock, and a lease without a stamp is never taken
            # over.
            os.close(self.handle)
            raise

    def _take_over(self) -> None:
        fresh = self.path.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
        self.handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.handle, fcntl.LOCK_EX)
        os.replace(fresh, self.path)

    def holds(self) -> bool:
        """Whether the lease is still this one."""
        try:
            return os.stat(self.path).st_ino == os.fstat(self.handle).st_ino
        except FileNotFoundError:
            return False

    def touch(self) -> None:
        """The writer moved."""
        os.pwrite(self.handle, f"{time.monotonic():032.3f}".encode(), 0)

    def release(self) -> None:
        """Let the next one write."""
        try:
            if self.holds():
                self.path.unlink(missing_ok=True)
        finally:
            os.close(self.handle)


@contextmanager
def leased(code: str) -> Iterator[Lease]:
    """Hold the transfer; Busy when another does."""
    lease = Lease(code)
    try:
        yield lease
    finally:
        lease.release()


class Writer:
    """Appends to a transfer from an acknowledged offset on; hashes while it writes where it began
    at the beginning.
    """

    def __init__(self, code: str, offset: int, lease: Lease) -> None:
        self.lease, self.position, self.named = lease, offset, offset > 0
        self.running = store.hashing() if offset == 0 else None
        self.handle = os.open(part(code), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        size = os.fstat(self.handle).st_size
        if size < offset:
            os.close(self.handle)
            raise Short(size)
        # What lies behind the acknowledged offset was never vouched for.
        os.ftruncate(self.handle, offset)

    def write(self, chunk: bytes) -> None:
        """Append; OSError leaves `position` at the last byte that was written."""
        # The lock on the file itself closes the moment between asking for the lease and writing.
        fcntl.flock(self.handle, fcntl.LOCK_EX)
        try:
            if not self.lease.holds():
                raise Busy()
            view = memoryview(chunk)
            while view:
                written = os.pwrite(self.handle, view, self.position)
                if self.running is not None:
                    self.running.update(view[:written])
                self.position += written
                view = view[written:]
            self.lease.touch()
        finally:
            fcntl.flock(self.handle, fcntl.LOCK_UN)

    def cut(self, offset: int) -> None:
        """Forget what lies behind `offset`."""
        if self.lease.holds():
            os.ftruncate(self.handle, offset)
        self.position, self.running = offset, None

    def sync(self) -> None:
        """Make everything written durable, with the name under which it lies."""
        os.fsync(self.handle)
        if not self.named:
            for place in (folder(), folder().parent):
                store.sync_directory(place)
            self.named = True

    def close(self) -> None:
        """No more bytes."""
        os.close(self.handle)
