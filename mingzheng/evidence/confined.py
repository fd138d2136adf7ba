"""Foreign bytes are looked at in a process of its own: no network, no files but the one, little memory, little time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from mingzheng.records import store

MEMORY, SECONDS = 480 << 20, 20
_CODE = Path(__file__).resolve().parents[2]
# Moving a whole recording into another container is bound by the disk; so many bytes a second are granted beside.
_PACE = 20 << 20


@dataclass(frozen=True)
class Answer:
    """What the process said (its JSON), or why it said nothing: `late`, or `died` (crash, too much memory)."""

    said: dict[str, Any]
    late: bool = False
    died: bool = False


def ask(task: str, source: Path, out: BinaryIO | None = None, pace: bool = False) -> Answer:
    """Run one task of `examining` on a file; `out` takes what it makes, `pace` grants time by size.

    The process inherits the open file and nothing else: an empty environment, no directory of ours, and after its
    imports not even the right to open a file or a socket. StoreError when the file is gone.
    """
    try:
        given = source.open("rb")
    except FileNotFoundError as error:
        raise store.StoreError("存储中找不到这份文件，请立即联系系统管理员核查。") from error
    with given:
        size = os.fstat(given.fileno()).st_size
        seconds = SECONDS + (size // _PACE if pace else 0)
        room = size + size // 8 + (16 << 20) if out is not None else 0
        line = [sys.executable, "-S", "-c", _START, _site(), task, str(out.fileno() if out else -1), str(MEMORY), str(seconds), str(room)]
        try:
            done = subprocess.run(
                line, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds, cwd="/",
                pass_fds=(out.fileno(),) if out else (), start_new_session=True,
                env={"PATH": "/nonexistent", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"})
        except subprocess.TimeoutExpired:
            return Answer({}, late=True)
    return _understood(done)


# The paths are handed over explicitly: an inherited PYTHONPATH could bring in more than what is needed.
_START = "import sys; sys.path += sys.argv.pop(1).split('\\n'); from mingzheng.evidence.examining import main; main()"


def _site() -> str:
    return "\n".join([str(_CODE), *(path for path in sys.path if path.endswith(("site-packages", "dist-packages")))])


def _understood(done: subprocess.CompletedProcess[bytes]) -> Answer:
    try:
        said = json.loads(done.stdout[:1 << 16])
    except ValueError:
        return Answer({}, died=True)
    if done.returncode or not isinstance(said, dict):
        return Answer({}, died=True)
    return Answer(said)
