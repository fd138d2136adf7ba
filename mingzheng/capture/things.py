"""One thing that a phone sends, read without trusting it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mingzheng.capture import kinds
from mingzheng.core import clock, given
from mingzheng.records.refusal import refuse

_CLIENT = re.compile(r"[a-z0-9-]{16,56}")
_CODE = re.compile(r"[a-z2-7]{26}")
_NUMBER = re.compile(r"[0-9]{1,19}")
LARGEST = 4 << 20
# How far a phone's clock may have moved between capturing and sending before somebody has to look:
# technical, not law.
JUMP = timedelta(seconds=30)


class Unreadable(Exception):
    """The message is no thing; the text says so in Chinese."""


@dataclass(frozen=True)
class Thing:
    """`at` and `ended` are moments by the server's clock: the phone's own, less its `offset_ms`.

    `seen` is the head of the matter when the phone took it along; `again` says that the officer
    has read of the conflict; `slices` are (bytes, SHA-256) of what was recorded piece by piece,
    by upload code.
    """

    client: str
    record: int
    kind: kinds.Kind
    seen: int
    at: datetime
    ended: datetime | None
    offset_ms: int
    fields: dict[str, Any]
    uploads: tuple[str, ...]
    slices: dict[str, list[tuple[int, str]]]
    again: bool
    jumped: bool

    @property
    def form_key(self) -> str:
        """Sent twice it is one act."""
        return f"capture-{self.client}"


def read(body: bytes) -> Thing:
    """The thing in a request's JSON. Unreadable where it is none; Refused where its kind is
    unknown.
    """
    if len(body) > LARGEST:
        raise Unreadable("这一项的文字内容太大，没有收下。照片、录像请作为文件上传。")
    try:
        said = json.loads(body)
        if any(map(given.foul, given.texts(said))):
            raise ValueError("characters that no text may hold")
        return _thing(said)
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise Unreadable(
            "看不懂手机发来的内容，没有收下；手机里的材料还在。请刷新手机页面后重试。"
        ) from error


def _thing(said: dict[str, Any]) -> Thing:
    client, record = str(said["client"]), str(said["record"])
    if not _CLIENT.fullmatch(client) or not _NUMBER.fullmatch(record) or int(record) >= 1 << 63:
        raise ValueError("id")
    kind = kinds.find(str(said["kind"]))
    if kind is None:
        raise refuse("这个版本的平台不认识这一类采集内容。请刷新手机页面后重试；手机里的材料还在。")
    offset = int(said.get("offset_ms") or 0)
    at, ended = (
        _moment(said["at"], offset),
        (_moment(said["ended"], offset) if said.get("ended") else None),
    )
    jumped = abs(_moment(said["sent"], offset) - clock.now()) > JUMP
    if checked := str(said.get("checked_at") or ""):
        # Somebody looked at the time after the phone's clock had jumped: then his word counts, and
        # it stays within the gates.
        length, at, jumped = (
            (ended - at if ended else None),
            _checked(checked),
            False,
        )
        ended = at + length if length is not None else None
    seen = str(said.get("seen") or "0")
    head = min(int(seen), (1 << 63) - 1) if _NUMBER.fullmatch(seen) else 0
    return Thing(
        client,
        int(record),
        kind,
        head,
        at,
        ended,
        offset,
        _fields(said.get("fields") or {}),
        tuple(code for code in map(str, said.get("uploads") or []) if _CODE.fullmatch(code)),
        _slices(said.get("slices") or {}),
        bool(said.get("again")),
        jumped,
    )


def _checked(text: str) -> datetime:
    found = given.moment(text)
    if found is None:
        raise ValueError("a moment that somebody looked at")
    return found


def _moment(text: Any, offset_ms: int) -> datetime:
    found = given.moment(str(text))
    if found is None or datetime.fromisoformat(str(text)).tzinfo is None:
        raise ValueError("a phone sends its time with the zone")
    return found - timedelta(milliseconds=offset_ms)


def _fields(said: dict[str, Any]) -> dict[str, Any]:
    return {
        str(name): [str(each) for each in value] if isinstance(value, list) else str(value)
        for name, value in said.items()
    }


def _slices(said: dict[str, Any]) -> dict[str, list[tuple[int, str]]]:
    return {
        str(code): [(int(size), str(sha256)) for size, sha256 in rows]
        for code, rows in said.items()
    }
