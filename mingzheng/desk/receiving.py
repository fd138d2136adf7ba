"""One PATCH: bytes from the connection to the disk, synced before the new offset is told."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

from mingzheng.core.digests import Fingerprint
from mingzheng.evidence import uploads
from mingzheng.evidence.acts import transfers
from mingzheng.evidence.models import Upload
from mingzheng.records import store
from mingzheng.records.refusal import Refused

# So often a long PATCH is made durable on the way: what a process that is killed loses at most.
CHECKPOINT = 64 << 20
_CHECKSUM = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}


class Cannot(Exception):
    """The answer is an error: status, a Chinese sentence, and the offset to go on from where that
    helps.
    """

    def __init__(self, status: int, sentence: str, offset: int | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.offset = status, sentence, offset


def receive(request: HttpRequest, row: Upload) -> None:
    """Append what the request carries; at the last byte the file is stored. `row` is up to date
    afterwards.

    Cannot: 409 lost bytes, 460 wrong checksum or hash, 507 full disk, 400 a connection that
    broke; Busy; StoreError.
    """
    algorithm, expected = _checksum(request)
    with uploads.leased(row.code) as lease:
        told = row.offset
        row.refresh_from_db()
        if row.offset != told or row.state != Upload.OPEN:
            raise Cannot(
                409, f"续传的位置不对：已经收到 {row.offset} 字节，请从这里接着传。", row.offset
            )
        try:
            writer = uploads.Writer(row.code, row.offset, lease)
        except uploads.Short as short:
            transfers.advance(row, short.size)
            raise Cannot(
                409, f"服务器上只有 {short.size} 字节，请从这里接着传。", short.size
            ) from short
        except OSError as error:
            raise _full(error, row.offset) from error
        try:
            whole = _take(request, row, writer, algorithm, expected)
            if row.offset == row.length:
                _finish(row, writer.running.fingerprint() if writer.running else None)
            elif not whole:
                raise Cannot(400, "连接中断，已收到的部分不会丢，请接着传。", row.offset)
        finally:
            writer.close()


def settle(row: Upload) -> None:
    """A transfer that was whole when the process died is finished now."""
    if row.state != Upload.OPEN or row.offset != row.length:
        return
    with uploads.leased(row.code):
        row.refresh_from_db()
        if row.state == Upload.OPEN:
            _finish(row, None)


def _finish(row: Upload, made: Fingerprint | None) -> None:
    try:
        transfers.finish(row, made or uploads.digest(uploads.part(row.code)))
    except FileNotFoundError as error:
        transfers.advance(row, 0)
        raise Cannot(409, "服务器上的内容不见了，请从头再传。", 0) from error
    except Refused as error:
        raise Cannot(460, str(error)) from error


def _take(
    request: HttpRequest, row: Upload, writer: uploads.Writer, algorithm: Any, expected: bytes
) -> bool:
    """Write what comes; False when the connection broke off. A chunk with a checksum counts whole
    or not at all.
    """
    began, checked = writer.position, algorithm() if algorithm else None
    wanted = min(_announced(request, row), row.length - began)
    try:
        for chunk in _incoming(request, wanted):
            writer.write(chunk)
            if checked is not None:
                checked.update(chunk)
            elif writer.position - row.offset >= CHECKPOINT:
                writer.sync()
                transfers.advance(row, writer.position)
        # A body without a length ends where it ends.
        whole = writer.position - began == wanted or not request.META.get("CONTENT_LENGTH")
        if checked is not None and not whole:
            writer.cut(began)
        if checked is not None and whole and checked.digest() != expected:
            writer.cut(began)
            raise Cannot(460, "这一段在路上出错了（校验不符），没有收下，请重传这一段。", began)
        writer.sync()
    except OSError as error:
        raise _kept(error, row, writer, checked is not None) from error
    transfers.advance(row, writer.position)
    return whole


def _announced(request: HttpRequest, row: Upload) -> int:
    text = request.META.get("CONTENT_LENGTH") or ""
    length = int(text) if re.fullmatch(r"[0-9]{1,19}", text) else row.length
    if row.offset + length > row.length and text:
        raise Cannot(413, "发来的内容比说好的长，没有收下。请重新选择文件上传。", row.offset)
    return length


def _incoming(request: HttpRequest, wanted: int) -> Iterator[bytes]:
    # The server's own stream: Django's would read the body of a request without a length as empty.
    stream = request.META["wsgi.input"]
    while wanted:
        try:
            chunk = stream.read(min(uploads.CHUNK, wanted))
        except OSError:
            return
        if not chunk:
            return
        wanted -= len(chunk)
        yield chunk


def _kept(error: OSError, row: Upload, writer: uploads.Writer, checked: bool) -> Cannot:
    """After a write that failed: keep what can be made durable, forget the rest."""
    try:
        if checked:
            raise error
        writer.sync()
        transfers.advance(row, writer.position)
    except OSError:
        # A failed sync may have lost pages that still look written: only what was acknowledged
        # before counts.
        writer.cut(row.offset)
    return _full(error, row.offset)


def _full(error: OSError, offset: int) -> Cannot:
    return Cannot(507, sentence(error), offset)


def sentence(error: OSError) -> str:
    """What a sender is told of a disk that took nothing."""
    if error.errno in store.FULL:
        return "存储空间已满，已收到的部分不会丢。请联系系统管理员清理磁盘，之后会接着传；原文件请先不要删除。"
    return "服务器的磁盘出错，这一段没有收下。请联系系统管理员；原文件请先不要删除。"


def _checksum(request: HttpRequest) -> tuple[Any, bytes]:
    said = request.META.get("HTTP_UPLOAD_CHECKSUM", "")
    if not said:
        return None, b""
    name, _, value = said.partition(" ")
    try:
        expected = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        expected = b""
    if name not in _CHECKSUM or not expected:
        raise Cannot(400, "校验的写法不对，这里认 sha1 和 sha256。请刷新页面后重试。")
    return _CHECKSUM[name], expected
