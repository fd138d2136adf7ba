"""The digests of a file, named once: SHA-256 always, SM3 (GB/T 32905) beside it where national
cryptography is on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SM3, Hash


@dataclass(frozen=True)
class Fingerprint:
    """Lower-case hex of each digest; `sm3` is empty where it was not asked for."""

    sha256: str
    sm3: str = ""

    @property
    def said(self) -> dict[str, str]:
        """As an act names it."""
        return {"sha256": self.sha256, **({"sm3": self.sm3} if self.sm3 else {})}


class Digests:
    """Bytes are hashed as they go by; SM3 costs more than SHA-256, so it is only taken where
    `national` is asked for.
    """

    def __init__(self, national: bool) -> None:
        self._sha256, self._sm3 = hashlib.sha256(), Hash(SM3()) if national else None

    def update(self, data: bytes | memoryview) -> None:
        """The next bytes."""
        self._sha256.update(data)
        if self._sm3 is not None:
            self._sm3.update(data)

    def fingerprint(self) -> Fingerprint:
        """The digests of all that went by; the end of it."""
        return Fingerprint(
            self._sha256.hexdigest(), self._sm3.finalize().hex() if self._sm3 is not None else ""
        )


def fingerprint(chunks: Iterable[bytes], national: bool) -> Fingerprint:
    """The digests of bytes that come in pieces."""
    digests = Digests(national)
    for chunk in chunks:
        digests.update(chunk)
    return digests.fingerprint()
