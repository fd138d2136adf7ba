"""PAdES: an agency's signature over a finished PDF, as an incremental update that leaves every
byte before it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from mingzheng.documents import certificates, sealing

FIELD = "Seal"


def signer(code: str) -> signers.SimpleSigner:
    """The agency's signer; SealError when its file is missing, unreadable or open to others, or its
    certificate may not seal today.
    """
    path = sealing.seal_file(code)
    try:
        mode = path.stat()
        if mode.st_mode & 0o077:
            raise sealing.SealError(
                f"印章证书 {path.name} 的权限过宽，已停止使用。请改为只有运行账号可读（chmod 600）。"
            )
        held = _held(str(path), mode.st_mtime_ns)
        sealing.require_fit(held)
        return _signer(str(path), mode.st_mtime_ns)
    except OSError as error:
        raise sealing.SealError(
            f"印章证书 {path.name} 读不出来。请检查文件是否还在、运行账号能否读取。"
        ) from error


@lru_cache(maxsize=32)
def _held(path: str, changed: int) -> certificates.Opened:
    beside = Path(path).with_suffix(".pass")
    return sealing.opened(Path(path).read_bytes(), beside.read_text() if beside.is_file() else "")


@lru_cache(maxsize=32)
def _signer(path: str, changed: int) -> signers.SimpleSigner:
    key, certificate, others = _held(path, changed)
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([_asn1(each) for each in others])
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=_asn1(certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )


def _asn1(certificate: Any) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def seal(pdf: bytes, code: str, reason: str) -> sealing.Sealed:
    """Sign `pdf` with the seal of the agency; with a timestamp where a service is configured and
    answers.
    """
    by = signer(code)
    assert by.signing_cert is not None
    held = by.signing_cert.sha256.hex()
    stamper = HTTPTimeStamper(settings.TSA_URL, timeout=10) if settings.TSA_URL else None
    try:
        return sealing.Sealed(_signed(pdf, by, reason, stamper), held, stamper is not None)
    except (TimestampRequestError, OSError):
        # A silent timestamp service must not keep a decision from going out; the ledger's daily
        # head gives the time.
        return sealing.Sealed(_signed(pdf, by, reason, None), held, False)


def _signed(pdf: bytes, by: signers.SimpleSigner, reason: str, stamper: Any) -> bytes:
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    out = PdfSigner(meta, by, timestamper=stamper).sign_pdf(writer)
    return bytes(out.getvalue())


@dataclass(frozen=True)
class Verdict:
    """What a PDF's seal says: whole and unchanged since, by whom, with which certificate."""

    whole: bool
    name: str
    certificate: str


def check(pdf: bytes) -> Verdict | None:
    """Verify the seal in a PDF against nothing but itself; None when there is none."""
    found = [
        each
        for each in PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if each.field_name == FIELD
    ]
    if not found:
        return None
    status = validate_pdf_signature(
        found[0], ValidationContext(allow_fetching=False, trust_roots=[found[0].signer_cert])
    )
    held = found[0].signer_cert
    return Verdict(
        bool(
            status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        ),
        str(held.subject.native.get("common_name", "")),
        held.sha256.hex(),
    )
