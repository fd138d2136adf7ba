"""第二步验证: TOTP, WebAuthn with a key made of software, recovery codes, and once more before what
matters.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import struct
import time
from typing import Any

import cbor2
import pyotp
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client

from mingzheng.agencies import policy
from mingzheng.agencies.acts import accounts, factors
from mingzheng.agencies.models import Account, SecondFactor
from mingzheng.records.models import Act
from mingzheng.records.refusal import Refused
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.play import at
from tests.cases.telling import case
from tests.site.test_accounts import GOOD, browser

ORIGIN = "http://localhost"


def b64(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Key:
    """A security key made of software: P-256, attestation none."""

    def __init__(self, rp: str) -> None:
        self.private, self.id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(32)
        self.rp, self.count = hashlib.sha256(rp.encode()).digest(), 0

    def client(self, kind: str, challenge: str, origin: str) -> bytes:
        """What the browser says."""
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def made(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """The answer to `create`."""
        numbers = self.private.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        data = self.rp + b"\x45" + struct.pack(">I", self.count) + bytes(16)
        data += struct.pack(">H", len(self.id)) + self.id + public
        said = self.client("webauthn.create", options["challenge"], origin)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": b64(said), "attestationObject": b64(attestation)})

    def shown(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """The answer to `get`."""
        self.count += 1
        data = self.rp + b"\x05" + struct.pack(">I", self.count)
        said = self.client("webauthn.get", options["challenge"], origin)
        signed = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": b64(said),
                "authenticatorData": b64(data),
                "signature": b64(signed),
                "userHandle": None,
            }
        )

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        )


def options(answer: Any) -> dict[str, Any]:
    """What the page wants the browser to ask."""
    import html

    found = re.search(r'data-options="([^"]+)"', answer.content.decode())
    assert found
    return dict(json.loads(html.unescape(found.group(1))))


def with_phone(client: Client) -> tuple[str, list[str]]:
    """Add a phone on the pages; its secret and the recovery codes."""
    page = client.get("/desk/account/phone").content.decode()
    assert "<svg" in page
    secret = client.session["totp"]
    assert client.post("/desk/account/phone", {"code": "000000"}).status_code == 409
    answer = client.post(
        "/desk/account/phone", {"code": pyotp.TOTP(secret).now(), "name": "工作手机"}
    )
    assert answer.status_code == 302
    shown = client.get("/desk/account").content.decode()
    codes = re.findall(r"<li>((?:[2-9A-Z]{4}-){2}[2-9A-Z]{4})</li>", shown)
    assert len(codes) == 10
    assert not re.findall(r"<li>(?:[2-9A-Z]{4}-){2}", client.get("/desk/account").content.decode())
    return secret, codes


def later(secret: str, steps: int = 1) -> str:
    """A code of a coming step, within what clocks may differ."""
    return str(pyotp.TOTP(secret).at(int(time.time()) + 30 * steps))


def test_a_sign_in_with_a_phone_and_its_codes_once_each(bodies: dict[str, Any]) -> None:
    secret, codes = with_phone(browser("wg-01"))
    client = Client()
    answer = client.post("/login", {"login": "wg-01", "password": PASSWORD, "next": "/desk/cases"})
    assert answer.status_code == 302 and answer["Location"].startswith("/login/second")
    assert client.get("/desk").status_code == 302 and "login" not in client.session
    wrong = client.post("/login/second", {"code": "123456"})
    assert wrong.status_code == 403 and "没有通过" in wrong.content.decode()
    code = later(secret)
    answer = client.post("/login/second", {"code": code, "next": "/desk/cases"})
    assert answer.status_code == 302 and answer["Location"] == "/desk/cases"
    assert client.get("/desk").status_code == 200
    # The same code again, by whoever looked over the shoulder.
    other = Client()
    other.post("/login", {"login": "wg-01", "password": PASSWORD})
    assert other.post("/login/second", {"code": code}).status_code == 403
    assert other.post("/login/second", {"code": codes[0].lower()}).status_code == 302
    third = Client()
    third.post("/login", {"login": "wg-01", "password": PASSWORD})
    assert third.post("/login/second", {"code": codes[0]}).status_code == 403
    assert Act.objects.filter(kind="factor.recovered").count() == 1


def test_guessing_the_second_step_ends_soon(bodies: dict[str, Any]) -> None:
    secret, _ = with_phone(browser("wg-01"))
    client = Client()
    client.post("/login", {"login": "wg-01", "password": PASSWORD})
    for n in range(5):
        client.post("/login/second", {"code": f"{n:06d}"})
    assert client.post("/login/second", {"code": later(secret)}).status_code == 403
    assert client.get("/desk").status_code == 302


def test_a_sign_in_with_a_security_key(bodies: dict[str, Any]) -> None:
    client = browser("wg-01")
    key = Key("localhost")
    origin = ORIGIN
    here = {"HTTP_HOST": "localhost"}
    asked = options(client.get("/desk/account/key", **here))
    foreign = client.post(
        "/desk/account/key", {"answer": key.made(asked, "https://evil.example")}, **here
    )
    assert foreign.status_code == 409
    asked = options(client.get("/desk/account/key", **here))
    made = key.made(asked, origin)
    assert (
        client.post("/desk/account/key", {"answer": made, "name": "蓝"}, **here).status_code == 302
    )
    door = Client()
    door.post("/login", {"login": "wg-01", "password": PASSWORD}, **here)
    asked = options(door.get("/login/second", **here))
    assert asked["allowCredentials"][0]["id"] == b64(key.id)
    answer = key.shown(asked, origin)
    assert door.post("/login/second", {"answer": answer}, **here).status_code == 302
    assert door.get("/desk", **here).status_code == 200
    # What was signed once opens nothing again, and a copy of the key that lags behind neither.
    again = Client()
    again.post("/login", {"login": "wg-01", "password": PASSWORD}, **here)
    assert again.post("/login/second", {"answer": answer}, **here).status_code == 403
    asked = options(again.get("/login/second", **here))
    key.count = 0
    assert (
        again.post("/login/second", {"answer": key.shown(asked, origin)}, **here).status_code == 403
    )


def test_junk_of_a_browser_is_refused_and_not_an_error(bodies: dict[str, Any]) -> None:
    client = browser("wg-01")
    for junk in ("", "{}", "[]", "null", '{"id": 1}', "x" * 5000, '{"id":"AA","response":{}}'):
        client.get("/desk/account/key")
        assert client.post("/desk/account/key", {"answer": junk}).status_code == 409
    with_phone(client)
    door = Client()
    door.post("/login", {"login": "wg-01", "password": PASSWORD})
    for junk in ("{}", "[]", "null", '{"id": null}', "²²²²²²"):
        answer = door.post("/login/second", {"answer": junk})
        assert answer.status_code == 403


def test_an_approval_asks_again_and_what_was_sent_goes_on(bodies: dict[str, Any]) -> None:
    from mingzheng.procedures.models import Proposal

    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record)
    with at(journey.day, 15):
        chief = browser("wg-04")
        secret, _ = with_phone(chief)
        session = chief.session
        session["stepped"] = session["stepped"] - 11 * 60
        session.save()
        form = {
            "decision": "agree",
            "opinion": "同意",
            "text_hash": found.text_hash,
            "form_key": "step-up",
        }
        answer = chief.post(f"/desk/proposals/{found.pk}", form)
        assert answer.status_code == 302 and answer["Location"].startswith("/login/second")
        found.refresh_from_db()
        assert found.position == 0
        answer = chief.post("/login/second", {"code": later(secret)})
        assert answer["Location"] == "/desk/unsent/resume"
        page = chief.get("/desk/unsent/resume").content.decode()
        assert 'value="agree"' in page and found.text_hash in page
        assert chief.post(f"/desk/proposals/{found.pk}", form).status_code == 302
        found.refresh_from_db()
        assert found.position == 1


def test_taking_many_rows_out_asks_again_and_keeps_the_question(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = case(bodies).go("registered")
    with at(journey.day, 15):
        clerk = browser("wg-01")
        secret, _ = with_phone(clerk)
        session = clerk.session
        session["stepped"] = session["stepped"] - 11 * 60
        session.save()
        asked = "/desk/cases?mine=1&export=xlsx"
        assert clerk.get(asked).status_code == 200
        read = policy.read
        monkeypatch.setattr(policy, "read", lambda name: {**read(name), "export_rows": 0})
        answer = clerk.get(asked)
        assert answer.status_code == 302 and answer["Location"].startswith("/login/second")
        assert "export%3Dxlsx" in answer["Location"]
        back = clerk.post("/login/second", {"code": later(secret), "next": asked})
        assert back["Location"] == asked and clerk.get(asked).status_code == 200


def test_an_old_session_binds_no_first_factor(bodies: dict[str, Any]) -> None:
    client = browser("wg-01")
    client.get("/desk/account/phone")
    session = client.session
    session["begun"] = session["begun"] - 11 * 60
    session.save()
    answer = client.post(
        "/desk/account/phone", {"code": pyotp.TOTP(session["totp"]).now(), "name": "别人的"}
    )
    assert answer.status_code == 409 and "重新登录" in answer.content.decode()
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("decision", ["approve", "", "return", "refuse"])
def test_every_answer_to_a_request_asks_again_and_an_unknown_one_is_none(
    bodies: dict[str, Any], decision: str
) -> None:
    from mingzheng.procedures.models import Proposal

    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record)
    with at(journey.day, 15):
        chief = browser("wg-04")
        with_phone(chief)
        session = chief.session
        session["stepped"] = session["stepped"] - 11 * 60
        session.save()
        form = {
            "decision": decision,
            "opinion": "同意",
            "text_hash": found.text_hash,
            "form_key": "x",
        }
        answer = chief.post(f"/desk/proposals/{found.pk}", form)
        lent = chief.post("/desk/office", {"verb": "delegate"})
    known = decision in ("return", "refuse")
    assert answer.status_code == (302 if known else 409)
    assert not known or answer["Location"].startswith("/login/second")
    assert lent["Location"].startswith("/login/second")
    found.refresh_from_db()
    assert found.state == Proposal.OPEN and found.position == 0


def test_a_session_that_is_older_than_the_factor_is_asked_too(bodies: dict[str, Any]) -> None:
    older = browser("wg-04")
    session = older.session
    session["begun"] = session["begun"] - 11 * 60
    session.save()
    with_phone(browser("wg-04"))
    for address, sent in (
        ("/desk/office", {"verb": "delegate"}),
        ("/desk/account", {"verb": "recovery"}),
        ("/desk/account", {"verb": "remove", "factor": str(SecondFactor.objects.get().pk)}),
    ):
        answer = older.post(address, sent)
        assert answer.status_code == 302 and answer["Location"].startswith("/login/second")
    assert SecondFactor.objects.get().removed_at is None


def test_without_a_second_factor_nothing_more_is_asked(bodies: dict[str, Any]) -> None:
    from mingzheng.procedures.models import Proposal

    journey = case(bodies).go("proposed")
    found = Proposal.objects.get(record=journey.play.record)
    with at(journey.day, 15):
        form = {
            "decision": "agree",
            "opinion": "同意",
            "text_hash": found.text_hash,
            "form_key": "plain",
        }
        answer = browser("wg-04").post(f"/desk/proposals/{found.pk}", form)
    assert answer["Location"] == f"/desk/cases/{journey.play.record.pk}?done=answer"


def test_roles_that_must_have_one_get_nowhere_without(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ACCOUNT_POLICY", True)
    head = browser("wg-11")
    assert head.get("/desk")["Location"] == "/desk/account"
    assert "请先添加动态口令" in head.get("/desk/account").content.decode()
    with_phone(head)
    assert head.get("/desk").status_code == 200
    assert browser("wg-01").get("/desk").status_code == 200
    account = Account.objects.get(login="wg-11")
    with pytest.raises(Refused) as refusal:
        factors.remove(account, account.factors.get().pk)
    assert "必须有第二步验证" in str(refusal.value)


def test_a_reset_takes_the_second_factor_along(bodies: dict[str, Any]) -> None:
    _, codes = with_phone(browser("wg-01"))
    account = Account.objects.get(login="wg-01")
    code = accounts.reset_by_operator(bodies["wg"], account, "手机丢了")
    assert not factors.held(account) and not factors.shown(account, codes[1])
    client = Client()
    answer = client.post("/login/code", {"code": code, "password": GOOD, "again": GOOD})
    assert answer.status_code == 302 and client.get("/desk").status_code == 200


def test_a_secret_is_not_readable_in_the_database(bodies: dict[str, Any]) -> None:
    secret, codes = with_phone(browser("wg-01"))
    row = SecondFactor.objects.get()
    assert secret not in row.secret
    kept = str(list(Account.objects.get(login="wg-01").recovery_codes.values()))
    assert not any(code in kept for code in codes)
