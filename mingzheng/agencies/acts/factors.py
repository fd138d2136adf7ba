"""The second factor: TOTP, WebAuthn, and recovery codes for the day both are lost."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pyotp
import webauthn
from django.conf import settings
from django.utils import timezone
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mingzheng.agencies import passwords, policy
from mingzheng.agencies.acts import affairs
from mingzheng.agencies.models import Account, RecoveryCode, SecondFactor
from mingzheng.records import acts as record_acts
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work
from mingzheng.unsent.sealing import seal, unseal

# A code of the step before or after is taken too: clocks of phones are not exact.
STEP, DRIFT = 30, 1
TITLE = "没有添加"


def held(account: Account) -> list[SecondFactor]:
    """The factors of an account, oldest first."""
    return list(account.factors.filter(removed_at=None).order_by("pk"))


def new_secret() -> str:
    """A secret for a phone's authenticator, not yet anybody's."""
    return pyotp.random_base32()


def address(account: Account, secret: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name="明证")


def add_totp(account: Account, secret: str, typed: str, name: str) -> list[str]:
    """《网络安全法》第二十一条: a phone becomes the second factor once it has shown a right code;
    answers recovery codes when it is the first.
    """
    step = _step(secret, typed)
    if step is None:
        raise refuse("动态口令不对，请核对手机时间，输入新的 6 位口令。", title=TITLE, field="code")
    return _add(
        account,
        SecondFactor(
            kind=SecondFactor.TOTP,
            name=name.strip()[:40] or "手机动态口令",
            secret=seal({"secret": [secret]}),
            counter=step,
        ),
    )


def _step(secret: str, typed: str) -> int | None:
    said = "".join(typed.split())
    if len(said) != 6 or not said.isascii() or not said.isdigit():
        return None
    now, totp = int(timezone.now().timestamp()) // STEP, pyotp.TOTP(secret)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), said):
            return step
    return None


def _add(account: Account, factor: SecondFactor) -> list[str]:
    with work():
        first = not held(account)
        factor.account, factor.added_at = account, timezone.now()
        factor.act = _append(account, "factor.added", factor.kind, factor.name)
        factor.save()
        return new_recovery_codes(account) if first else []


def _append(account: Account, kind: str, of: str, name: str) -> Act:
    post = account.person.posts.order_by("pk").first()
    assert post is not None
    return record_acts.append(
        affairs(post.agency),
        None,
        Entry(
            kind=kind,
            of=of,
            subject=str(account.person_id),
            content={"name": account.person.name, "what": name},
        ),
    )


def new_recovery_codes(account: Account) -> list[str]:
    """《网络安全法》第二十一条: new codes, shown once; those of before are worthless."""
    now = timezone.now()
    account.recovery_codes.filter(used_at=None).update(used_at=now)
    codes = [passwords.code()[:14] for _ in range(policy.read("second")["recovery_codes"])]
    for each in codes:
        RecoveryCode.objects.create(account=account, digest=_recovery(account, each), made_at=now)
    return codes


def _recovery(account: Account, typed: str) -> str:
    return passwords.digest(f"{account.pk}R{typed}")


def remove(account: Account, pk: int) -> None:
    """《网络安全法》第二十一条: a factor is taken off; the last one of somebody who must have one stays."""
    with work():
        rows = {row.pk: row for row in held(account)}
        if pk not in rows:
            raise refuse("没有这一项。", title="没有移除")
        if len(rows) == 1 and policy.asked() and _must(account):
            raise refuse("您的岗位必须有第二步验证，请先添加新的，再移除这一项。", title="没有移除")
        _append(account, "factor.removed", rows[pk].kind, rows[pk].name)
        account.factors.filter(pk=pk).update(removed_at=timezone.now())


def _must(account: Account) -> bool:
    held_roles = {
        role for roles in account.person.posts.values_list("roles", flat=True) for role in roles
    }
    return bool(held_roles & set(policy.read("second")["must"]))


def shown(account: Account, typed: str) -> str:
    """《网络安全法》第二十一条: what a typed code was, "totp" or "recovery"; empty when it was neither.
    A code counts once.
    """
    for factor in held(account):
        if factor.kind != SecondFactor.TOTP:
            continue
        secret = (unseal(factor.secret) or {}).get("secret", [""])[0]
        step = _step(secret, typed) if secret else None
        if step is not None and SecondFactor.objects.filter(
            pk=factor.pk, counter__lt=step, removed_at=None
        ).update(counter=step, used_at=timezone.now()):
            return SecondFactor.TOTP
    if RecoveryCode.objects.filter(
        account=account, digest=_recovery(account, typed), used_at=None
    ).update(used_at=timezone.now()):
        recovered(account)
        return "recovery"
    return ""


def recovered(account: Account) -> Act:
    """《网络安全法》第二十一条: somebody came in with a recovery code; it is on the record."""
    with work():
        return _append(account, "factor.recovered", "", "恢复码")


# WebAuthn. The browser talks to the key; here only what the key signs is asked and checked.
@dataclass(frozen=True)
class Place:
    """Where a key is asked: the host that it is bound to, and the addresses of pages there. Behind a
    proxy the page's own address is that of the installation, not that of the request.
    """

    host: str
    origins: tuple[str, ...]

    @classmethod
    def of(cls, scheme: str, host: str) -> Place:
        """From a request whose host is one of those answered."""
        public = urlsplit(settings.PUBLIC_URL)
        origins = (f"{scheme}://{host}", f"{public.scheme}://{public.netloc}")
        return cls(urlsplit(f"//{host}").hostname or host, origins)


def registration(account: Account, place: Place) -> tuple[str, str]:
    """(options for the browser as JSON, challenge to remember)."""
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name="明证",
        user_id=str(account.pk).encode(),
        user_name=account.login,
        user_display_name=account.person.name,
        challenge=secrets.token_bytes(32),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(account),
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def _descriptors(account: Account) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential))
        for row in held(account)
        if row.kind == SecondFactor.WEBAUTHN
    ]


def add_key(account: Account, answer: str, challenge: str, place: Place, name: str) -> list[str]:
    """《网络安全法》第二十一条: a security key becomes the second factor."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=list(place.origins),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise refuse("安全密钥的回答不对，请重新添加。", title=TITLE) from error
    credential = bytes_to_base64url(made.credential_id)
    if SecondFactor.objects.filter(credential=credential, removed_at=None).exists():
        raise refuse("这把安全密钥已经登记过。", title=TITLE)
    return _add(
        account,
        SecondFactor(
            kind=SecondFactor.WEBAUTHN,
            name=name.strip()[:40] or "安全密钥",
            secret=bytes_to_base64url(made.credential_public_key),
            credential=credential,
            counter=made.sign_count,
        ),
    )


def asking(account: Account, place: Place) -> tuple[str, str]:
    """(options for the browser as JSON, challenge to remember); empty where no key is held."""
    known = _descriptors(account)
    if not known:
        return "", ""
    options = webauthn.generate_authentication_options(
        rp_id=place.host,
        challenge=secrets.token_bytes(32),
        allow_credentials=known,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def key_shown(account: Account, answer: str, challenge: str, place: Place) -> bool:
    """Whether one of the account's keys signed this challenge, here, and did not go back."""
    try:
        said: dict[str, Any] = json.loads(answer)
        row = account.factors.get(credential=str(said["id"]), removed_at=None)
        found = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=list(place.origins),
            credential_public_key=base64url_to_bytes(row.secret),
            credential_current_sign_count=row.counter,
        )
    except (
        WebAuthnException,
        SecondFactor.DoesNotExist,
        ValueError,
        KeyError,
        TypeError,
    ):
        return False
    return bool(
        SecondFactor.objects.filter(
            pk=row.pk, counter__lte=found.new_sign_count, removed_at=None
        ).update(counter=found.new_sign_count, used_at=timezone.now())
    )
