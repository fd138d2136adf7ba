"""RFC 3161: one time stamp a day over the newest head, from the authority named in witnesses.toml,
verified before it is kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import urllib.request
from pathlib import Path

from asn1crypto import algos, cms, core, pem, tsp, x509
from django.conf import settings
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from mingzheng.core import clock
from mingzheng.records.models import Head, TimeStamp
from mingzheng.records.seal import policy

TIMEOUT, LIMIT = 15.0, 1 << 20


class StampFault(Exception):
    """There is no usable time stamp; says why, in Chinese."""


def stamp_today() -> TimeStamp | None:
    """Stamp the newest head once a day; None when there is nothing to do. StampFault when the
    answer cannot be kept.
    """
    wanted = policy.read()
    head = Head.objects.order_by("-size").first()
    day = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    if not wanted.tsa_url or head is None or TimeStamp.objects.filter(stamped_at__gte=day).exists():
        return None
    digest, nonce = hashlib.sha256(head.note.encode()).digest(), secrets.randbits(63)
    token = _token(_ask(wanted.tsa_url, request(digest, nonce)))
    status = checked(token, digest, wanted.tsa_ca)
    if _info(token)["nonce"].native != nonce:
        raise StampFault("时间戳不是对这次请求的答复")
    return TimeStamp.objects.create(
        head=head, authority=wanted.tsa_url, token=token.dump(), stamped_at=status.timestamp
    )


def request(digest: bytes, nonce: int) -> bytes:
    """A time stamp request over a SHA-256 digest."""
    imprint = tsp.MessageImprint(
        {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
    )
    asked = tsp.TimeStampReq(
        {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    )
    return bytes(asked.dump())


def checked(token: cms.ContentInfo, digest: bytes, ca: str) -> TimestampSignatureStatus:
    """The verified token: signature, imprint, purpose of the certificate, and its chain up to the
    configured root.
    """
    context = ValidationContext(trust_roots=[_root(ca)], allow_fetching=False)
    try:
        found = asyncio.run(validate_tst_signed_data(token["content"], context, lambda _: digest))
        status = TimestampSignatureStatus(**found)
    except Exception as error:
        raise StampFault(f"时间戳核对不下去：{type(error).__name__}") from error
    if not (status.intact and status.valid):
        raise StampFault("时间戳的签名不对，或者盖的不是这个检查点")
    if not status.trusted:
        raise StampFault("时间戳证书不是由 tsa_ca 所列的机构签发的")
    return status


def _info(token: cms.ContentInfo) -> tsp.TSTInfo:
    return token["content"]["encap_content_info"]["content"].parsed


def _token(answer: bytes) -> cms.ContentInfo:
    try:
        response = tsp.TimeStampResp.load(answer)
        if response["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise StampFault("时间戳服务没有给出时间戳")
        token = response["time_stamp_token"]
        if isinstance(token, core.Void) or token["content_type"].native != "signed_data":
            raise StampFault("时间戳服务的答复里没有时间戳")
        _info(token)
        return token
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StampFault("时间戳服务的答复读不通") from error


def _ask(url: str, body: bytes) -> bytes:
    asked = urllib.request.Request(
        url, data=body, headers={"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:
            return bytes(answer.read(LIMIT))
    except (OSError, ValueError) as error:
        raise StampFault("时间戳服务连不上") from error


def _root(name: str) -> x509.Certificate:
    try:
        data = (Path(settings.DATA) / name).read_bytes()
        if pem.detect(data):
            _, _, data = pem.unarmor(data)
        return x509.Certificate.load(data)
    except (OSError, ValueError) as error:
        raise StampFault("witnesses.toml 里 tsa_ca 所指的根证书读不出来") from error
