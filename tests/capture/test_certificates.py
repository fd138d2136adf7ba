"""run.py --tls: an authority of the installation's own, kept owner-only, and a server that phones
may trust by it.
"""

from __future__ import annotations

import ssl
import threading
from http.server import HTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest
from cryptography import x509

from mingzheng.site import certificates, http_redirect


def test_keys_are_the_owners_alone_and_nothing_is_made_twice(tmp_path: Path) -> None:
    made = certificates.make(tmp_path / "keys", ["192.0.2.7", "127.0.0.1"])
    before = made.chain.read_bytes()
    assert {path.stat().st_mode & 0o777 for path in made.key.parent.iterdir()} == {0o600}
    assert made.key.parent.stat().st_mode & 0o777 == 0o700
    assert certificates.make(tmp_path / "keys", ["127.0.0.1"]).chain.read_bytes() == before


def test_a_new_address_gets_a_new_certificate_of_the_same_authority(tmp_path: Path) -> None:
    made = certificates.make(tmp_path / "keys", ["127.0.0.1"])
    chain, authority = made.chain.read_bytes(), made.authority.read_bytes()
    again = certificates.make(tmp_path / "keys", ["192.0.2.9", "127.0.0.1"])
    assert again.chain.read_bytes() != chain and again.authority.read_bytes() == authority
    x509.load_pem_x509_certificate(again.chain.read_bytes()).verify_directly_issued_by(
        x509.load_pem_x509_certificate(authority)
    )


def test_who_trusts_the_authority_reaches_the_server_and_nobody_else(tmp_path: Path) -> None:
    made = certificates.make(tmp_path / "keys", ["127.0.0.1"])
    server = HTTPServer(("127.0.0.1", 0), http_redirect.answering({"/ca": ("text/plain", b"here")}))
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(made.chain, made.key)
    server.socket = served.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"https://127.0.0.1:{server.server_port}/ca"
    try:
        with urlopen(
            address, timeout=5, context=ssl.create_default_context(cafile=str(made.authority))
        ) as answer:
            assert answer.read() == b"here"
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            urlopen(address, timeout=5, context=ssl.create_default_context())
    finally:
        server.shutdown()


def test_the_page_beside_it_hands_out_the_certificate_and_never_a_key(tmp_path: Path) -> None:
    made = certificates.make(tmp_path / "keys", ["127.0.0.1"])
    found = http_redirect.answers(made, "192.0.2.7", 8000)
    assert set(found) == {"/ca", "/qr.svg", "/ca.crt"}
    assert (
        "https://192.0.2.7:8000/capture" in found["/ca"][1].decode()
        and "安卓" in found["/ca"][1].decode()
    )
    assert found["/ca.crt"][1] == made.authority.read_bytes() and b"PRIVATE" not in b"".join(
        body for _, body in found.values()
    )
