"""`python -m tests.crashing OPERATION:MODE[,MODE…]:WHERE[:MUTANT] …`: break operations; one JSON
object a line.

MODE is kill, power, EIO, stay or ENOSPC; WHERE is `all`, a number of calls spread over the
operation, or names of calls joined by +.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import tempfile
from pathlib import Path

import django

from tests import scratch


def found() -> Path:
    """A new installation of the bodies of the cast."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from mingzheng.site.demo import founding
    from tests.scenes import founded

    settings.ALLOWED_HOSTS.append("testserver")
    settings.PASSWORD_HASHERS = founded.HASHERS
    logging.disable()

    def make() -> None:
        call_command("migrate", verbosity=0)
        founding.found_all()
        connection.close()

    founded.settle(scratch.DATA / "mingzheng.sqlite3", make)
    return scratch.DATA


def warm(base: Path, place: Path) -> None:
    """Import and read what operations need, so that their forks need not; but render nothing."""
    from mingzheng.documents import render
    from tests.crashing.installation import copy, enter
    from tests.crashing.operations import journey, signed_in, upload

    enter(copy(base, place / "warm"))
    journey("published")
    list(upload(signed_in()))
    render.families()
    # What is there now stays there: a fork that collects garbage would copy every page.
    gc.freeze()
    gc.disable()


def main(jobs: list[str]) -> None:
    """Each operation is prepared once, whatever is then done to it."""
    base = found()
    from tests.crashing.breaking import Breaking, sweep
    from tests.crashing.mutants import MUTANTS
    from tests.crashing.operations import OPERATIONS

    with tempfile.TemporaryDirectory(prefix="mingzheng-crash-") as name:
        place = Path(name).resolve()
        warm(base, place)
        prepared: dict[str, Breaking] = {}
        for job in jobs:
            operation, modes, where, mutant = (job + ":").split(":")[:4]
            if operation not in prepared:
                prepared[operation] = Breaking(OPERATIONS[operation], base, place)
            prepared[operation].mutant = MUTANTS[mutant] if mutant else None
            print(
                json.dumps(
                    {"mutant": mutant, **sweep(prepared[operation], modes.split(","), where)},
                    ensure_ascii=False,
                ),
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
