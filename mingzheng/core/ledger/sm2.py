"""SM2 with SM3 (GB/T 32918.2) by the extra `requirements/sm.txt`; nothing else of the product
needs the extra.

A public key is 64 bytes (x, y), a secret 96 (d, x, y), a signature the DER of r and s (GM/T
0009); the signer's identity is 1234567812345678, as GM/T 0009 has it where nothing else was
agreed.
"""

from __future__ import annotations

from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

# Follows the byte 0xff of a key whose type C2SP signed-note has given no number.
IDENTIFIER = b"mingzheng/sm2-sm3/v1"
PUBLIC, SECRET = 64, 96


class Lacking(Exception):
    """The extra is not installed; says in Chinese what to install."""


def library() -> ModuleType:
    """The extra; Lacking where it is not installed."""
    try:
        import gmssl_pyx
    except ImportError as error:
        raise Lacking(
            "没有安装国密组件，不能签署或者核对 SM2 签名。"
            "请运行：.venv/bin/python -m pip install --require-hashes -r requirements/sm.txt"
        ) from error
    found: ModuleType = gmssl_pyx
    return found


def generate() -> bytes:
    """A new secret."""
    public, private = library().sm2_key_generate()
    return bytes(private + public)


def public_of(secret: bytes) -> bytes:
    """The public key in a secret."""
    return secret[SECRET - PUBLIC :]


def sign(secret: bytes, message: bytes) -> bytes:
    """A signature that was verified; ValueError when the halves of the secret do not belong
    together.
    """
    public, used = public_of(secret), library()
    try:
        signature = bytes(used.sm2_sign(secret[:-PUBLIC], public, message))
    except used.GmsslInnerError as error:
        raise ValueError("no SM2 key") from error
    if not holds(public, signature, message):
        raise ValueError("secret and public key differ")
    return signature


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is the key's, in its one spelling."""
    used = library()
    try:
        return encode_dss_signature(*decode_dss_signature(signature)) == signature and bool(
            used.sm2_verify(public, message, signature)
        )
    except (ValueError, used.GmsslInnerError):
        return False
