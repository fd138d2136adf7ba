"""Small logs and acts for the tests of the ledger."""

from __future__ import annotations

import random
from pathlib import Path

from mingzheng.core.ledger.checkpoint import Checkpoint
from mingzheng.core.ledger.notes import COSIGNED, Note, Signer
from mingzheng.core.ledger.writing import Log
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Record

KEY = Signer("log.test/ledger", 1, bytes(range(32)))
WITNESS = Signer("witness.test/w", COSIGNED, bytes(range(1, 33)))


def entry(number: int) -> bytes:
    """32 bytes that look like nothing, the same in every run."""
    return random.Random(number).randbytes(32)


def log_of(folder: Path, size: int) -> Log:
    """A signed and cosigned log of so many entries."""
    log = Log(folder)
    log.append([entry(number) for number in range(log.size, size)])
    log.settle()
    text = Checkpoint(KEY.name, log.size, log.root).text
    log.publish(str(Note(text, (KEY.sign(text), WITNESS.sign(text, 1_790_000_000)))).encode())
    return log


def act(record: Record) -> Act:
    """One more act of a record."""
    return record_acts.append(
        record_acts.lock(record.pk), None, record_acts.Entry(kind="duty.urged")
    )
