"""A provider that lies as it is told, where a real one can't be made to: it checks PKCE and the client
as it should, and then answers with whatever the test has put in its place.
"""

from __future__ import annotations

import hmac
import json
import secrets
import ssl
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jws
from joserfc.jwk import KeySet, RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})


def signed(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    """A token; with bytes for a key one that no honest library makes."""
    if not isinstance(key, bytes):
        return jws.serialize_compact(header, json.dumps(claims), key, algorithms=[header["alg"]])
    parts = [urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (header, claims)]
    mark = hmac.digest(key, b".".join(parts), "sha256") if key else b""
    return b".".join([*parts, urlsafe_b64encode(mark).rstrip(b"=")]).decode()


class Liar:
    """What it says where; `claims` and `answers` are for the test to change."""

    def __init__(self, origin: str) -> None:
        self.issuer = origin
        self.metadata: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.key: Any = KEY
        self.more: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        # By path: bytes to send as they are, or seconds to drip them over.
        self.raw: dict[str, bytes] = {}
        self.drip: dict[str, float] = {}
        self.status: dict[str, int] = {}
        self.asked: list[tuple[str, dict[str, str], dict[str, list[str]]]] = []

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser brings back; the code remembers what was asked for."""
        where = urlsplit(address)
        assert f"{where.scheme}://{where.netloc}{where.path}" == f"{self.issuer}/authorize"
        self.request = {name: values[0] for name, values in parse_qs(where.query).items()}
        self.code = secrets.token_urlsafe(8)
        return {"code": self.code, "state": self.request["state"]}

    def token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """The code, once, for whoever holds its verifier."""
        verifier = form.get("code_verifier", [""])[0]
        right = create_s256_code_challenge(verifier) == self.request["code_challenge"]
        if form.get("code", [""])[0] != self.code or not right:
            return 400, {"error": "invalid_grant"}
        self.code, now = "", int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "s-1",
            "aud": self.request["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": self.request["nonce"],
            "preferred_username": "wg-01",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        token = signed(self.header, claims, self.key)
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": token, **self.more}


@contextmanager
def liar(certificate: str = "") -> Iterator[Liar]:
    """It runs over HTTP on a port of its own; over TLS with a certificate (key in the same file)."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form, path = parse_qs(self.rfile.read(length).decode()), urlsplit(self.path).path
            it.asked.append((path, dict(self.headers), form))
            status, said = {
                "/.well-known/openid-configuration": lambda: (200, it.metadata),
                "/token": lambda: it.token(form),
                "/keys": lambda: (200, KeySet([KEY]).as_dict()),
                "/userinfo": lambda: (200, it.userinfo),
            }.get(path, lambda: (404, {}))()
            body = it.raw.get(path, json.dumps(said).encode())
            try:
                self.send_response(it.status.get(path, status))
                self.send_header("Location", f"{it.issuer}/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for at in range(len(body)) if path in it.drip else ():
                    self.wfile.write(body[at : at + 1])
                    time.sleep(it.drip[path] / len(body))
                if path not in it.drip:
                    self.wfile.write(body)
            except OSError:
                return

        do_GET = do_POST = _answer

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    it = Liar(f"{scheme}://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield it
    finally:
        server.shutdown()
        server.server_close()
