"""Answers made unreadable without the secret of the installation."""

from __future__ import annotations

import base64
import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# name → values, as a form sends them
Answers = dict[str, list[str]]


@lru_cache(maxsize=2)
def _key(secret: str) -> Fernet:
    made = HKDF(SHA256(), length=32, salt=None, info=b"mingzheng unsent answers")
    return Fernet(base64.urlsafe_b64encode(made.derive(secret.encode())))


def seal(answers: Answers) -> str:
    """Sealed text of the answers."""
    text = json.dumps(answers, ensure_ascii=False).encode("utf-8", "replace")
    return _key(settings.SECRET_KEY).encrypt(text).decode()


def unseal(sealed: str) -> Answers | None:
    """The answers; None where they were sealed under another secret or the text is torn."""
    try:
        read: Answers = json.loads(_key(settings.SECRET_KEY).decrypt(sealed.encode()))
    except (InvalidToken, ValueError):
        return None
    return read
