"""A daily head gets an RFC 3161 token from a real authority, made here with openssl; a wrong one
is not kept.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mingzheng.records.models import Head, TimeStamp
from mingzheng.records.seal import seal_pending, stamping

CONFIG = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[tsa]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa_config]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""


def openssl(folder: Path, *arguments: str) -> bytes:
    """Run it where the authority's files are."""
    return subprocess.run(
        ["openssl", *arguments], cwd=folder, check=True, capture_output=True
    ).stdout


def certify(folder: Path) -> None:
    """A root and an authority below it."""
    (folder / "tsa.cnf").write_text(CONFIG, encoding="ascii")
    (folder / "serial").write_text("01", encoding="ascii")
    new = ("-config", "tsa.cnf", "-newkey", "rsa:2048", "-nodes")
    openssl(
        folder,
        "req",
        "-x509",
        *new,
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-subj",
        "/CN=Root",
        "-extensions",
        "ca",
        "-days",
        "900",
    )
    openssl(folder, "req", *new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps")
    openssl(
        folder,
        "x509",
        "-req",
        "-in",
        "tsa.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-out",
        "tsa.pem",
        "-days",
        "800",
        "-extfile",
        "tsa.cnf",
        "-extensions",
        "tsa",
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The URL of a running authority, and its files. /other answers a request of its own; /rubbish
    answers rubbish.
    """
    folder = tmp_path_factory.mktemp("tsa")
    certify(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/other":
                asked = stamping.request(bytes(32), 5)
            (folder / "asked").write_bytes(asked)
            found = openssl(
                folder,
                "ts",
                "-reply",
                "-config",
                "tsa.cnf",
                "-section",
                "tsa_config",
                "-queryfile",
                "asked",
            )
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"rubbish" if self.path == "/rubbish" else found)

        def log_message(self, *_: Any) -> None:
            self.close_connection = True

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


@pytest.fixture
def head(bodies: dict[str, Any], ledger: Path) -> Head:
    """A signed head."""
    seal_pending()
    return Head.objects.latest("size")


def configure(ledger: Path, url: str, ca: bytes) -> None:
    """Write the policy and the root certificate."""
    (ledger / "ca.pem").write_bytes(ca)
    (ledger / "witnesses.toml").write_text(
        f'tsa_url = "{url}"\ntsa_ca = "ca.pem"\n', encoding="utf-8"
    )


def test_the_days_head_is_stamped_once(
    head: Head, ledger: Path, authority: tuple[str, Path], tmp_path: Path
) -> None:
    url, folder = authority
    configure(ledger, url, (folder / "ca.pem").read_bytes())
    row = stamping.stamp_today()
    assert row is not None and row.head == head and stamping.stamp_today() is None
    assert TimeStamp.objects.count() == 1
    (tmp_path / "token").write_bytes(row.token)
    (tmp_path / "text").write_text(head.note, encoding="utf-8")
    said = openssl(
        tmp_path,
        "ts",
        "-verify",
        "-in",
        "token",
        "-token_in",
        "-data",
        "text",
        "-CAfile",
        str(folder / "ca.pem"),
    )
    assert b"OK" in said


@pytest.mark.parametrize(
    ("path", "words"), [("/other", "签名不对，或者盖的不是"), ("/rubbish", "读不通")]
)
def test_a_stamp_over_something_else_is_not_kept(
    head: Head, ledger: Path, authority: tuple[str, Path], path: str, words: str
) -> None:
    url, folder = authority
    configure(ledger, url + path, (folder / "ca.pem").read_bytes())
    with pytest.raises(stamping.StampFault, match=words):
        stamping.stamp_today()
    assert not TimeStamp.objects.exists()


def test_a_stamp_of_an_authority_that_nobody_trusts_is_not_kept(
    head: Head, ledger: Path, authority: tuple[str, Path], tmp_path: Path
) -> None:
    certify(tmp_path)
    configure(ledger, authority[0], (tmp_path / "ca.pem").read_bytes())
    with pytest.raises(stamping.StampFault, match="不是由 tsa_ca"):
        stamping.stamp_today()


def test_an_authority_that_is_down_or_a_missing_root_is_said(
    head: Head, ledger: Path, authority: tuple[str, Path]
) -> None:
    configure(ledger, "http://127.0.0.1:9", b"")
    with pytest.raises(stamping.StampFault, match="连不上"):
        stamping.stamp_today()
    configure(ledger, authority[0], b"no certificate")
    with pytest.raises(stamping.StampFault, match="根证书读不出来"):
        stamping.stamp_today()
    (ledger / "witnesses.toml").unlink()
    assert stamping.stamp_today() is None
