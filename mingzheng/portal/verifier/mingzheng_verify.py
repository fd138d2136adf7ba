"""Check a Mingzheng proof file without network, without the platform and without installing
anything.

    python3 mingzheng_verify.py PROOF.tlog-proof [FILE] [--vkey KEY] [--witness KEY]...
    [--quorum N]

Needs only Python 3.9 or newer. Exit: 0 proven, 1 not proven, 2 cannot be checked. Formats: C2SP
tlog-proof, signed-note, tlog-checkpoint and tlog-cosignature; tree: RFC 6962; signatures:
Ed25519 as in RFC 8032, written out below.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

HEADER, LARGEST = "c2sp.org/tlog-proof@v1", 1 << 22
PLAIN, COSIGNED = 1, 4
CHINA = timezone(timedelta(hours=8))
KEY_KINDS = {
    "document.rendered": "文书制成",
    "publication.sealed": "公示内容",
    "evidence.stored": "证据文件入库",
}


class Unreadable(Exception):
    """It cannot even be checked; exit 2."""


class Unproven(Exception):
    """It was checked and does not hold; exit 1."""


# Ed25519 (RFC 8032, section 5.1). Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one: Any, two: Any) -> Any:
    """Sum of two points."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Any) -> Any:
    """A point taken so many times."""
    total: Any = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def unpacked(data: bytes) -> Any:
    """The point that 32 bytes name; None when they name none."""
    whole = int.from_bytes(data, "little")
    sign, y = whole >> 255, whole & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or x == 0 and sign:
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def packed(point: Any) -> bytes:
    """The 32 bytes of a point."""
    inverse: int = pow(point[2], P - 2, P)
    x, y = int(point[0]) * inverse % P, int(point[1]) * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = unpacked((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is that key's."""
    key = unpacked(public)
    first, s = signature[:32], int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(first + public + message).digest(), "little") % ORDER
    minus = (P - key[0], key[1], 1, P - key[3])
    return packed(add(times(s, BASE), times(h, minus))) == first


def sha(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def root_of(entry: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which an audit path leads from an entry; None when the path does not fit the
    size.
    """
    if index >= size:
        return None
    # RFC 9162, section 2.1.3.2.
    found, here, last = sha(b"\x00" + entry), index, size - 1
    for step in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            found = sha(b"\x01" + step + found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = sha(b"\x01" + found + step)
        here, last = here >> 1, last >> 1
    return found if last == 0 else None


def unb64(text: str) -> bytes:
    """Bytes of base64 in its one canonical spelling."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("有一段不是合法的 base64，文件可能不完整") from None
    if base64.b64encode(data).decode() != text:
        raise Unreadable("有一段 base64 写法不规范")
    return data


class Key(NamedTuple):
    """A public key: name, four bytes that tell its lines apart, kind (1 log, 4 witness), 32
    bytes.
    """

    name: str
    id: bytes
    kind: int
    public: bytes


def read_key(text: str, kind: int) -> Key:
    """A verifier key name+id+base64."""
    parts = text.strip().split("+", 2)
    data = unb64(parts[2]) if len(parts) == 3 else b""
    if len(data) != 33 or data[0] != kind:
        raise Unreadable(
            f"“{clean(text[:50])}”不是{'见证方' if kind == COSIGNED else '日志'}的公钥"
        )
    if sha(parts[0].encode() + b"\n" + data)[:4].hex() != parts[1]:
        raise Unreadable(f"公钥 {clean(parts[0])} 的编号与内容不符，可能抄错了")
    return Key(parts[0], bytes.fromhex(parts[1]), kind, data[1:])


class Proof(NamedTuple):
    """What a proof file holds. `hints` are keys that it names itself: nothing vouches for them."""

    salt: bytes
    text: str
    place: int
    path: list[bytes]
    head: str
    lines: list[tuple[str, bytes]]
    hints: dict[str, Any]
    origin: str
    size: int
    root: bytes


def number(text: str) -> int:
    """A decimal number in its one spelling; ValueError for anything else."""
    if len(text) > 19 or str(int(text)) != text or text[0] == "-":
        raise ValueError
    return int(text)


def read_proof(data: bytes) -> Proof:
    """The parts of a proof file; Unreadable when it is none."""
    try:
        above, _, note = data.decode().partition("\n\n")
        head, _, below = note.rpartition("\n\n")
        rows, texts = above.split("\n"), head.split("\n")
        extra = json.loads(unb64(rows[1][6:]))
        salt, root = unb64(extra["salt"]), unb64(texts[2])
        if (
            (rows[0], rows[1][:6], rows[2][:6], below[-1:]) != (HEADER, "extra ", "index ", "\n")
            or len(salt) != 32
            or len(root) != 32
        ):
            raise ValueError
        parts = [row.split(" ") for row in below[:-1].split("\n")]
        if any(len(each) != 3 or each[0] != "\u2014" for each in parts):
            raise ValueError
        return Proof(
            salt,
            extra["json"],
            number(rows[2][6:]),
            [unb64(row) for row in rows[3:]],
            head + "\n",
            [(name, unb64(blob)) for _, name, blob in parts],
            extra,
            texts[0],
            number(texts[1]),
            root,
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise Unreadable("这不是明证的证明文件，或者文件不完整") from None


def signature_of(proof: Proof, key: Key) -> int | None:
    """When the key signed the head: POSIX seconds, 0 for the log itself; None when it did not.
    Unproven when wrong.
    """
    found = None
    for blob in (blob for name, blob in proof.lines if name == key.name and blob[:4] == key.id):
        moment, message, signature = 0, proof.head.encode(), blob[4:]
        if key.kind == COSIGNED:
            moment, signature = int.from_bytes(blob[4:12], "big"), blob[12:]
            message = f"cosignature/v1\ntime {moment}\n{proof.head}".encode()
        if not signed(key.public, message, signature) or moment >= 1 << 37:
            raise Unproven(f"{clean(key.name)} 的签名不对：检查点被改过，或者公钥不是它的")
        found = moment
    return found


def clean(text: object) -> str:
    """Text without anything that could move a terminal's cursor."""
    return "".join(each if each.isprintable() else " " for each in str(text))


def moment_text(seconds: int) -> str:
    """POSIX seconds as Beijing time."""
    return f"{datetime.fromtimestamp(seconds, CHINA):%Y-%m-%d %H:%M:%S}（北京时间）"


def tell_entry(proof: Proof) -> list[str]:
    """Print what the entry says; answers the SHA-256 of the files that it names."""
    entry = json.loads(proof.text)
    content = entry["content"]
    print(
        f"封存的记录：{KEY_KINDS.get(entry['kind'], clean(entry['kind']))}，编号 {entry['id']}\n "
        f" 平台记录的时间：{clean(entry['recorded_at'])}"
    )
    for name, value in content.items():
        if value not in ({}, [], ""):
            print(
                f"  {clean(name)}：{clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}"
            )
    return [
        row[name]
        for row in (content, *content.get("files", ()))
        for name in ("sha256", "text_hash")
        if row.get(name)
    ]


def check_file(named: list[str], path: str) -> None:
    """The file is one that the entry names; Unproven otherwise."""
    digest = hashlib.sha256()
    with open(path, "rb") as source:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
    if digest.hexdigest() not in named:
        raise Unproven(
            f"这份文件不是封存的那一份：它的 SHA-256 是 {digest.hexdigest()}，封存的是"
            f" {clean('、'.join(named) or '（没有文件指纹）')}"
        )
    print(f"文件相符：{clean(path)} 就是封存的那一份（SHA-256 {digest.hexdigest()}）")


def tell_witnesses(proof: Proof, given: list[Key], quorum: int | None) -> None:
    """Print who cosigned when; Unproven below the quorum. Keys that the file itself names never
    count.
    """
    moments = {key: signature_of(proof, key) for key in given}
    for key, moment in moments.items():
        print(
            f"见证方 {clean(key.name)}："
            + ("没有签名" if moment is None else f"{moment_text(moment)} 见证过这个检查点")
        )
    wanted, counted = (
        len(moments) if quorum is None else quorum,
        sum(each is not None for each in moments.values()),
    )
    if counted < wanted:
        raise Unproven(f"要求 {wanted} 个见证方，只有 {counted} 个")
    for name, text in () if given else proof.hints.get("witnesses", {}).items():
        moment = signature_of(proof, read_key(text, COSIGNED))
        if moment is not None:
            print(
                f"见证方 {clean(name)}：{moment_text(moment)}\n  公钥取自证明文件，"
                f"请核对：{clean(text)}"
            )


def run(asked: argparse.Namespace) -> None:
    """Read, check, tell."""
    with open(asked.proof, "rb") as source:
        proof = read_proof(source.read(LARGEST))
    text = asked.vkey or proof.hints.get("vkey")
    if not text:
        raise Unreadable("证明文件里没有附公钥，请用 --vkey 给出日志的公钥")
    key = read_key(str(text), PLAIN)
    if proof.origin != key.name or signature_of(proof, key) is None:
        raise Unproven(f"检查点是 {clean(proof.origin)} 的，没有公钥 {clean(key.name)} 的签名")
    if (
        root_of(sha(proof.salt + proof.text.encode()), proof.place, proof.size, proof.path)
        != proof.root
    ):
        raise Unproven("原文与封存的不一致，或者证明被改过")
    print(
        f"封存者：{clean(proof.origin)}\n检查点：共 {proof.size} 条，这是第 {proof.place} 号；树根"
        f" {base64.b64encode(proof.root).decode()}"
    )
    tell_witnesses(proof, [read_key(each, COSIGNED) for each in asked.witness], asked.quorum)
    named = tell_entry(proof)
    if asked.file:
        check_file(named, asked.file)
    if asked.vkey:
        print("结论：证明成立。")
    else:
        print(f"公钥取自证明文件本身：{clean(text)}")
        print(
            "结论：证明前后一致。请把上面的公钥与印在纸上或者另处公布的公钥逐字核对，一致才能采信。"
        )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        usage=(
            "python3 mingzheng_verify.py 证明文件 [文件] [--vkey 公钥] [--witness 公钥]…"
            " [--quorum 个数]"
        )
    )
    parser.add_argument("proof")
    parser.add_argument("file", nargs="?")
    parser.add_argument("--vkey")
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--quorum", type=int)
    asked = parser.parse_args()
    try:
        run(asked)
    except Unproven as fault:
        print(f"不成立：{fault}。")
        return 1
    except OSError as error:
        print(f"无法核对：{error.filename} 读不出来（{error.strerror}）。")
        return 2
    except (Unreadable, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        print(f"无法核对：{fault if isinstance(fault, Unreadable) else '文件的内容读不通'}。")
        return 2
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
