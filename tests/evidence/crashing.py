"""Kill or fail an upload at each call that changes anything: `python -m tests.evidence.crashing CALL MODE [mutant]`.

The child receives one file in two requests, with every state-changing call of `os` counted; at call number CALL it is
killed (`kill`), or the call fails (`EIO`, `ENOSPC`), and from an ENOSPC on every write fails until the child ends. It
prints "acknowledged SHA256" only after the server's own answer. With `count` as CALL it prints how many calls there are.
The mutant writes the row before the file: the check must catch it.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

BODY = bytes(range(256)) * 3000
CALLS = ("pwrite", "write", "fsync", "ftruncate", "open", "link", "replace", "unlink", "mkdir")
_FAULTS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}


class Injector:
    """Counts calls; the chosen one does not happen."""

    def __init__(self, at: int, mode: str) -> None:
        self.at, self.mode, self.count = at, mode, 0

    def wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """`real`, counted."""
        def call(*args: Any, **kwargs: Any) -> Any:
            if name == "open" and not args[1] & (os.O_CREAT | os.O_TRUNC):
                return real(*args, **kwargs)
            self.count += 1
            if self.count == self.at and self.mode == "kill":
                # Killed before the call and, for writes, in the middle of it.
                if name in ("pwrite", "write"):
                    real(args[0], bytes(args[1])[:len(args[1]) // 2], *args[2:])
                os.kill(os.getpid(), signal.SIGKILL)
            full = self.mode == "ENOSPC" and self.count > self.at and name in ("pwrite", "write", "mkdir", "link")
            if self.mode in _FAULTS and (self.count == self.at or full):
                raise OSError(_FAULTS[self.mode], os.strerror(_FAULTS[self.mode]))
            return real(*args, **kwargs)

        return call


def put_before_the_row(transfers: Any, store: Any) -> None:
    """The mutant: the row speaks of the file before the file is there."""
    real = store.adopt

    def hurried(path: Any, made: Any, media_type: str = "") -> Any:
        from mingzheng.evidence.models import Upload

        stored = store.Stored(made, path.stat().st_size, media_type)
        Upload.objects.filter(state="open").update(blob=store.register(stored), state="stored")
        return real(path, made, media_type)

    store.adopt = hurried


def main() -> None:
    """One upload in this process."""
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from mingzheng.evidence.acts import transfers
    from mingzheng.records import store
    from tests.evidence.sending import Sender

    sender = Sender()
    if "mutant" in sys.argv:
        put_before_the_row(transfers, store)
    at, mode = (0, "") if sys.argv[1] == "count" else (int(sys.argv[1]), sys.argv[2])
    injector = Injector(at, mode)
    code = sender.begin(len(BODY), client="crash", sha256="").code
    for name in CALLS:
        setattr(os, name, injector.wrap(name, getattr(os, name)))
    half = len(BODY) // 2
    first = sender.patch(code, 0, BODY[:half])
    if first.status_code == 204:
        print("offset", half, flush=True)
        last = sender.patch(code, half, BODY[half:])
        if last.status_code == 204:
            print("acknowledged", flush=True)
    if sys.argv[1] == "count":
        print("calls", injector.count, flush=True)


if __name__ == "__main__":
    main()
