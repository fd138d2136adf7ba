"""What the sender keeps: a signed statement that this file was received whole.

The key is the installation's own, made at first use, readable by its owner only. Whoever has
the public key can check a receipt without the platform: Ed25519 over the RFC 8785 text of
`said`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from mingzheng.core.canonical import canonical
from mingzheng.records.store import StoreError


def _path() -> Path:
    return Path(settings.DATA) / "keys" / "receipts.key"


def _key() -> Ed25519PrivateKey:
    path = _path()
    try:
        if not path.exists():
            _make(path)
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(
            "回执密钥读不出，文件已经传完但还没有收妥。请联系系统管理员检查数据目录的"
            " keys/receipts.key，之后会自动继续。"
        ) from error


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(Ed25519PrivateKey.generate().private_bytes_raw())
        out.flush()
        os.fsync(out.fileno())
    try:
        # Two processes may come at once: the first name stays.
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def public_key() -> str:
    """The key that receipts are checked with, 64 hex characters."""
    return _key().public_key().public_bytes_raw().hex()


def sign(said: dict[str, Any]) -> dict[str, Any]:
    """`said` with the public key and a signature over its canonical text, both hex. StoreError
    without the key.
    """
    key = _key()
    return {
        "said": said,
        "key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(canonical(said).encode()).hex(),
    }


def verify(receipt: dict[str, Any], key: str) -> bool:
    """Whether `receipt` was signed by the installation whose public key (hex) is `key`; its own
    word for it counts nothing.
    """
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(receipt["signature"]), canonical(receipt["said"]).encode()
        )
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True
