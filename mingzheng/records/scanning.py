"""Files that come in are shown to a virus scanner while they are written, where one is configured
(`MINGZHENG_CLAMAV`: ClamAV's INSTREAM over a socket). What it finds, and what it could not look at, is
not kept.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from mingzheng.records.store import CHUNK, StoreError

_SECONDS = 60
# The file that every scanner finds and that hurts nobody, in two halves: this source is scanned too.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


class Infected(StoreError):
    """The scanner found something; the message says in Chinese what, and what to do."""


def watched(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, shown to the scanner on their way; at the end its verdict. Infected, or
    StoreError when it cannot look: whoever keeps the bytes keeps nothing then.
    """
    if not settings.CLAMAV:
        yield from chunks
        return
    with contextlib.ExitStack() as held:
        line = _begun(held)
        for chunk in chunks:
            _show(line, chunk)
            yield chunk
        _judge(_asked(line, b""))


def look(path: Path) -> None:
    """Show a file to the scanner."""
    with path.open("rb") as file:
        for _ in watched(iter(lambda: file.read(CHUNK), b"")):
            pass


def complaint() -> str:
    """Whether the scanner answers and finds the test file; empty when it does or none is
    configured.
    """
    if not settings.CLAMAV:
        return ""
    try:
        for _ in watched((EICAR,)):
            pass
    except Infected:
        return ""
    except StoreError:
        return "病毒扫描服务没有答复，上传的文件都不收。请检查 ClamAV 和 MINGZHENG_CLAMAV。"
    return "病毒扫描服务没有认出测试病毒，请检查 ClamAV 的病毒库。"


def _begun(held: contextlib.ExitStack) -> socket.socket:
    try:
        line = held.enter_context(_connected(settings.CLAMAV))
        line.sendall(b"zINSTREAM\0")
    except (OSError, ValueError) as error:
        raise _silent() from error
    return line


def _connected(where: str) -> socket.socket:
    kind, _, place = where.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_SECONDS)
        try:
            line.connect(place)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = where.removeprefix("tcp:").rpartition(":")
    return socket.create_connection((host, int(port)), _SECONDS)


def _show(line: socket.socket, chunk: bytes) -> None:
    for at in range(0, len(chunk), CHUNK):
        piece = chunk[at : at + CHUNK]
        try:
            line.sendall(struct.pack(">I", len(piece)) + piece)
        except OSError:
            # It hangs up on what is too long, and says so before.
            _judge(_asked(line, None))
            raise _silent() from None


def _asked(line: socket.socket, end: bytes | None) -> str:
    said = b""
    try:
        if end is not None:
            line.sendall(struct.pack(">I", 0))
        while len(said) < CHUNK and not said.endswith(b"\0"):
            part = line.recv(4096)
            if not part:
                break
            said += part
    except OSError as error:
        if not said:
            raise _silent() from error
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _judge(said: str) -> None:
    if said.endswith(" FOUND"):
        name = said.removesuffix(" FOUND").rpartition(" ")[2][:80]
        raise Infected(
            f"文件里发现病毒（{name}），没有保存。请在自己的电脑上杀毒后重新上传；"
            "作为证据必须保留原样的，请用封存的介质入卷。"
        )
    if "size limit" in said:
        raise StoreError(
            "文件超过病毒扫描服务能检查的大小，没有保存。"
            "请系统管理员调大 ClamAV 的 StreamMaxLength。"
        )
    if not said.endswith(" OK"):
        raise _silent()


def _silent() -> StoreError:
    return StoreError("病毒扫描服务没有答复，文件没有保存。请稍后再传；还不行，请联系系统管理员。")
