"""Signed notes, verifier keys and cosignatures (C2SP signed-note, tlog-cosignature/v1), by
Ed25519; a second line may be SM2.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingzheng.core.ledger import sm2

PLAIN, COSIGNED, NATIONAL = 1, 4, 0xFF
# What stands before the key itself in its encoding.
TYPES = {PLAIN: b"\x01", COSIGNED: b"\x04", NATIONAL: b"\xff" + sm2.IDENTIFIER}
SIGNATURES, LENGTH = 64, 1 << 18
PRIVATE = "PRIVATE+KEY"


class NoteFault(ValueError):
    """A note, a key or a signature that cannot be accepted; says why, in Chinese."""


def b64(data: bytes) -> str:
    """Standard base64 text."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Bytes of standard base64 written in the one canonical way; NoteFault otherwise."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise NoteFault("不是合法的 base64") from None
    if b64(data) != text:
        raise NoteFault("不是规范的 base64")
    return data


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes that tell signature lines of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + TYPES[kind] + public).digest()[:4]


def typed(data: bytes, public: bool) -> tuple[int, bytes] | None:
    """Kind and key in the encoding of a public or private key; None when it is none that we
    know.
    """
    for kind, prefix in TYPES.items():
        length = 32 if kind != NATIONAL else sm2.PUBLIC if public else sm2.SECRET
        if data.startswith(prefix) and len(data) == len(prefix) + length:
            return kind, data[len(prefix) :]
    return None


def check_name(name: str) -> str:
    """The name of a key: not empty, without spaces and plus signs."""
    if not name or "+" in name or any(letter.isspace() or ord(letter) < 0x20 for letter in name):
        raise NoteFault("公钥的名称不能为空，不能含空格和加号")
    return name


@dataclass(frozen=True)
class Line:
    """One signature line: name, key id (4 bytes), signature."""

    name: str
    id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64(self.id + self.signature)}\n"


@dataclass(frozen=True)
class Verifier:
    """A public key with its name; `kind` 1 signs notes, 4 cosigns checkpoints, 0xff signs notes by
    SM2.
    """

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The key id of its lines."""
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(TYPES[self.kind] + self.public)}"

    @classmethod
    def read(cls, text: str) -> Verifier:
        """A vkey; NoteFault when it is none."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise NoteFault(f"“{text[:60]}”不是公钥：应为 名称+编号+base64")
        key = typed(unb64(parts[2]), public=True)
        if key is None:
            raise NoteFault("只认 Ed25519 的公钥（类型 1 或 4）和本平台的 SM2 公钥")
        found = cls(check_name(parts[0]), *key)
        if found.id.hex() != parts[1]:
            raise NoteFault("公钥的编号与内容不符，可能抄错了")
        return found

    def signed(self, text: str, line: Line) -> int | None:
        """None when the signature is wrong; else the cosignature's POSIX time, 0 for a plain
        signature. Lacking without the extra for SM2.
        """
        moment, signature, message = 0, line.signature, text.encode()
        if self.kind == NATIONAL:
            return 0 if sm2.holds(self.public, signature, message) else None
        if self.kind == COSIGNED:
            moment, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = cosigned(text, moment)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return moment if moment < 1 << 63 else None


def cosigned(text: str, moment: int) -> bytes:
    """What a cosignature/v1 signs."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


@dataclass(frozen=True)
class Signer:
    """A private key: `secret` is the 32-byte Ed25519 seed, or what sm2.py calls one."""

    name: str
    kind: int
    secret: bytes

    @classmethod
    def make(cls, name: str, kind: int = PLAIN) -> Signer:
        """A new key."""
        return cls(
            check_name(name),
            kind,
            (
                sm2.generate()
                if kind == NATIONAL
                else Ed25519PrivateKey.generate().private_bytes_raw()
            ),
        )

    @classmethod
    def read(cls, text: str) -> Signer:
        """A key as `str` wrote it; NoteFault when it is damaged."""
        parts = text.strip().removeprefix(PRIVATE + "+").split("+", 2)
        if not text.startswith(PRIVATE) or len(parts) != 3:
            raise NoteFault("不是签名密钥")
        key = typed(unb64(parts[2]), public=False)
        if key is None:
            raise NoteFault("签名密钥的内容不完整")
        found = cls(parts[0], *key)
        if found.verifier.id.hex() != parts[1]:
            raise NoteFault("签名密钥的编号与内容不符")
        return found

    def __str__(self) -> str:
        return (
            f"{PRIVATE}+{self.name}+{self.verifier.id.hex()}+{b64(TYPES[self.kind] + self.secret)}"
        )

    def __repr__(self) -> str:
        return f"Signer({self.name})"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        if self.kind == NATIONAL:
            return Verifier(self.name, self.kind, sm2.public_of(self.secret))
        key = Ed25519PrivateKey.from_private_bytes(self.secret)
        return Verifier(self.name, self.kind, key.public_key().public_bytes_raw())

    def sign(self, text: str, moment: int = 0) -> Line:
        """A signature line under `text`; a cosigner's carries `moment`, POSIX seconds."""
        if self.kind == NATIONAL:
            return Line(self.name, self.verifier.id, sm2.sign(self.secret, text.encode()))
        key, stamp = Ed25519PrivateKey.from_private_bytes(self.secret), b""
        message = text.encode()
        if self.kind == COSIGNED:
            stamp, message = moment.to_bytes(8, "big"), cosigned(text, moment)
        return Line(self.name, self.verifier.id, stamp + key.sign(message))


@dataclass(frozen=True)
class Note:
    """A signed text; `str` gives it back byte for byte."""

    text: str
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.lines))

    @classmethod
    def read(cls, data: bytes | str) -> Note:
        """A note whose form is right; says nothing of its signatures. NoteFault otherwise."""
        try:
            whole = data.decode() if isinstance(data, bytes) else data
        except UnicodeDecodeError:
            raise NoteFault("不是合法的 UTF-8") from None
        if len(whole) > LENGTH or any(ord(letter) < 0x20 and letter != "\n" for letter in whole):
            raise NoteFault("过长，或者含有控制字符")
        text, gap, below = whole.rpartition("\n\n")
        if not gap or not below.endswith("\n"):
            raise NoteFault("没有签名行")
        rows = below[:-1].split("\n")
        if len(rows) > SIGNATURES:
            raise NoteFault("签名行过多")
        return cls(text + "\n", tuple(read_line(row) for row in rows))

    def check(self, key: Verifier) -> int:
        """Time of the key's valid signature (0 for a plain one); NoteFault when it is absent or
        wrong.
        """
        found = [line for line in self.lines if line.name == key.name and line.id == key.id]
        if not found:
            raise NoteFault(f"没有 {key.name} 的签名")
        times = [key.signed(self.text, line) for line in found]
        if None in times:
            raise NoteFault(f"{key.name} 的签名不对")
        return max(time for time in times if time is not None)

    def with_lines(self, lines: tuple[Line, ...]) -> Note:
        """The same note with more signatures, none twice."""
        return Note(self.text, (*self.lines, *(line for line in lines if line not in self.lines)))


def read_line(row: str) -> Line:
    """A signature line without its newline."""
    parts = row.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise NoteFault("签名行的写法不对")
    data = unb64(parts[2])
    if len(data) < 5:
        raise NoteFault("签名行过短")
    return Line(check_name(parts[1]), data[:4], data[4:])
