"""Proof files (C2SP tlog-proof): one entry opened for whoever has the log's public key, without a
network.

The extra data is a JSON object {"salt": base64 of 32 bytes, "json": the canonical text}; the
entry is the SHA-256 of both. The salt keeps others from guessing low-entropy content out of its
hash.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mingzheng.core.canonical import canonical, commitment
from mingzheng.core.ledger.checkpoint import DECIMAL, Checkpoint, cosigners, opened
from mingzheng.core.ledger.notes import Note, NoteFault, Verifier, b64, unb64
from mingzheng.core.ledger.suite import SIZE, leaf
from mingzheng.core.ledger.tree import root_of

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"


@dataclass(frozen=True)
class Opening:
    """What a proof file holds: salt, canonical text, number of the entry, audit path, signed
    checkpoint.

    `keys` go along for the reader's convenience (vkey: text, witnesses: {name: text}); nothing
    vouches for them, so nobody here reads them back.
    """

    salt: bytes
    text: str
    index: int
    path: tuple[bytes, ...]
    note: Note
    keys: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        extra = b64(canonical({**self.keys, "salt": b64(self.salt), "json": self.text}).encode())
        rows = [HEADER, f"extra {extra}", f"index {self.index}", *map(b64, self.path), ""]
        return "\n".join(rows) + "\n" + str(self.note)

    @classmethod
    def read(cls, data: bytes | str) -> Opening:
        """A proof file whose form is right; NoteFault otherwise."""
        try:
            whole = data.decode() if isinstance(data, bytes) else data
        except UnicodeDecodeError:
            raise NoteFault("证明文件不是合法的 UTF-8") from None
        above, gap, note = whole.partition("\n\n")
        rows = above.split("\n")
        if not gap or len(rows) < 3 or rows[0] != HEADER or not rows[1].startswith("extra "):
            raise NoteFault("不是证明文件，或者没有附上原文")
        name, _, index = rows[2].partition(" ")
        if name != "index" or not DECIMAL.fullmatch(index):
            raise NoteFault("证明文件的序号写法不对")
        path = tuple(unb64(row) for row in rows[3:])
        if any(len(step) != SIZE for step in path) or len(path) > 63:
            raise NoteFault("证明文件的路径写法不对")
        return cls(*_extra(rows[1][6:]), int(index), path, Note.read(note))

    def check(
        self,
        key: Verifier,
        witnesses: Sequence[Verifier] = (),
        quorum: int = 0,
        also: Sequence[Verifier] = (),
    ) -> tuple[Checkpoint, dict[str, int]]:
        """The head it rests on, and who cosigned when (POSIX seconds); NoteFault when anything
        does not hold.
        """
        head, note = opened(str(self.note), key, *also)
        if (
            root_of(leaf(commitment(self.salt, self.text)), self.index, head.size, self.path)
            != head.root
        ):
            raise NoteFault("原文与封存的不一致，或者证明被改过")
        seen = cosigners(note, list(witnesses))
        if len(seen) < quorum:
            raise NoteFault(f"要求 {quorum} 个见证，只有 {len(seen)} 个")
        return head, seen


def _extra(text: str) -> tuple[bytes, str]:
    try:
        held = json.loads(unb64(text))
        salt, body = unb64(held["salt"]), held["json"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoteFault("证明文件所附的原文读不通") from None
    if len(salt) != SIZE or not isinstance(body, str):
        raise NoteFault("证明文件所附的原文读不通")
    return salt, body
