"""The authorization-code flow with PKCE: away to the provider, and back with who it was.

Nothing of the tokens is kept: what they say is looked at once.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.security import generate_token
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mingzheng.agencies import policy
from mingzheng.agencies.oidc.asking import Down, Endpoints, Line, endpoints
from mingzheng.agencies.oidc.provider import Provider
from mingzheng.core import given

# Only what a public key verifies: never "none", and no secret that both sides know.
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
SIGNED_BY += ["EdDSA", "Ed25519"]
FORM = "application/x-www-form-urlencoded"
# What a token may be made of to make its reader stumble.
UNSOUND: tuple[type[Exception], ...] = (
    JoseError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
# Longer than any code that a provider gives, or any login of ours.
LONGEST_CODE, LONGEST_LOGIN = 4096, 60
# What a provider says that could do it another time (RFC 6749 4.1.2.1).
LATER = {"server_error", "temporarily_unavailable"}
# What it says where the operator has to mend something (RFC 6749 5.2); nobody tried anything.
UNKNOWN_CLIENT = {"invalid_client", "unauthorized_client"}


# Asks him to sign in there anew, and to be told when he did.
AGAIN = {"prompt": "login", "max_age": "0"}


class Wrong(Exception):
    """What came back does not hold; why, for the log."""


class Declined(Exception):
    """The person, or the provider for him, said no."""


@dataclass(frozen=True)
class Begun:
    """What his browser remembers while the person is away, and where he goes afterwards."""

    state: str
    nonce: str
    verifier: str
    at: float
    next: str

    @classmethod
    def of(cls, said: dict[str, Any] | None) -> Begun | None:
        """As it was remembered; None where nothing was begun, or too long ago."""
        longest = policy.read("oidc")["minutes"] * 60
        if not said or timezone.now().timestamp() - said["at"] > longest:
            return None
        return cls(**said)


@dataclass(frozen=True)
class Shown:
    """Who it was: the login, whether the provider asked for a second factor, and when he showed it
    (0 where that is not said).
    """

    login: str
    second: bool
    at: float


def begin(provider: Provider, back: str, next: str) -> tuple[str, Begun]:
    """(where the browser goes, what to remember). `back` is our address that it comes back to."""
    found = endpoints(provider, Line())
    begun = Begun(
        generate_token(43), generate_token(43), generate_token(64), timezone.now().timestamp(), next
    )
    address = prepare_grant_uri(
        found.authorization,
        provider.client_id,
        "code",
        redirect_uri=back,
        scope=list(provider.scopes),
        state=begun.state,
        nonce=begun.nonce,
        code_challenge=create_s256_code_challenge(begun.verifier),
        code_challenge_method="S256",
        acr_values=" ".join(provider.second_acr) or None,
        **(AGAIN if provider.again else {}),
    )
    return str(address), begun


def finish(provider: Provider, back: str, begun: Begun, said: Mapping[str, str]) -> Shown:
    """Who it was, or Wrong, Declined, Down. `said` is what the browser brought back."""
    if not hmac.compare_digest(said.get("state", "").encode(), begun.state.encode()):
        raise Wrong("the state is not that of this browser")
    line = Line()
    found = endpoints(provider, line)
    named = said.get("iss", "" if found.names_itself else provider.issuer)
    if named != provider.issuer:
        raise Wrong("somebody else answered than was asked")
    _no_error(said.get("error", ""))
    token = _token(provider, found, line, back, begun, said.get("code", ""))
    claims = _claims(provider, found, line, token, begun.nonce)
    at = _when(claims.get("auth_time"))
    if provider.again and at < begun.at - _drift():
        raise Wrong("the person was asked for nothing this time")
    return Shown(
        login=_login(provider, found, line, token, claims),
        second=_second(provider, claims),
        at=at,
    )


def _no_error(error: str) -> None:
    if error == "access_denied":
        raise Declined
    if error in LATER:
        raise Down(f"对方说 {error}")
    if error:
        raise Wrong(f"the provider said {error[:40]!r}")


def _token(
    provider: Provider, found: Endpoints, line: Line, back: str, begun: Begun, code: str
) -> dict[str, Any]:
    if not 0 < len(code) <= LONGEST_CODE:
        raise Wrong("no code came back")
    asked = prepare_token_request(
        "authorization_code", redirect_uri=back, code=code, code_verifier=begun.verifier
    )
    try:
        secret = provider.secret()
        way = ("client_secret_basic" if found.basic else "client_secret_post") if secret else "none"
        address, headers, body = ClientAuth(provider.client_id, secret, way).prepare(
            "POST", found.token, {"Content-Type": FORM}, asked
        )
    except (OSError, ValueError) as error:
        raise Down("客户端密钥读不了") from error
    status, token = line.ask("POST", address, body, headers)
    if status >= 500 or status == 429:
        raise Down(f"{address} 答复 {status}")
    if token.get("error") in UNKNOWN_CLIENT:
        raise Down("对方不认 oidc.toml 的 client_id 或者密钥")
    if status != 200 or not isinstance(token.get("id_token"), str):
        raise Wrong(f"no token for the code: {status} {str(token.get('error'))[:40]!r}")
    return token


def _claims(
    provider: Provider, found: Endpoints, line: Line, token: dict[str, Any], nonce: str
) -> CodeIDToken:
    keys: Any = line.get(found.keys)
    try:
        opened = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=SIGNED_BY)
        claims = CodeIDToken(
            opened.claims,
            opened.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            },
            params={
                "nonce": nonce,
                "client_id": provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=_drift())
    except UNSOUND as error:
        raise Wrong(f"the id token does not hold: {type(error).__name__} {error}"[:200]) from error
    return claims


def _login(
    provider: Provider, found: Endpoints, line: Line, token: dict[str, Any], claims: CodeIDToken
) -> str:
    """The claim that is the login, out of the token, or of what the provider says of its bearer."""
    said: Mapping[str, Any] = claims
    if provider.claim not in said and found.userinfo:
        said = line.get(found.userinfo, str(token.get("access_token", "")))
        if said.get("sub") != claims["sub"]:
            raise Wrong("the provider speaks of somebody else")
    login = said.get(provider.claim)
    if provider.claim == "email" and said.get("email_verified") is not True:
        raise Wrong("nobody verified that the address is his")
    if not isinstance(login, str) or not 0 < len(login) <= LONGEST_LOGIN or given.foul(login):
        raise Wrong(f"no usable claim {provider.claim!r}")
    return login


def _drift() -> int:
    return int(policy.read("oidc")["drift_seconds"])


def _when(said: object) -> float:
    now = timezone.now().timestamp()
    # Whoever's clock is ahead does not come from the future.
    return min(float(said), now) if isinstance(said, int | float) and 0 < said < 2 * now else 0.0


def _second(provider: Provider, claims: CodeIDToken) -> bool:
    methods = claims.get("amr") or []
    return claims.get("acr") in provider.second_acr or bool(
        set(provider.second_amr) & {each for each in methods if isinstance(each, str)}
    )
