"""The keys of this installation, in a directory of their own that only its owner may read.

`ledger.key` signs heads and is read by the sealer alone, as is `ledger-sm2.key` where national
cryptography is on; `witness.key` cosigns other installations' heads and is the web process's.
`head` beside them is the last signed head: what keeps an old database or old tiles from being
signed over.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlparse

from django.conf import settings

from mingzheng.core.ledger.checkpoint import Checkpoint, opened
from mingzheng.core.ledger.notes import COSIGNED, NATIONAL, PLAIN, NoteFault, Signer, Verifier
from mingzheng.core.ledger.sm2 import Lacking
from mingzheng.core.ledger.write_ahead import durable

SM2_KEY = "ledger-sm2.key"
# Where outsiders find the public half of each key that signs heads.
PUBLISHED = {PLAIN: "vkey", NATIONAL: "vkey-sm2"}


class KeyFault(Exception):
    """A key or the last head beside it cannot be used; the message says in Chinese what to do."""


def folder() -> Path:
    """The directory of the keys, made owner-only."""
    place = Path(settings.KEYS)
    if not place.exists():
        place.mkdir(parents=True, mode=0o700)
    if stat.S_IMODE(place.stat().st_mode) & 0o077:
        raise KeyFault(f"密钥目录 {place.name} 能被别人读取，存证已停。请运行：chmod 700 {place}")
    return place


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One process at a time: a second sealer waits."""
    handle = os.open(folder() / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def ledger(begun: bool) -> Signer:
    """The key that signs heads; made at the first start, never where a log has `begun` already."""
    signer = _kept("ledger.key", PLAIN, _origin(), begun)
    if settings.ORIGIN and settings.ORIGIN != signer.name:
        raise KeyFault(
            f"MINGZHENG_ORIGIN 是 {settings.ORIGIN}，签名密钥却是 {signer.name} 的。"
            "日志的名称开始后不能更改，请改回原来的设置。"
        )
    return signer


def national(origin: str) -> Signer | None:
    """The log's SM2 key where national cryptography is on; made when first switched on, never
    where its public half is known already.
    """
    if not settings.SM:
        return None
    try:
        signer = _kept(
            SM2_KEY, NATIONAL, origin, (Path(settings.LOG) / PUBLISHED[NATIONAL]).exists()
        )
        signer.sign("")
    except Lacking as fault:
        raise KeyFault(
            f"设置了 MINGZHENG_SM=1，但{fault}；或者去掉这项设置。在此之前不再签署新的检查点。"
        ) from fault
    except ValueError as fault:
        raise KeyFault(f"密钥文件 {SM2_KEY} 已损坏，请从密钥备份恢复。") from fault
    if (signer.name, signer.kind) != (origin, NATIONAL) or verifier(NATIONAL) not in (
        None,
        signer.verifier,
    ):
        raise KeyFault(
            f"密钥文件 {SM2_KEY} 与本日志已公布的 SM2 公钥 log/{PUBLISHED[NATIONAL]} 不符。"
            "请从密钥备份恢复原来的密钥。"
        )
    return signer


def _kept(file: str, kind: int, name: str, begun: bool) -> Signer:
    path = folder() / file
    if not path.exists():
        if begun:
            raise KeyFault(
                f"找不到存证签名密钥 keys/{file}，但日志已经开始。"
                "请从密钥备份恢复这个文件；在此之前不再签署新的检查点。"
            )
        durable(path, f"{Signer.make(name, kind)}\n".encode(), 0o600)
    return _read(path)


def witness() -> Signer:
    """The key with which this installation cosigns others' heads; made when first needed."""
    with alone("witness"):
        path = folder() / "witness.key"
        if not path.exists():
            durable(path, f"{Signer.make(f'{_host()}/witness', COSIGNED)}\n".encode(), 0o600)
        return _read(path)


def _read(path: Path) -> Signer:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyFault(f"密钥文件 {path.name} 能被别人读取，存证已停。请运行：chmod 600 {path}")
        return Signer.read(path.read_text(encoding="ascii"))
    except (NoteFault, UnicodeDecodeError) as fault:
        raise KeyFault(f"密钥文件 {path.name} 已损坏，请从密钥备份恢复。") from fault
    except OSError as error:
        raise KeyFault(
            f"密钥文件 {path.name} 读不出来（{error.strerror}），请检查文件的所有者和权限。"
        ) from error


def _host() -> str:
    return settings.ORIGIN.partition("/")[0] or urlparse(settings.PUBLIC_URL).netloc


def _origin() -> str:
    if settings.ORIGIN:
        return str(settings.ORIGIN)
    # A demo is not reachable under a name, and two demos must not look like one log.
    return (
        f"demo.mingzheng.local/{secrets.token_hex(6)}"
        if settings.DEMO_KEY.is_file()
        else f"{_host()}/log"
    )


def publish_verifier(signer: Signer) -> None:
    """Lay the public key beside the tiles, where web and worker find it."""
    path = Path(settings.LOG) / PUBLISHED[signer.kind]
    text = f"{signer.verifier}\n".encode()
    if not path.is_file() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        durable(path, text)


def last_signed() -> Checkpoint | None:
    """The head beside the key, for whoever may read it and has no business with the key; KeyFault
    when it is damaged.
    """
    path, key = Path(settings.KEYS) / "head", verifier()
    if key is None or not path.exists():
        return None
    try:
        return opened(path.read_bytes(), key)[0]
    except (NoteFault, OSError) as fault:
        raise KeyFault("密钥旁的最后检查点 keys/head 已损坏或者读不出来。") from fault


def verifier(kind: int = PLAIN) -> Verifier | None:
    """The public key of this installation's log, or its SM2 key; None before the first head signed
    with it.
    """
    try:
        return Verifier.read((Path(settings.LOG) / PUBLISHED[kind]).read_text(encoding="ascii"))
    except (OSError, NoteFault, UnicodeDecodeError):
        return None


def last_head(signer: Signer) -> tuple[Checkpoint, str] | None:
    """The last head signed with this key and its note; None before the first."""
    path = folder() / "head"
    try:
        head, note = opened(path.read_bytes(), signer.verifier)
        return head, str(note)
    except FileNotFoundError:
        return None
    except NoteFault as fault:
        raise KeyFault(
            "密钥旁的最后检查点 keys/head 已损坏，不能确认上次签到哪里。请从密钥备份恢复这个文件。"
        ) from fault
    except OSError as error:
        raise KeyFault(
            f"密钥旁的最后检查点 keys/head 读不出来（{error.strerror}），请检查权限。"
        ) from error


def remember_head(note: str) -> None:
    """Keep the last signed head, before anybody else sees it."""
    durable(folder() / "head", note.encode(), 0o600)


def remember_trouble(text: str) -> None:
    """Keep why the sealer refuses, for the doctor; empty when it does not."""
    place = Path(settings.DATA) / "sealer.trouble"
    if text:
        durable(place, text.encode(), 0o600)
    else:
        place.unlink(missing_ok=True)


def last_trouble() -> str:
    """Why the sealer refuses; empty when it does not."""
    try:
        return (Path(settings.DATA) / "sealer.trouble").read_text(encoding="utf-8")
    except OSError:
        return ""
