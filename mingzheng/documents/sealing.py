"""电子印章: where the agencies' seals lie, how one is installed. The signing itself is in `pades`,
which takes a second to load.

A certificate lies in `keys/seals/agency-<id>.p12` (owner-only, PKCS#12; its password beside it
in `.pass`, if any). Without one a paper goes out with the drawn stamp alone, and `doctor` says
so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from mingzheng.core import clock
from mingzheng.documents import certificates
from mingzheng.records import sandbox


class SealError(Exception):
    """The seal cannot be used; the message says in Chinese what to do."""


@dataclass(frozen=True)
class Sealed:
    """The signed PDF, the SHA-256 fingerprint of the certificate (hex), and whether a timestamp is
    in it.
    """

    data: bytes
    certificate: str
    timestamped: bool


def folder() -> Path:
    """Where the seals lie."""
    return Path(settings.DATA) / "keys" / "seals"


def seal_file(code: str) -> Path:
    """The PKCS#12 file of the agency with this code."""
    return folder() / f"{code}.p12"


def available(code: str) -> bool:
    """Whether this agency can seal."""
    return seal_file(code).is_file()


def install(code: str, data: bytes, password: str) -> str:
    """Keep a PKCS#12 file as the agency's seal, owner-only; the name in its certificate. SealError
    when it is none, or may not seal. It is read in the sandboxed process first.
    """
    told = {"password": password, "now": clock.now().isoformat()}
    try:
        answer = sandbox.ask(certificates.__name__, "judge", data, told=told)
    except sandbox.Unconfined as error:
        raise SealError(str(error)) from error
    if answer.late or answer.died or "subject" not in answer.said:
        unread = "印章证书打不开，读取时停止了。请向发证机构核对后重新导出。"
        raise SealError(str(answer.said.get("unfit") or unread))
    target = seal_file(code)
    for place in (target.parent.parent, target.parent):
        place.mkdir(parents=True, exist_ok=True)
        os.chmod(place, 0o700)
    for path, content in ((target, data), (target.with_suffix(".pass"), password.encode())):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    return str(answer.said["subject"])


def opened(data: bytes, password: str) -> certificates.Opened:
    """What a PKCS#12 file of ours holds; SealError when it cannot be opened."""
    try:
        return certificates.opened(data, password)
    except certificates.Unfit as error:
        raise SealError(str(error)) from error


def require_fit(held: certificates.Opened) -> None:
    """SealError when this certificate may not seal a paper now."""
    try:
        certificates.judge(held, clock.now())
    except certificates.Unfit as error:
        raise SealError(str(error)) from error


def installed() -> Iterator[tuple[str, certificates.Opened | None, str]]:
    """Each seal that is kept: its code, what its file holds, and why it cannot seal now (empty: it
    can).
    """
    for path in sorted(folder().glob("*.p12")):
        held = None
        try:
            beside = path.with_suffix(".pass")
            held = opened(path.read_bytes(), beside.read_text() if beside.is_file() else "")
            require_fit(held)
        except SealError as error:
            yield path.stem, held, str(error)
        except OSError:
            yield path.stem, None, f"印章证书 {path.name} 读不出来。请检查运行账号能否读取。"
        else:
            yield path.stem, held, ""
