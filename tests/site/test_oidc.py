"""统一身份认证: signing in by an agency's own directory. The whole way is gone with a provider that
somebody else keeps, as a process of its own; one that lies tells what that one can't be made to tell.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.utils import timezone

from mingzheng.agencies import policy
from mingzheng.agencies.acts import accounts, factors
from mingzheng.agencies.models import Account, SignIn, Sitting
from mingzheng.agencies.oidc import asking, provider
from mingzheng.desk import identity, oidc_views
from mingzheng.limits import counters
from mingzheng.site import doctor
from mingzheng.site.demo.founding import PASSWORD
from tests.site.directory import Real, serving
from tests.site.liar import KEY, OTHER, Liar, liar

BACK = "/login/oidc/back"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes oidc.toml into a data directory of its own."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    asking.forget()

    def written(text: str = "", **fields: Any) -> Path:
        path = tmp_path / provider.OWN
        lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
        path.write_text(text or "\n".join(lines), encoding="utf-8")
        asking.forget()
        provider._parsed.cache_clear()
        return path

    yield written
    asking.forget()
    provider._parsed.cache_clear()


@pytest.fixture(scope="module")
def real() -> Iterator[Real]:
    with serving() as found:
        yield found


@pytest.fixture
def connected(write: Write, real: Real, monkeypatch: pytest.MonkeyPatch) -> Real:
    """The same, connected; it knows no client without a secret."""
    monkeypatch.setattr(settings, "OIDC_SECRET", "geheim")
    write(issuer=real.issuer, client_id="mz")
    return real


@pytest.fixture
def lying(write: Write) -> Iterator[Liar]:
    with liar() as it:
        write(issuer=it.issuer, client_id="mz")
        yield it


def away(client: Client, next: str = "") -> str:
    """Where the button leads."""
    answer = client.get("/login/oidc", {"next": next})
    assert answer.status_code == 302, answer.content.decode()[-600:]
    return str(answer["Location"])


def home(client: Client, address: str) -> Any:
    """The browser comes back."""
    where = urlsplit(address)
    assert f"{where.scheme}://{where.netloc}" == settings.PUBLIC_URL and where.path == BACK
    return client.get(f"{where.path}?{where.query}")


def remembered(client: Client, **other: Any) -> None:
    """What the browser remembers becomes something else."""
    begun = signing.loads(client.cookies[oidc_views.BEGUN].value, salt=oidc_views.BEGUN)
    client.cookies[oidc_views.BEGUN] = signing.dumps({**begun, **other}, salt=oidc_views.BEGUN)


def through(it: Liar, client: Client | None = None, next: str = "", **more: str) -> Any:
    """The whole way by the one that lies."""
    client = client or Client()
    return client.get(BACK, {**it.authorize(away(client, next)), **more})


def outcomes() -> list[str]:
    """How sign-ins ended, oldest first."""
    return list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))


def refused(answer: Any, words: str, status: int = 403) -> None:
    """Nobody came in; the password is offered."""
    page = answer.content.decode()
    assert answer.status_code == status and words in page, (answer.status_code, page[-900:])
    assert 'name="password"' in page and 'action="/login"' in page
    assert "no-store" in answer["Cache-Control"]


# By the real one.
def test_the_button_is_there_when_a_provider_is_connected(
    bodies: dict[str, Any], write: Write, real: Real
) -> None:
    assert "/login/oidc" not in Client().get("/login").content.decode()
    assert Client().get("/login/oidc").status_code == Client().get(BACK).status_code == 404
    write(issuer=real.issuer, client_id="mz", name="全省统一用户")
    page = Client().get("/login?next=/desk/cases").content.decode()
    assert "用全省统一用户登录" in page and "/login/oidc?next=/desk/cases" in page


def test_somebody_signs_in_by_the_directory_and_goes_on_where_he_was(
    bodies: dict[str, Any], write: Write, real: Real, tmp_path: Path
) -> None:
    secret = tmp_path / "oidc.secret"
    secret.write_text("geheim\n")
    secret.chmod(0o600)
    write(issuer=real.issuer, client_id="mz", client_secret_file="oidc.secret")
    real.tell("u-17", preferred_username="wg-01", name="某人")
    client = Client()
    session = client.session
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    address = away(client, "/desk/cases")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert (
        asked["redirect_uri"] == settings.PUBLIC_URL + BACK and asked["scope"] == "openid profile"
    )
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    brought = real.signs_in(address, sub="u-17")
    answer = home(client, brought)
    assert answer.status_code == 302 and answer["Location"] == "/desk/cases"
    assert client.get("/desk").status_code == 200
    assert client.session["login"] == "wg-01" and client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert Sitting.objects.filter(key=client.session.session_key).exists()
    assert outcomes() == ["oidc", "in"]
    # Of the tokens and of what was begun nothing is kept.
    assert not client.cookies[oidc_views.BEGUN].value
    assert not {"access_token", "id_token"} & set(client.session.keys())
    # The same once more: what was begun is used up, also before the provider is asked.
    refused(home(client, brought), oidc_views.STALE)
    # Known from now on, as after a password.
    assert {identity.WHO, identity.KNOWN} <= set(client.cookies)
    client.post("/logout")
    assert client.get("/desk").status_code == 302 and outcomes()[-1] == "out"


@pytest.mark.parametrize("who", ["nobody", "disabled", "left"])
def test_whoever_has_no_usable_account_is_told_so_and_nobody_is_made(
    bodies: dict[str, Any], connected: Real, who: str
) -> None:
    account = Account.objects.get(login="wg-02")
    if who == "disabled":
        Account.objects.filter(pk=account.pk).update(active=False)
    if who == "left":
        yesterday = date.today() - timedelta(days=1)
        account.person.posts.update(until=yesterday)
    connected.tell("u-2", preferred_username="niemand" if who == "nobody" else "wg-02")
    made, client = Account.objects.count(), Client()
    refused(home(client, connected.signs_in(away(client), sub="u-2")), oidc_views.NONE)
    assert client.get("/desk").status_code == 302 and Account.objects.count() == made
    outcome = {"nobody": "oidc-none", "disabled": "disabled", "left": "oidc-post"}[who]
    assert outcomes() == [outcome]
    assert "系统管理员" in oidc_views.NONE


def test_a_no_at_the_provider_is_no_fault(bodies: dict[str, Any], connected: Real) -> None:
    client = Client()
    address = away(client)
    denied = connected.signs_in(address, action="deny")
    assert "error=access_denied" in denied
    query = parse_qs(urlsplit(denied).query)
    # This one forgets the state, which the standard wants it to bring back.
    said = {"error": query["error"][0], "state": parse_qs(urlsplit(address).query)["state"][0]}
    refused(client.get(BACK, said), oidc_views.DECLINED)
    assert outcomes() == ["oidc-declined"]


def test_a_code_of_another_session_is_worth_nothing(
    bodies: dict[str, Any], connected: Real
) -> None:
    connected.tell("u-1", preferred_username="wg-01")
    his, other = Client(), Client()
    brought = connected.signs_in(away(his), sub="u-1")
    refused(home(Client(), brought), oidc_views.STALE)
    away(other)
    refused(home(other, brought), oidc_views.WRONG)
    assert other.get("/desk").status_code == 302
    # It was not used up by the others.
    assert home(his, brought).status_code == 302


def test_the_same_code_twice_is_refused_by_the_provider(
    bodies: dict[str, Any], connected: Real
) -> None:
    connected.tell("u-1", preferred_username="wg-01")
    client = Client()
    brought = connected.signs_in(away(client), sub="u-1")
    begun = client.cookies[oidc_views.BEGUN].value
    assert home(client, brought).status_code == 302
    thief = Client()
    thief.cookies[oidc_views.BEGUN] = begun
    refused(home(thief, brought), oidc_views.WRONG)


def test_the_doctor_asks_the_provider(bodies: dict[str, Any], write: Write, real: Real) -> None:
    write(issuer=real.issuer, client_id="mz")
    assert list(doctor._directory()) == []
    write(issuer=real.issuer + "/", client_id="mz")
    (said,) = doctor._directory()
    assert "与 issuer 不一致" in said and real.issuer in said


# By the one that lies.
def test_pkce_and_the_client_are_shown_as_they_should(
    bodies: dict[str, Any], lying: Liar, write: Write, tmp_path: Path
) -> None:
    assert through(lying).status_code == 302
    (form,) = [form for path, _, form in lying.asked if path == "/token"]
    assert form["grant_type"] == ["authorization_code"] and form["client_id"] == ["mz"]
    (tmp_path / "s").write_text("geheim")
    write(issuer=lying.issuer, client_id="mz", client_secret_file="s")
    assert through(lying).status_code == 302
    assert lying.asked[-2][1]["Authorization"] == "Basic bXo6Z2VoZWlt"
    lying.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    asking.forget()
    assert through(lying).status_code == 302
    assert lying.asked[-2][2]["client_secret"] == ["geheim"]
    # A wrong secret is for the operator to mend, and nobody's failure.
    lying.raw["/token"], lying.status["/token"] = b'{"error": "invalid_client"}', 401
    refused(through(lying), oidc_views.DOWN, 503)
    assert outcomes()[-1] == "oidc-down"
    lying.raw.clear()
    lying.status.clear()
    # The lies of these tests are told to somebody who checks: a wrong verifier is turned away.
    client = Client()
    brought = lying.authorize(away(client))
    remembered(client, verifier="x" * 64)
    refused(client.get(BACK, brought), oidc_views.WRONG)


NOW = int(time.time())
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody"},
    "no audience": {"aud": None},
    "two audiences and no party": {"aud": ["mz", "somebody"]},
    "another party": {"aud": ["mz", "somebody"], "azp": "somebody"},
    "another issuer": {"iss": "https://evil.test"},
    "expired": {"exp": NOW - 3600},
    "no end": {"exp": None},
    "an endless end": {"exp": float("inf")},
    "an end that is no number": {"exp": "tomorrow"},
    "from tomorrow": {"iat": NOW + 86400},
    "nobody": {"sub": None},
    "an empty login": {"preferred_username": ""},
    "a login that is a list": {"preferred_username": ["wg-01"]},
    "a login that nobody can mean": {"preferred_username": "wg-01\0"},
    "a login without end": {"preferred_username": "w" * 5000},
    "half a character": {"preferred_username": "\ud800"},
    "methods that are no list": {"amr": "otp"},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_hold_lets_nobody_in(
    bodies: dict[str, Any], lying: Liar, lie: str
) -> None:
    lying.claims = LIES[lie]
    client = Client()
    refused(through(lying, client), oidc_views.WRONG)
    assert client.get("/desk").status_code == 302 and outcomes() == ["oidc-wrong"]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"alg": "RS256", "kid": "one"}, OTHER),
        ({"alg": "RS256", "kid": "two"}, OTHER),
        ({"alg": "none"}, b""),
        # The public key as a shared secret: an old trick.
        ({"alg": "HS256", "kid": "one"}, KEY.as_pem(private=False)),
    ],
    ids=["another key", "an unknown key", "no signature", "a shared secret"],
)
def test_a_token_that_another_key_signed_lets_nobody_in(
    bodies: dict[str, Any], lying: Liar, header: dict[str, Any], key: Any
) -> None:
    lying.header, lying.key = header, key
    refused(through(lying), oidc_views.WRONG)
    assert outcomes() == ["oidc-wrong"]


@pytest.mark.parametrize("text", ["", "a.b.c", "…", 7, None, {"a": 1}, "a" * 200_000])
def test_what_is_no_token_lets_nobody_in(bodies: dict[str, Any], lying: Liar, text: Any) -> None:
    lying.more = {"id_token": text}
    refused(through(lying), oidc_views.WRONG)


@pytest.mark.parametrize(
    "said",
    [
        {"state": ""},
        {"state": "x"},
        {"state": "é"},
        {"code": ""},
        {"code": "x" * 5000},
        {"iss": "https://evil.test"},
        {"error": "invalid_scope"},
        {"error": "<script>"},
    ],
)
def test_what_the_browser_brings_is_looked_at(
    bodies: dict[str, Any], lying: Liar, said: dict[str, str]
) -> None:
    client = Client()
    answer = through(lying, client, **said)
    refused(answer, oidc_views.WRONG)
    assert "<script>" not in answer.content.decode()
    # Whatever came of it, it was begun once only.
    refused(client.get(BACK, {"code": "x", "state": "x"}), oidc_views.STALE)


def test_a_provider_that_names_itself_has_to(bodies: dict[str, Any], lying: Liar) -> None:
    lying.metadata["authorization_response_iss_parameter_supported"] = True
    refused(through(lying), oidc_views.WRONG)
    assert through(lying, iss=lying.issuer).status_code == 302


def test_who_comes_back_without_having_gone_uses_nothing_up(
    bodies: dict[str, Any], lying: Liar
) -> None:
    for _ in range(70):
        refused(Client().get(BACK, {"code": "x", "state": "x"}), oidc_views.STALE)
    assert not outcomes() and not lying.asked
    assert Client().post(BACK).status_code in (302, 405)
    client = Client()
    brought = lying.authorize(away(client))
    assert client.head(BACK, brought).status_code == 405
    assert client.get(BACK, brought).status_code == 302


def test_what_takes_too_long_is_begun_anew(
    bodies: dict[str, Any], lying: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    brought = lying.authorize(away(client))
    remembered(client, at=time.time() - policy.read("oidc")["minutes"] * 60 - 1)
    refused(client.get(BACK, brought), oidc_views.STALE)


@pytest.mark.parametrize("place", ["https://evil.test/", "//evil.test", "/p/x", "/desk\\..", ""])
def test_back_leads_nowhere_but_inside(bodies: dict[str, Any], lying: Liar, place: str) -> None:
    answer = through(lying, next=place)
    assert answer.status_code == 302 and answer["Location"] == "/desk"


def test_what_was_sent_when_the_session_had_ended_goes_on(
    bodies: dict[str, Any], lying: Liar
) -> None:
    client = Client()
    assert through(lying, client).status_code == 302
    Session.objects.filter(session_key=client.session.session_key).delete()
    client.post("/desk/people", {"verb": "open", "name": "新来"})
    answer = through(lying, client)
    assert answer["Location"] == "/desk/unsent/resume"
    assert "新来" in client.get(answer["Location"]).content.decode()


# The second factor, and what is owed.
def with_phone(login: str) -> tuple[Account, str]:
    """Somebody with a phone's authenticator, whose code of this moment is not used up."""
    account, secret = Account.objects.get(login=login), factors.new_secret()
    factors.add_totp(account, secret, pyotp.TOTP(secret).at(time.time() - 30), "手机")
    return account, pyotp.TOTP(secret).now()


def test_our_second_factor_comes_after_the_directory(bodies: dict[str, Any], lying: Liar) -> None:
    _, code = with_phone("wg-01")
    lying.claims = {"amr": ["pwd", "otp"], "acr": "2"}
    client = Client()
    answer = through(lying, client, "/desk/cases")
    assert answer["Location"] == "/login/second?next=%2Fdesk%2Fcases"
    assert client.get("/desk").status_code == 302
    page = client.get(answer["Location"])
    assert "密码" not in re.sub(r"<title>.*?</title>", "", page.content.decode()).split("<h1>")[1]
    done = client.post("/login/second", {"code": code, "next": "/desk/cases"})
    assert done.status_code == 302 and done["Location"] == "/desk/cases"
    assert client.session[identity.ELSEWHERE] and outcomes() == ["oidc", "factor", "in"]


@pytest.mark.parametrize(
    ("config", "claims"),
    [
        ({"second_amr": ["otp", "hwk"]}, {"amr": ["pwd", "otp"]}),
        ({"second_acr": ["urn:loa:2"]}, {"acr": "urn:loa:2"}),
    ],
)
def test_the_providers_second_factor_counts_where_the_operator_says_so(
    bodies: dict[str, Any],
    lying: Liar,
    write: Write,
    config: dict[str, Any],
    claims: dict[str, Any],
) -> None:
    with_phone("wg-01")
    write(issuer=lying.issuer, client_id="mz", **config)
    lying.claims, client = {**claims, "auth_time": int(time.time()) - 20}, Client()
    assert through(lying, client)["Location"] == "/desk"
    assert lying.request.get("acr_values") == (config.get("second_acr") or [None])[0]
    assert time.time() - client.session[identity.STEPPED] < 60
    # As fresh as it says; where it says nothing, or nonsense, what matters asks here once more.
    for said in (None, 10**400, -5, "now", True):
        lying.claims, again = {**claims, "auth_time": said}, Client()
        answer = through(lying, again)
        if said == "now":
            refused(answer, oidc_views.WRONG)
            continue
        assert answer["Location"] == "/desk"
        assert time.time() - again.session[identity.STEPPED] > 600
    lying.claims, client = {"amr": ["pwd"], "acr": "urn:loa:1"}, Client()
    assert through(lying, client)["Location"].startswith("/login/second")


def test_nobody_who_comes_by_the_directory_is_made_to_choose_a_password(
    bodies: dict[str, Any], lying: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    Account.objects.filter(login="wg-01").update(password=make_password(None), must_change=True)
    client = Client()
    assert through(lying, client)["Location"] == "/desk"
    assert client.get("/desk").status_code == 200
    # One that has aged is no concern of his either, while the password itself still has to go.
    monkeypatch.setattr(settings, "ACCOUNT_POLICY", True)
    old = timezone.now() - timedelta(days=900)
    Account.objects.filter(login="wg-01").update(
        password=make_password(PASSWORD), must_change=False, password_set_at=old
    )
    assert through(lying, Client())["Location"] == "/desk"
    answer = Client().post("/login", {"login": "wg-01", "password": PASSWORD})
    assert answer["Location"] == "/desk/account"


def test_who_must_have_a_second_factor_owes_it_all_the_same(
    bodies: dict[str, Any], lying: Liar, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ACCOUNT_POLICY", True)
    write(issuer=lying.issuer, client_id="mz", second_amr=["otp"])
    Account.objects.filter(login="wg-11").update(must_change=True)
    assert accounts.owes(Account.objects.get(login="wg-11")) == "password"
    lying.claims = {"preferred_username": "wg-11", "amr": ["otp"]}
    client = Client()
    assert through(lying, client)["Location"] == "/desk/account"
    assert client.session[identity.OWES] == "factor"
    page = client.get("/desk/account/phone").content.decode()
    secret = client.session["totp"]
    assert secret[:4] in page
    client.post("/desk/account/phone", {"code": pyotp.TOTP(secret).now(), "name": ""})
    # Done with; the password that he never used is not asked for after it.
    assert identity.OWES not in client.session and client.get("/desk").status_code == 200


def test_a_session_by_the_directory_ends_with_the_account(
    bodies: dict[str, Any], lying: Liar
) -> None:
    client = Client()
    through(lying, client)
    Account.objects.filter(login="wg-01").update(active=False)
    assert client.get("/desk").status_code == 302


def test_who_still_has_a_session_there_may_have_to_sign_in_again(
    bodies: dict[str, Any], lying: Liar, write: Write
) -> None:
    write(issuer=lying.issuer, client_id="mz", again=True)
    policy_says = policy.read("oidc")["drift_seconds"]
    for ago, status in ((0, 302), (policy_says + 30, 403), (None, 403)):
        lying.claims = {"auth_time": None if ago is None else int(time.time()) - ago}
        assert through(lying).status_code == status
    assert lying.request["prompt"] == "login" and lying.request["max_age"] == "0"


# What the claim is.
def test_the_claim_may_stand_in_what_is_said_of_the_bearer(
    bodies: dict[str, Any], lying: Liar, write: Write
) -> None:
    write(issuer=lying.issuer, client_id="mz", claim="employee")
    lying.userinfo = {"sub": "s-1", "employee": "wg-01"}
    assert through(lying).status_code == 302
    assert lying.asked[-1][1]["Authorization"] == "Bearer a"
    lying.userinfo = {"sub": "s-2", "employee": "wg-01"}
    refused(through(lying), oidc_views.WRONG)
    lying.userinfo, lying.more = {"sub": "s-1", "employee": "wg-01"}, {"access_token": "a\r\nX: y"}
    refused(through(lying), oidc_views.DOWN, 503)


def test_an_address_that_nobody_verified_is_nobodys(
    bodies: dict[str, Any], lying: Liar, write: Write
) -> None:
    write(issuer=lying.issuer, client_id="mz", claim="email")
    wg = bodies["wg"]
    accounts.open_for(wg, None, "新来", "wg@example.test", wg.units.first(), "科员")
    for verified, status in ((None, 403), (False, 403), ("true", 403), (True, 302)):
        lying.claims = {"email": "wg@example.test", "email_verified": verified}
        assert through(lying).status_code == status


# A provider that is not there, or not as it should be.
def test_a_provider_that_is_down_leaves_the_password(bodies: dict[str, Any], write: Write) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
    write(issuer=gone, client_id="mz")
    refused(Client().get("/login/oidc?next=/desk/cases"), oidc_views.DOWN, 503)
    (said,) = doctor._directory()
    assert "对方拒绝连接" in said and "oidc.toml" in said
    answer = Client().post("/login", {"login": "wg-01", "password": PASSWORD})
    assert answer.status_code == 302


def test_a_certificate_of_the_network_is_trusted_when_the_operator_says_so(
    bodies: dict[str, Any], write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = str(tmp_path / "own.pem")
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=own -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        ["openssl", *asked.split(), "-keyout", made, "-out", f"{made}.crt"],
        check=True,
        capture_output=True,
    )
    with open(made, "a") as both:
        both.write(Path(f"{made}.crt").read_text())
    with liar(made) as it:
        write(issuer=it.issuer, client_id="mz")
        refused(Client().get("/login/oidc"), oidc_views.DOWN, 503)
        (said,) = doctor._directory()
        assert "对方的证书核对不过" in said
        monkeypatch.setenv("SSL_CERT_FILE", f"{made}.crt")
        asking.forget()
        assert through(it).status_code == 302
        # Cut off by the clock below TLS as well.
        read = policy.read
        monkeypatch.setattr(policy, "read", lambda name: {**read(name), "seconds": 1})
        asking.forget()
        it.drip["/.well-known/openid-configuration"] = 60
        began = time.monotonic()
        refused(Client().get("/login/oidc"), oidc_views.DOWN, 503)
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_slow_provider_holds_nobody_up(
    bodies: dict[str, Any], lying: Liar, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    read = policy.read
    monkeypatch.setattr(policy, "read", lambda name: {**read(name), "seconds": 1})
    if path in ("/token", "/keys"):
        client = Client()
        brought = lying.authorize(away(client))
        lying.drip[path] = 60
        begun = time.monotonic()
        refused(client.get(BACK, brought), oidc_views.DOWN, 503)
        assert outcomes() == ["oidc-down"]
    else:
        lying.drip[path] = 60
        begun = time.monotonic()
        refused(Client().get("/login/oidc"), oidc_views.DOWN, 503)
        # Whoever comes next does not wait for it again.
        again = time.monotonic()
        refused(Client().get("/login/oidc"), oidc_views.DOWN, 503)
        assert time.monotonic() - again < 1
    assert time.monotonic() - begun < 10
    assert read("oidc")["seconds"] <= 5


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{" + b" " * (300 * 1024) + b"}", 200),
        (b"[" * 100_000, 200),
        (b"\xff\xfe", 200),
        (b"[]", 200),
        (b"<html>", 200),
        (b"{}", 500),
        (b"{}", 302),
    ],
)
def test_answers_that_are_none_lead_to_the_password(
    bodies: dict[str, Any], lying: Liar, path: str, raw: bytes, status: int
) -> None:
    client = Client()
    brought = lying.authorize(away(client))
    asking.forget()
    lying.raw[path], lying.status[path] = raw, status
    answer = client.get(BACK, brought)
    # A redirect of the token's address is no answer to the code; nobody follows it.
    moved = path == "/token" and status == 302
    refused(answer, oidc_views.WRONG if moved else oidc_views.DOWN, 403 if moved else 503)
    assert not [each for each, _, _ in lying.asked if each == "/elsewhere"]


@pytest.mark.parametrize(
    "place",
    [
        "http://169.254.169.254/latest",
        "https://evil.test/token",
        "http://127.0.0.1:1/token",
        "file:///etc/passwd",
        "http://127.0.0.1@evil.test/",
        "https://[",
        "",
        None,
        7,
    ],
)
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_what_the_provider_says_of_itself_leads_nowhere_else(
    bodies: dict[str, Any], lying: Liar, name: str, place: Any
) -> None:
    lying.metadata[name] = place
    refused(Client().get("/login/oidc"), oidc_views.DOWN, 503)
    (said,) = doctor._directory()
    assert name in said and "origins" in said


def test_another_origin_is_for_the_operator_to_name(
    bodies: dict[str, Any], lying: Liar, write: Write
) -> None:
    other = lying.issuer.replace("127.0.0.1", "localhost")
    lying.metadata["jwks_uri"] = f"{other}/keys"
    refused(Client().get("/login/oidc"), oidc_views.DOWN, 503)
    write(issuer=lying.issuer, client_id="mz", origins=[other])
    assert through(lying).status_code == 302


def test_a_provider_of_another_name_is_not_taken(bodies: dict[str, Any], lying: Liar) -> None:
    lying.metadata["issuer"] = "https://evil.test"
    refused(Client().get("/login/oidc"), oidc_views.DOWN, 503)


def test_one_that_could_do_it_later_is_told_apart(bodies: dict[str, Any], lying: Liar) -> None:
    refused(through(lying, error="temporarily_unavailable"), oidc_views.DOWN, 503)


# How often.
def test_an_address_that_fails_too_often_waits_and_passwords_go_on(
    bodies: dict[str, Any], lying: Liar
) -> None:
    lying.claims = {"preferred_username": "niemand"}
    for _ in range(policy.read("lock")["address"]):
        refused(through(lying), oidc_views.NONE)
    lying.claims = {}
    refused(through(lying), oidc_views.OFTEN)
    assert outcomes()[-1] == "locked"
    assert Client().post("/login", {"login": "wg-01", "password": PASSWORD}).status_code == 302


def test_going_there_too_often_waits(
    bodies: dict[str, Any], lying: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "spend", lambda *_, **__: 77)
    answer = Client().get("/login/oidc")
    refused(answer, oidc_views.OFTEN, 429)
    assert answer["Retry-After"] == "77"


def test_going_there_leaves_nothing_with_us(bodies: dict[str, Any], lying: Liar) -> None:
    client, kept = Client(), Session.objects.count()
    away(client, "/desk/" + "x" * 9000)
    assert Session.objects.count() == kept
    cookie = client.cookies[oidc_views.BEGUN]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/login/oidc"
    assert len(cookie.value) < 3500
    client.cookies[oidc_views.BEGUN] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    refused(client.get(BACK, {"code": "x", "state": "x"}), oidc_views.STALE)


def test_a_picture_on_a_foreign_page_sends_nobody_away(bodies: dict[str, Any], lying: Liar) -> None:
    answer = Client().get("/login/oidc", headers={"Sec-Fetch-Dest": "image"})
    refused(answer, oidc_views.STALE)
    assert not lying.asked


# The file.
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("issuer = ", "不是有效的 TOML"),
        ('issuer = "https://a.test"', "缺少：client_id"),
        ('client_id = "mz"', "缺少：issuer"),
        ('issuer = "http://a.test"\nclient_id = "mz"', "https"),
        ('issuer = "https://a.test/?x=1"\nclient_id = "mz"', "? 和 #"),
        ('issuer = "https://"\nclient_id = "mz"', "https"),
        ('issuer = "https://a.test:99999"\nclient_id = "mz"', "https"),
        ('issuer = 7\nclient_id = "mz"', "issuer 要写成带引号的文字"),
        ('issuer = "https://a.test"\nclient_id = "mz"\nclient_secret = "x"', "client_secret_file"),
        ('issuer = "https://a.test"\nclient_id = "mz"\nissur = "x"', "不认识的字段：issur"),
        ('issuer = "https://a.test"\nclient_id = "mz"\nname = ""', "name"),
        ('issuer = "https://a.test"\nclient_id = "mz"\nscopes = "openid"', "列表"),
        ('issuer = "https://a.test"\nclient_id = "mz"\nscopes = ["profile"]', '"openid"'),
        ('issuer = "https://a.test"\nclient_id = "mz"\norigins = ["http://b.test"]', "origins"),
        ('issuer = "https://a.test"\nclient_id = "mz"\nsecond_amr = [1]', "second_amr"),
        ('issuer = "https://a.test"\nclient_id = "mz"\nagain = "yes"', "true 或者 false"),
        ("[provider]\nissuer = 1", "不认识的字段：provider"),
    ],
)
def test_a_file_that_is_wrong_connects_nothing_and_says_why(
    bodies: dict[str, Any], write: Write, text: str, words: str
) -> None:
    write(text)
    said = list(doctor._directory())
    assert any(words in each for each in said), said
    assert all("统一身份认证没有接通，请改正。" in each for each in said)
    page = Client().get("/login").content.decode()
    assert "/login/oidc" not in page
    assert Client().get("/login/oidc").status_code == 404
    assert Client().post("/login", {"login": "wg-01", "password": PASSWORD}).status_code == 302


def test_bytes_that_are_no_text_connect_nothing(bodies: dict[str, Any], write: Write) -> None:
    write("x").write_bytes(b"\xff\xfe\x00")
    provider._parsed.cache_clear()
    assert "不是有效的 TOML" in provider.faults()[0]


def test_a_secret_that_others_can_read_is_complained_of(
    bodies: dict[str, Any], lying: Liar, write: Write, tmp_path: Path
) -> None:
    write(issuer=lying.issuer, client_id="mz", client_secret_file="geheim")
    (said,) = doctor._directory()
    assert "不在或者读不了" in said
    refused(through(lying), oidc_views.DOWN, 503)
    place = tmp_path / "geheim"
    place.write_text("x")
    place.chmod(0o644)
    (said,) = doctor._directory()
    assert "能被其他账号读取" in said and f"chmod 600 {place}" in said
    place.chmod(0o600)
    assert list(doctor._directory()) == []
    place.write_text(" \n")
    (said,) = doctor._directory()
    assert "是空的" in said


def test_the_secret_may_stand_in_the_environment(
    bodies: dict[str, Any], lying: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OIDC_SECRET", "geheim")
    assert through(lying).status_code == 302
    assert lying.asked[-2][1]["Authorization"].startswith("Basic ")
