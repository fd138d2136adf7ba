"""A certificate authority of this installation's own, for phones on an office network: camera and
offline use need https.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mingzheng.core import clock

# What phones accept: a server's certificate of little more than a year. Technical, not law.
AUTHORITY_LASTS, SERVER_LASTS, RENEW = timedelta(days=3650), timedelta(days=395), timedelta(days=30)
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Held:
    """Files: the authority's certificate, the server's chain, the server's key."""

    authority: Path
    chain: Path
    key: Path


def held(keys: Path) -> Held:
    """Where they lie below the installation's key directory."""
    folder = keys / "tls"
    return Held(folder / "ca.pem", folder / "server.pem", folder / "server.key")


def addresses() -> list[str]:
    """This machine's IPv4 addresses, the one that the network sees first, 127.0.0.1 last."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: the system only says by which address it would go out.
            probe.connect(("192.0.2.1", 9))
            found.append(probe.getsockname()[0])
        except OSError:
            found.clear()
    try:
        found += [
            str(row[4][0]) for row in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        ]
    except OSError:
        found += []
    return list(
        dict.fromkeys([*(each for each in found if not each.startswith("127.")), "127.0.0.1"])
    )


def make(keys: Path, names: list[str]) -> Held:
    """The authority once; the server's certificate anew where an address is not in it or its end
    is near.
    """
    files = held(keys)
    folder = files.authority.parent
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not files.authority.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        _write(folder / "ca.key", _pem(key))
        _write(files.authority, _authority(key).public_bytes(serialization.Encoding.PEM))
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    if not _fits(files.chain, names):
        signer = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        _write(files.key, _pem(key))
        both = _server(key, names, authority, signer).public_bytes(
            serialization.Encoding.PEM
        ) + authority.public_bytes(serialization.Encoding.PEM)
        _write(files.chain, both)
    return files


def _fits(chain: Path, names: list[str]) -> bool:
    if not chain.exists():
        return False
    found = x509.load_pem_x509_certificate(chain.read_bytes())
    covered = found.extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    ).value.get_values_for_type(x509.IPAddress)
    return {ipaddress.ip_address(each) for each in names} <= set(
        covered
    ) and found.not_valid_after_utc - clock.now() > RENEW


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _begin(
    subject: str, issuer: x509.Name | None, key: Key, lasts: timedelta
) -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    # A day back: a phone whose clock is slow still accepts it.
    since: datetime = clock.now() - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer or name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + lasts)
    )


def _authority(key: Key) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        _begin("明证本机根证书", None, key, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: Key, names: list[str], authority: x509.Certificate, signer: Key
) -> x509.Certificate:
    known: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(each)) for each in names]
    return (
        _begin(names[0], authority.subject, key, SERVER_LASTS)
        .add_extension(
            x509.SubjectAlternativeName([*known, x509.DNSName("localhost")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
