"""Foreign bytes are looked at in a process of its own: no network, no files, no programs, little
memory, little time. What it gives up is in `core.confinement`; where the system lets it give up
too little, nothing is read and a person is told.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from mingzheng.core.confinement import layers
from mingzheng.records import store

MEMORY, SECONDS, ANSWER = 480 << 20, 20, 1 << 16
_CODE = Path(__file__).resolve().parents[2]
# Moving a whole recording into another container is bound by the disk; so many bytes a second are
# granted beside.
_PACE = 20 << 20
# So many at a time in one process: each takes a core and its memory.
_AT_ONCE = threading.BoundedSemaphore(2)
PROMISED = {
    "files": "看不到数据目录和密钥",
    "network": "连不上网络",
    "programs": "不能运行其他程序",
    "user": "没有系统权限",
}
NAMED = {
    "user": "独立身份",
    "network": "独立网络",
    "root": "空的根目录",
    "landlock": "Landlock",
    "seccomp": "seccomp",
}


class Unconfined(Exception):
    """The system does not let the process give up enough; says in Chinese what is lacking. The
    file waits.
    """


@dataclass(frozen=True)
class Answer:
    """What the process said (its JSON), or why it said nothing: `late`, or `died` (crash, too much
    memory).
    """

    said: dict[str, Any]
    late: bool = False
    died: bool = False
    held: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Grant:
    """What a reader is given: bytes of memory, seconds, bytes of its answer."""

    memory: int = 0
    seconds: float = 0
    answer: int = ANSWER


def ask(
    module: str,
    task: str,
    source: Path | bytes,
    out: BinaryIO | None = None,
    pace: bool = False,
    told: dict[str, Any] | None = None,
    grant: Grant | None = None,
) -> Answer:
    """Let a module answer about a file; `out` takes what it makes, `pace` grants time by size,
    `told` is what it must know.

    The process inherits the open files and nothing else: an empty environment, no directory of
    ours, and after its imports as little of the system as its module can do with. StoreError
    when the file is gone, Unconfined when it must not be read here.
    """
    with _given(source) as given, _unnamed(json.dumps(told or {}).encode()) as known:
        size = os.fstat(given.fileno()).st_size
        granted = grant or Grant()
        seconds = (granted.seconds or SECONDS) + (size // _PACE if pace else 0)
        room = size + size // 8 + (16 << 20) if out is not None else 0
        with _empty_folder() as folder:
            line = [sys.executable, "-S", "-c", _START, _site(), module, task, folder]
            line += [str(out.fileno() if out else -1), str(known.fileno())]
            line += [str(granted.memory or MEMORY), str(max(1, round(seconds))), str(room)]
            passed = (known.fileno(), *((out.fileno(),) if out else ()))
            if not _AT_ONCE.acquire(timeout=seconds):
                return Answer({}, late=True)
            try:
                return _heard([*line, str(os.getpid())], given, passed, seconds, granted.answer)
            finally:
                _AT_ONCE.release()


def _heard(
    line: list[str], given: BinaryIO, passed: tuple[int, ...], seconds: float, most: int
) -> Answer:
    """Start it, and listen no longer and to no more than granted."""
    process = subprocess.Popen(
        line,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        pass_fds=passed,
        start_new_session=True,
        env={
            "PATH": "/nonexistent",
            "LANG": "C.UTF-8",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    )
    assert process.stdout is not None
    parts: list[bytes] = []
    size, until = 0, time.monotonic() + seconds
    with process, selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        try:
            while waiting.select(max(0.0, until - time.monotonic())):
                part = os.read(process.stdout.fileno(), 1 << 16)
                if not part:
                    process.wait(5)
                    return _understood(b"".join(parts), process.returncode)
                parts.append(part)
                size += len(part)
                if size > most:
                    return Answer({}, died=True)
            return Answer({}, late=True)
        except subprocess.TimeoutExpired:
            return Answer({}, late=True)
        finally:
            process.kill()


# The paths are handed over explicitly: an inherited PYTHONPATH could bring in more than what is
# needed.
_START = (
    "import sys; sys.path += sys.argv.pop(1).split('\\n'); from mingzheng.core.confinement import"
    " inside; inside.main()"
)


@contextmanager
def _given(source: Path | bytes) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        with _unnamed(source) as held:
            yield held
        return
    try:
        given = source.open("rb")
    except FileNotFoundError as error:
        raise store.StoreError("存储中找不到这份文件，请立即联系系统管理员核查。") from error
    with given:
        yield given


@contextmanager
def _unnamed(data: bytes) -> Iterator[BinaryIO]:
    """Bytes in a file without a name, in memory: nobody else reads it, it stands in no list of
    processes, and no disk keeps it.
    """
    with os.fdopen(os.memfd_create("told", os.MFD_CLOEXEC), "w+b") as held:
        held.write(data)
        held.flush()
        held.seek(0)
        yield held


@contextmanager
def _empty_folder() -> Iterator[str]:
    """Its root: nothing is in it, and after it nothing is left."""
    with tempfile.TemporaryDirectory(prefix="mingzheng-", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            with contextlib.suppress(OSError):
                os.chown(folder, layers.NOBODY, layers.NOBODY)
        yield folder


def _site() -> str:
    return "\n".join(
        [
            str(_CODE),
            *(path for path in sys.path if path.endswith(("site-packages", "dist-packages"))),
        ]
    )


def _understood(written: bytes, returned: int | None) -> Answer:
    try:
        heard = json.loads(written)
        held = frozenset(map(str, heard["held"]))
        said, lacks = heard.get("said"), heard.get("unconfined")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Answer({}, died=True)
    if lacks:
        words = "、".join(PROMISED.get(str(each), "") for each in lacks)
        raise Unconfined(
            f"本机的系统不能把读取外来文件的进程隔离开（做不到：{words}），文件没有打开。"
            "请系统管理员运行 mingzheng doctor，按提示处理后再试。"
        )
    if returned or not isinstance(said, dict):
        return Answer({}, died=True)
    return Answer(said, held=held)


@dataclass(frozen=True)
class Report:
    """What holds the readers on this machine: layers that do and do not, attempts of a trial that
    came through, and why nothing is read, if so.
    """

    held: tuple[str, ...]
    missing: tuple[str, ...]
    broken: tuple[str, ...] = ()
    unread: str = ""


def report() -> Report:
    """Try from inside what a hostile file would try, at this installation's own files."""
    data = Path(settings.DATA)
    with tempfile.NamedTemporaryFile(dir=data, prefix="trial-") as bait, _ear() as port:
        Path(bait.name).chmod(0o666)
        told = {
            "read": [bait.name, *(str(each) for each in _kept(data))],
            "unlink": [bait.name],
            "list": [str(data)],
            "port": port,
            "socket": str(data / "none"),
            "process": os.getpid(),
        }
        try:
            answer = ask("mingzheng.core.confinement.breakout", "inside", b"trial", told=told)
        except Unconfined as error:
            return Report((), tuple(NAMED.values()), unread=str(error))
        finally:
            # The trial may have succeeded; what closes the file expects it.
            Path(bait.name).touch()
    if answer.late or answer.died:
        return Report((), tuple(NAMED.values()), unread="试验进程没有答复，请联系系统管理员核查。")
    came = [name for name, said in answer.said.items() if said == "done"]
    return Report(
        tuple(said for name, said in NAMED.items() if name in answer.held),
        tuple(said for name, said in NAMED.items() if name not in answer.held),
        tuple(came) + (("user 0",) if answer.said.get("user") == 0 else ()),
    )


def _kept(data: Path) -> list[Path]:
    """What must never be read: the databases and the keys."""
    return [
        each
        for place in (data, data / "keys")
        if place.is_dir()
        for each in place.iterdir()
        if each.is_file() and each.suffix in (".key", ".sqlite3", ".pass", ".p12", "")
    ][:20]


@contextmanager
def _ear() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        yield ear.getsockname()[1]
