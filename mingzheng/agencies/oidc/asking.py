"""Questions to the provider over HTTP: few seconds for all of them together, small answers, and no
following to anywhere else.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.oidc.discovery import get_well_known_url

from mingzheng.agencies import policy
from mingzheng.agencies.oidc.provider import Provider
from mingzheng.core.lines import why

# More than any metadata, key set or token takes.
MOST = 256 * 1024


class Down(Exception):
    """The provider can't be used now; why, in Chinese."""


class Line:
    """Asks one provider. All questions of one sign-in share the patience of the policy."""

    def __init__(self) -> None:
        self._until: float = time.monotonic() + policy.read("oidc")["seconds"]

    def get(self, address: str, token: str = "") -> dict[str, Any]:
        """What is said there."""
        status, said = self.ask(
            "GET", address, headers={"Authorization": f"Bearer {token}"} if token else {}
        )
        if status != 200:
            raise Down(f"{address} 答复 {status}")
        return said

    def ask(
        self, method: str, address: str, body: str = "", headers: Mapping[str, str] = {}
    ) -> tuple[int, dict[str, Any]]:
        """(status, answer). A redirect is an answer like any other and leads nowhere."""
        try:
            status, raw = self._asked(method, address, body, dict(headers))
            said = json.loads(raw) if len(raw) <= MOST else None
        except (OSError, http.client.HTTPException) as error:
            raise Down(f"{address} {why(error)}") from error
        except (ValueError, RecursionError) as error:
            raise Down(f"{address} 答复看不懂") from error
        if not isinstance(said, dict):
            raise Down(f"{address} 答复看不懂，或者太长")
        return status, said

    def _asked(
        self, method: str, address: str, body: str, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        where = urlsplit(address)
        line = _line(where.scheme, str(where.hostname), where.port, self._left())
        try:
            line.connect()
            # A timeout is one of each packet; whoever sends a byte at a time is cut off by the clock.
            clock = threading.Timer(self._left(), _cut, [line.sock])
            clock.daemon = True
            clock.start()
            try:
                path = (where.path or "/") + (f"?{where.query}" if where.query else "")
                line.request(method, path, body or None, {**headers, "Accept": "application/json"})
                answer = line.getresponse()
                return answer.status, answer.read(MOST + 1)
            finally:
                clock.cancel()
        finally:
            line.close()

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _line(scheme: str, host: str, port: int | None, patience: float) -> http.client.HTTPConnection:
    if scheme == "https":
        secure = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=patience, context=secure)
    return http.client.HTTPConnection(host, port, timeout=patience)


def _cut(line: socket.socket) -> None:
    try:
        # Below TLS, whose state belongs to the thread that reads.
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:
        return


@dataclass(frozen=True)
class Endpoints:
    """What the provider says of itself, as far as it is used."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    # By a header rather than in the form.
    basic: bool
    # Answers name who answers (RFC 9207).
    names_itself: bool


_kept: dict[Provider, tuple[float, Endpoints | str]] = {}


def endpoints(provider: Provider, line: Line) -> Endpoints:
    """Where the provider is asked. Kept for a while, as is that it does not answer: whoever waits
    for it waits with a worker of ours.
    """
    until, found = _kept.get(provider, (0.0, ""))
    if time.monotonic() >= until:
        limits = policy.read("oidc")
        try:
            found, lasts = _endpoints(provider, line), limits["fresh_seconds"]
        except Down as error:
            found, lasts = str(error), limits["rest_seconds"]
        _kept.clear()
        _kept[provider] = (time.monotonic() + lasts, found)
    if isinstance(found, str):
        raise Down(found)
    return found


def forget() -> None:
    """Ask anew the next time."""
    _kept.clear()


def _endpoints(provider: Provider, line: Line) -> Endpoints:
    said = line.get(get_well_known_url(provider.issuer, external=True))
    if said.get("issuer") != provider.issuer:
        raise Down(f"对方自称的 issuer 是“{str(said.get('issuer'))[:200]}”，与 issuer 不一致")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not provider.may_be_at(said.get(name)):
            raise Down(
                f"对方的 {name} 是“{str(said.get(name))[:200]}”，不在 issuer 的主机上，也不在 origins 里"
            )
    userinfo, ways = (
        said.get("userinfo_endpoint"),
        said.get("token_endpoint_auth_methods_supported"),
    )
    return Endpoints(
        authorization=said["authorization_endpoint"],
        token=said["token_endpoint"],
        keys=said["jwks_uri"],
        userinfo=str(userinfo) if provider.may_be_at(userinfo) else "",
        basic=not isinstance(ways, list) or "client_secret_basic" in ways,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def complaint(provider: Provider) -> str:
    """Asks the provider; empty when it answers as it should."""
    try:
        _endpoints(provider, Line())
    except Down as error:
        return f"统一身份认证用不了：{error}。请检查 oidc.toml 的 issuer、网络和对方的证书；大家可以先用密码登录。"
    return ""
