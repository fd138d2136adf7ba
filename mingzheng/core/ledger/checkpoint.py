"""Checkpoints: the head of a tree as the text of a signed note (C2SP tlog-checkpoint)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mingzheng.core.ledger.notes import Note, NoteFault, Verifier, b64, unb64
from mingzheng.core.ledger.suite import SIZE

DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """Origin, number of entries, root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """The head in a note's text, extension lines passed over; NoteFault when it is none."""
        rows = text.split("\n")
        if len(rows) < 4 or rows.pop() != "" or not all(rows):
            raise NoteFault("检查点应有来源、条数、树根三行")
        root = unb64(rows[2])
        if not DECIMAL.fullmatch(rows[1]) or len(root) != SIZE:
            raise NoteFault("检查点的条数或者树根写法不对")
        return cls(rows[0], int(rows[1]), root)


def opened(data: bytes | str, *keys: Verifier) -> tuple[Checkpoint, Note]:
    """A checkpoint signed by every one of its log's keys; NoteFault when form, origin or a
    signature is wrong.
    """
    note = Note.read(data)
    for key in keys:
        note.check(key)
    head = Checkpoint.read(note.text)
    for key in keys:
        if head.origin != key.name:
            raise NoteFault(f"检查点的来源是 {head.origin}，公钥却是 {key.name} 的")
    return head, note


def cosigners(note: Note, witnesses: list[Verifier]) -> dict[str, int]:
    """Which of the known witnesses cosigned, and when (POSIX seconds); NoteFault when one's
    signature is wrong.
    """
    times: dict[str, int] = {}
    for key in witnesses:
        if any(line.name == key.name and line.id == key.id for line in note.lines):
            times[key.name] = note.check(key)
    return times
