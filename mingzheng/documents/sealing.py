"""电子印章: where the agencies' seals lie, how one is installed. The signing itself is in `pades`,
which takes a second to load.

A certificate lies in `keys/seals/agency-<id>.p12` (owner-only, PKCS#12; its password beside it
in `.pass`, if any). Without one a paper goes out with the drawn stamp alone, and `doctor` says
so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings


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
    when it is none.
    """
    _, certificate, _ = opened(data, password)
    target = seal_file(code)
    for place in (target.parent.parent, target.parent):
        place.mkdir(parents=True, exist_ok=True)
        os.chmod(place, 0o700)
    for path, content in ((target, data), (target.with_suffix(".pass"), password.encode())):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    return str(certificate.subject.rfc4514_string())


def opened(data: bytes, password: str) -> tuple[Any, Any, list[Any]]:
    """(key, certificate, others) of a PKCS#12 file; SealError when it is none."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode() or None)
    except ValueError as error:
        raise SealError(
            "印章证书打不开：文件不是 PKCS#12，或者口令不对。请向发证机构核对后重新导入。"
        ) from error
    if key is None or certificate is None:
        raise SealError("印章证书文件里没有私钥或者证书。请导出带私钥的 PKCS#12 文件。")
    return key, certificate, list(others)
