"""Foreign bytes are looked at in a process of its own: no network, no files but the one, little
memory, little time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from mingzheng.records import store

MEMORY, SECONDS = 480 << 20, 20
_CODE = Path(__file__).resolve().parents[2]
# Moving a whole recording into another container is bound by the disk; so many bytes a second are
# granted beside.
_PACE = 20 << 20


@dataclass(frozen=True)
class Answer:
    """What the process said (its JSON), or why it said nothing: `late`, or `died` (crash, too much
    memory).
    """

    said: dict[str, Any]
    late: bool = False
    died: bool = False


def ask(
    module: str,
    task: str,
    source: Path,
    out: BinaryIO | None = None,
    pace: bool = False,
    told: dict[str, Any] | None = None,
) -> Answer:
    """Run `main` of a module on a file; `out` takes what it makes, `pace` grants time by size,
    `told` is what it must know.

    The process inherits the open files and nothing else: an empty environment, no directory of
    ours, and after its imports as little of the system as its module can do with. StoreError
    when the file is gone.
    """
    try:
        given = source.open("rb")
    except FileNotFoundError as error:
        raise store.StoreError("存储中找不到这份文件，请立即联系系统管理员核查。") from error
    with given, _knowing(told) as known:
        size = os.fstat(given.fileno()).st_size
        seconds = SECONDS + (size // _PACE if pace else 0)
        room = size + size // 8 + (16 << 20) if out is not None else 0
        line = [
            sys.executable,
            "-S",
            "-c",
            _START,
            _site(),
            module,
            task,
            str(out.fileno() if out else -1),
            str(MEMORY),
            str(seconds),
            str(room),
            str(known.fileno()),
        ]
        try:
            done = subprocess.run(
                line,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                cwd="/",
                pass_fds=(known.fileno(), *((out.fileno(),) if out else ())),
                start_new_session=True,
                env={
                    "PATH": "/nonexistent",
                    "LANG": "C.UTF-8",
                    "OPENBLAS_NUM_THREADS": "1",
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
            )
        except subprocess.TimeoutExpired:
            return Answer({}, late=True)
    return _understood(done)


# The paths are handed over explicitly: an inherited PYTHONPATH could bring in more than what is
# needed.
_START = (
    "import sys, importlib; sys.path += sys.argv.pop(1).split('\\n'); module ="
    " importlib.import_module(sys.argv.pop(1)); module.main()"
)


@contextmanager
def _knowing(told: dict[str, Any] | None) -> Iterator[BinaryIO]:
    """What the process is told, in a file without a name: nobody else reads it, and it stands in
    no list of processes.
    """
    with tempfile.TemporaryFile() as known:
        known.write(json.dumps(told or {}, ensure_ascii=False).encode())
        known.flush()
        known.seek(0)
        yield known


def _site() -> str:
    return "\n".join(
        [
            str(_CODE),
            *(path for path in sys.path if path.endswith(("site-packages", "dist-packages"))),
        ]
    )


def _understood(done: subprocess.CompletedProcess[bytes]) -> Answer:
    try:
        said = json.loads(done.stdout[: 1 << 16])
    except ValueError:
        return Answer({}, died=True)
    if done.returncode or not isinstance(said, dict):
        return Answer({}, died=True)
    return Answer(said)
