"""This installation as a witness for others (C2SP tlog-witness): it cosigns what is consistent
with what it saw before.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from mingzheng.core import clock
from mingzheng.core.ledger.checkpoint import DECIMAL, Checkpoint
from mingzheng.core.ledger.notes import Note, NoteFault, Signer, unb64
from mingzheng.core.ledger.suite import EMPTY, SIZE
from mingzheng.core.ledger.tree import consistent
from mingzheng.records.models import WitnessedLog
from mingzheng.records.seal import keys, policy
from mingzheng.records.unit import work

LIMIT = 1 << 18
PROOF = 63
ORIGIN_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Answer:
    """Status, body, content type of a witness's answer."""

    status: int
    body: str = ""
    media_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """A submission: the size it starts from, the consistency proof, the checkpoint."""

    old: int
    path: tuple[bytes, ...]
    note: Note
    head: Checkpoint


def add_checkpoint(body: bytes) -> Answer:
    """Judge a submission and cosign it: 200, or 400, 403, 404, 409, 422 exactly as the protocol
    has them.
    """
    try:
        asked = _read(body)
    except NoteFault as fault:
        return Answer(400, f"{fault}\n")
    key = policy.read().log(asked.head.origin)
    if key is None:
        return Answer(404, "不认识这个日志\n")
    try:
        asked.note.check(key)
    except NoteFault as fault:
        return Answer(403, f"{fault}\n")
    if asked.old > asked.head.size:
        return Answer(400, "原条数大于检查点的条数\n")
    signer = keys.witness()
    with work():
        return _judge(asked, signer)


def _read(body: bytes) -> Asked:
    try:
        above, gap, note = body.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise NoteFault("不是合法的 UTF-8") from None
    rows = above.split("\n")
    word, _, old = rows[0].partition(" ")
    if not gap or word != "old" or not DECIMAL.fullmatch(old) or len(rows) - 1 > PROOF:
        raise NoteFault("第一行应为 old 和条数，随后是一致性证明，空一行后是检查点")
    path = tuple(unb64(row) for row in rows[1:])
    if any(len(step) != SIZE for step in path):
        raise NoteFault("一致性证明的写法不对")
    signed = Note.read(note)
    return Asked(int(old), path, signed, Checkpoint.read(signed.text))


def _judge(asked: Asked, signer: Signer) -> Answer:
    """The part under lock: nobody moves the size between looking and writing."""
    head, moment = asked.head, clock.now()
    # Made if it is not there, so that there is always a row to lock.
    WitnessedLog.objects.get_or_create(
        origin=head.origin, defaults={"root": EMPTY, "seen_at": moment}
    )
    row = WitnessedLog.objects.select_for_update().get(pk=head.origin)
    if asked.old != row.size:
        return Answer(409, f"{row.size}\n", "text/x.tlog.size")
    if head.size == 0 and head.root != EMPTY:
        return Answer(422, "空树的树根不对\n")
    if not consistent(asked.old, head.size, bytes(row.root), head.root, asked.path):
        # Signed by the log itself, so it is proof of what the log did.
        row.forked = str(asked.note)
        row.save(update_fields=["forked"])
        return Answer(422, "与此前见证的检查点不一致\n")
    line = signer.sign(asked.note.text, int(moment.timestamp()))
    row.size, row.root, row.seen_at = head.size, head.root, moment
    row.note = str(
        Note(
            asked.note.text, tuple(each for each in asked.note.lines if each.name == head.origin)
        ).with_lines((line,))
    )
    row.save(update_fields=["size", "root", "seen_at", "note"])
    return Answer(200, str(line))


def witnessed(origin_hash: str) -> Answer:
    """The newest head that was cosigned for a log, by the SHA-256 of its origin; 404 when there is
    none.
    """
    if ORIGIN_HASH.fullmatch(origin_hash):
        for origin, note in WitnessedLog.objects.exclude(note="").values_list("origin", "note"):
            if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                return Answer(200, note)
    return Answer(404, "没有见证过这个日志\n")
