"""The roads to a connected channel: a package goes out, a receipt comes back. What the other side
says is data, never trusted further.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mingzheng.core.lines import why
from mingzheng.disclosure.channels.connections import FOLDER, Connection

PATIENCE = 10
MOST = 64 * 1024
LONGEST = 120
# Answers after which the same package may be sent again later.
LATER = frozenset({408, 409, 425, 429})


@dataclass(frozen=True)
class Answer:
    """One of three: the channel's receipt, why it will not take the package, or why it is not
    settled yet; `away` where nobody was there.
    """

    receipt: str = ""
    refused: str = ""
    waiting: str = ""
    away: bool = False


def send(connection: Connection, key: str, package: bytes) -> Answer:
    """Bring the package (again); the same key is the same delivery, however often it comes."""
    if connection.way == FOLDER:
        return _folder(connection, key, package)
    return _post(connection, key, package)


def _folder(connection: Connection, key: str, package: bytes) -> Answer:
    try:
        said = _receipt(Path(connection.receipts) / f"{key}.json")
        if said is not None:
            return _answer(said, "对方放回的回执看不懂")
        target = Path(connection.place) / f"{key}.zip"
        if not target.exists():
            _put(target, package)
    except OSError as error:
        return Answer(waiting=f"交换目录用不了：{why(error)}", away=True)
    return Answer(waiting="已放进交换目录，等对方的回执")


def _put(target: Path, data: bytes) -> None:
    part = target.with_suffix(".part")
    with part.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
        # Its reader is another account: the exchange directory says who may enter, its group who reads.
        os.fchmod(handle.fileno(), 0o640)
    os.replace(part, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _receipt(path: Path) -> Any:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        return _json(file.read(MOST + 1))


def _post(connection: Connection, key: str, package: bytes) -> Answer:
    where = urlsplit(connection.place)
    headers = {
        "Content-Type": "application/zip",
        "Idempotency-Key": key,
        "Accept": "application/json",
    }
    try:
        if connection.token_file:
            headers["Authorization"] = (
                f"Bearer {Path(connection.token_file).read_text(encoding='ascii').strip()}"
            )
        line = (
            http.client.HTTPSConnection(
                str(where.hostname),
                where.port,
                timeout=PATIENCE,
                context=ssl.create_default_context(),
            )
            if where.scheme == "https"
            else http.client.HTTPConnection(str(where.hostname), where.port, timeout=PATIENCE)
        )
        try:
            line.request(
                "POST",
                (where.path or "/") + (f"?{where.query}" if where.query else ""),
                package,
                headers,
            )
            answer = line.getresponse()
            status, said = answer.status, _json(answer.read(MOST + 1))
        finally:
            line.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(waiting=f"连接不上：{why(error)}", away=True)
    return _said(status, said)


def _said(status: int, said: Any) -> Answer:
    if status == 202:
        return Answer(waiting="对方已收到，还没有给回执")
    if 200 <= status < 300 or status == 409 and isinstance(said, dict) and said.get("receipt"):
        return _answer(said, "对方的答复里没有回执号")
    if 400 <= status < 500 and status not in LATER:
        return Answer(refused=_text(said, "reason") or f"对方拒收（{status}）")
    return Answer(waiting=f"对方暂时不能接收（{status}）")


def _answer(said: Any, otherwise: str) -> Answer:
    receipt, refused = _text(said, "receipt"), _text(said, "refused")
    if receipt:
        return Answer(receipt=receipt)
    return Answer(refused=refused) if refused else Answer(waiting=otherwise)


def _text(said: Any, name: str) -> str:
    value = said.get(name, "") if isinstance(said, dict) else ""
    return "".join(each for each in str(value) if each.isprintable()).strip()[:LONGEST]


def _json(data: bytes) -> Any:
    try:
        return json.loads(data[:MOST]) if data else {}
    except ValueError:
        return {}
