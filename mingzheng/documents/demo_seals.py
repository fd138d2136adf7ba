"""Seals for the demo and the tests: an authority of their own that says 演示 in its name."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from mingzheng.core import clock
from mingzheng.documents import sealing

YEARS = timedelta(days=3650)


def _name(text: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


def make(agencies: list[tuple[str, str]]) -> None:
    """Give each (code, name) a seal of a fresh demo authority; those that have one keep it."""
    lacking = [(code, name) for code, name in agencies if not sealing.available(code)]
    if not lacking:
        return
    root_key, root_name, began = (
        ec.generate_private_key(ec.SECP256R1()),
        _name("明证演示印章根证书"),
        clock.now() - YEARS,
    )
    root = _certificate(
        root_name, root_name, root_key, root_key.public_key(), began, authority=True
    )
    for code, name in lacking:
        key = ec.generate_private_key(ec.SECP256R1())
        held = _certificate(
            _name(f"{name}（演示章）"),
            root_name,
            root_key,
            key.public_key(),
            began,
            authority=False,
        )
        data = pkcs12.serialize_key_and_certificates(
            code.encode(), key, held, [root], serialization.NoEncryption()
        )
        sealing.install(code, data, "")


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    by: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePublicKey,
    began: datetime,
    authority: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + 3 * YEARS)
        .add_extension(x509.BasicConstraints(authority, 0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .sign(by, hashes.SHA256())
    )
