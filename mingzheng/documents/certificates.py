"""Whether a seal's certificate may seal: its key, its curve, what it is for, who issued it, from when
until when. Also what runs in the sandboxed process when a file comes in.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

# Technical, not law: what readers of PDF verify, and what is safe today.
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_LEAST_RSA = 2048
_LONGEST_CHAIN = 8
SOON = timedelta(days=60)
_SM2 = (
    "印章证书用的是国密 SM2 或者平台不认得的算法，不能给 PDF 文书签章。"
    "请向发证机构申请 RSA（2048 位以上）或者 P-256 的签章证书；公文仍可用实物印章。"
)
_BROKEN = "印章证书打不开：文件不是 PKCS#12，或者口令不对。请向发证机构核对后重新导入。"


class Unfit(Exception):
    """This certificate cannot seal; says in Chinese why, and what to do."""


class Opened(NamedTuple):
    """What a PKCS#12 file holds."""

    key: Any
    certificate: x509.Certificate
    others: list[x509.Certificate]


def warm() -> None:
    """The library loads parts of itself when it first reads, verifies and compares: it judges a
    certificate of its own, and one of the older kind.
    """
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for key in (ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
        own = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - SOON)
            .not_valid_after(now + SOON)
            .add_extension(x509.BasicConstraints(False, None), critical=True)
            .add_extension(x509.KeyUsage(True, *[False] * 8), critical=True)
            .sign(key, hashes.SHA256())
        )
        packed = serialization.BestAvailableEncryption(b"x")
        made = pkcs12.serialize_key_and_certificates(b"x", key, own, [own], packed)
        held = opened(made, "x")
        judge(held, now)
        held.certificate.subject.rfc4514_string()


def answer(task: str, given: BinaryIO, out: int, told: dict[str, Any]) -> dict[str, Any]:
    """`unfit`, or the name of whom the seal belongs to."""
    try:
        held = opened(given.read(), told["password"])
        judge(held, datetime.fromisoformat(told["now"]))
    except Unfit as error:
        return {"unfit": str(error)}
    # A file made to hurt breaks the parser in any way it likes.
    except Exception:
        return {"unfit": _BROKEN}
    return {"subject": held.certificate.subject.rfc4514_string()}


def opened(data: bytes, password: str) -> Opened:
    """The contents of a PKCS#12 file; Unfit when it is none, or of an algorithm that is not known
    here.
    """
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode() or None)
    except UnsupportedAlgorithm as error:
        raise Unfit(_SM2) from error
    except ValueError as error:
        raise Unfit(_SM2 if "unsupported" in str(error).lower() else _BROKEN) from error
    if key is None or certificate is None:
        raise Unfit("印章证书文件里没有私钥或者证书。请导出带私钥的 PKCS#12 文件。")
    return Opened(key, certificate, list(others))


def judge(held: Opened, now: datetime) -> None:
    """Unfit when this certificate may not seal a paper now."""
    _key(held)
    _purpose(held.certificate)
    _chain(held, now)
    _time(held.certificate, now, "印章证书")


def _key(held: Opened) -> None:
    try:
        public = held.certificate.public_key()
    except (UnsupportedAlgorithm, ValueError) as error:
        raise Unfit(_SM2) from error
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < _LEAST_RSA:
            raise Unfit(
                f"印章证书的 RSA 密钥只有 {public.key_size} 位，不安全。请换成 2048 位以上的。"
            )
    elif not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name not in _CURVES:
        raise Unfit(_SM2)
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if public.public_bytes(*form) != held.key.public_key().public_bytes(*form):
        raise Unfit("印章证书和私钥不是一对。请向发证机构核对后重新导出。")


def _purpose(certificate: x509.Certificate) -> None:
    extensions = certificate.extensions
    try:
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise Unfit("这是发证机构的证书，不是印章证书。请导入印章自己的证书。")
    except x509.ExtensionNotFound:
        pass
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        raise Unfit("印章证书没有写明用途（密钥用法）。请向发证机构申请用于签名的证书。") from error
    if not (usage.digital_signature or usage.content_commitment):
        raise Unfit("印章证书的用途不是签名（可能是加密证书）。请导入签名证书。")


def _chain(held: Opened, now: datetime) -> None:
    below = held.certificate
    for _ in range(_LONGEST_CHAIN):
        if below.issuer == below.subject and below is not held.certificate:
            return
        above = next((each for each in held.others if each.subject == below.issuer), None)
        if above is None:
            raise Unfit(
                f"印章证书文件里没有上级证书“{below.issuer.rfc4514_string()}”。请导出时选“包含证书链”。"
            )
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
            raise Unfit("印章证书不是文件里的上级证书签发的。请向发证机构核对。") from error
        _time(above, now, "上级证书")
        below = above
    raise Unfit("印章证书的证书链太长。请向发证机构核对。")


def _time(certificate: x509.Certificate, now: datetime, what: str) -> None:
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < since:
        raise Unfit(f"{what}要到 {since:%Y-%m-%d} 才生效，现在不能用印。")
    if now > until:
        raise Unfit(
            f"{what}已于 {until:%Y-%m-%d} 过期，不能用印。请换新证书后用 mingzheng seal 导入。"
        )
