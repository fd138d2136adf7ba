"""Resumable upload, tus 1.0 (https://tus.io/protocols/resumable-upload): creation, checksum,
termination, expiration.

A session like any page's, and its CSRF token in the header X-CSRFToken on POST, PATCH and
DELETE. Errors are a Chinese sentence in plain text. No request holds more than a chunk in
memory, and no other page waits for hashing.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import http_date

from mingzheng.agencies import access
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import clock
from mingzheng.desk import upload_metadata
from mingzheng.desk.receiving import Cannot, receive, sentence, settle
from mingzheng.evidence import receipts
from mingzheng.evidence.acts import transfers
from mingzheng.evidence.models import Upload
from mingzheng.evidence.uploads import Busy
from mingzheng.records.actors import Actor
from mingzheng.records.refusal import Refused
from mingzheng.records.store import StoreError

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
BYTES = "application/offset+octet-stream"
LARGEST = (1 << 63) - 1
COUNT = re.compile(r"[0-9]{1,19}")


def uploads(request: SignedRequest) -> HttpResponse:
    """/desk/uploads: OPTIONS says what is spoken here, POST begins a transfer."""
    return _answer(request, {"POST": _create})


def upload(request: SignedRequest, code: str) -> HttpResponse:
    """/desk/uploads/CODE: HEAD asks how far it is, PATCH goes on, DELETE gives up, GET answers
    JSON with the receipt.
    """

    def own(
        verb: Callable[[SignedRequest, Upload], HttpResponse],
    ) -> Callable[[SignedRequest, Actor], HttpResponse]:
        def found(request: SignedRequest, by: Actor) -> HttpResponse:
            row = Upload.objects.filter(code=code, person_id=by.person_id).first()
            if row is None:
                raise Cannot(404, "没有找到这次上传。")
            return verb(request, row)

        return found

    return _answer(
        request,
        {"HEAD": own(_head), "PATCH": own(_patch), "DELETE": own(_delete), "GET": own(_get)},
    )


def _answer(
    request: SignedRequest, verbs: dict[str, Callable[[SignedRequest, Actor], HttpResponse]]
) -> HttpResponse:
    method = str(request.method)
    if method == "POST":
        # Only where the token was asked for already.
        method = request.META.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper() or method
    try:
        response = _do(request, method, verbs)
    except Cannot as error:
        response = _say(error.status, error.sentence)
        if error.offset is not None:
            response["Upload-Offset"] = str(error.offset)
    except Busy:
        response = _say(423, "这个文件正在由另一个连接上传，请稍候，会自动继续。")
    except StoreError as error:
        response = _say(507, str(error))
    except Refused as error:
        response = _say(409, str(error))
    except OSError as error:
        response = _say(507, sentence(error))
    response["Tus-Resumable"] = VERSION
    return response


def _do(
    request: SignedRequest,
    method: str,
    verbs: dict[str, Callable[[SignedRequest, Actor], HttpResponse]],
) -> HttpResponse:
    if method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Tus-Version"], response["Tus-Extension"] = VERSION, EXTENSIONS
        response["Tus-Checksum-Algorithm"] = "sha1,sha256"
        return response
    by: Actor | None = request.actor
    if by is None:
        raise Cannot(401, "登录已过期，已传的部分不会丢。请重新登录，然后继续上传。")
    if method not in verbs:
        raise Cannot(405, "这个地址不接受这种请求。")
    if method != "GET" and request.META.get("HTTP_TUS_RESUMABLE") != VERSION:
        response = _say(412, f"上传程序的版本不对，这里用 tus {VERSION}。请刷新页面后重试。")
        response["Tus-Version"] = VERSION
        return response
    return verbs[method](request, by)


def _create(request: SignedRequest, by: Actor) -> HttpResponse:
    length = request.META.get("HTTP_UPLOAD_LENGTH", "")
    if not COUNT.fullmatch(length) or int(length) > LARGEST:
        raise Cannot(400, "没有说明文件有多大，不能开始上传。请刷新页面后重试。")
    if int(length) == 0:
        raise Cannot(400, "文件是空的（0 字节），没有上传。请从设备重新导出后再传。")
    wanted = upload_metadata.read(request.META.get("HTTP_UPLOAD_METADATA", ""), int(length))
    if wanted.record is not None and not (
        access.visible(by).filter(pk=wanted.record.pk).exists() and access.own(by, wanted.record)
    ):
        raise Cannot(404, "没有找到这件案子。")
    if shutil.disk_usage(settings.DATA).free < int(length):
        raise Cannot(
            507,
            "存储空间不够放下这个文件，没有开始上传。请联系系统管理员清理磁盘后重试；原文件请先不要删除。",
        )
    row = transfers.begin(by, wanted)
    if request.META.get("CONTENT_TYPE") == BYTES and row.state == Upload.OPEN and row.offset == 0:
        receive(request, row)
    response = _place(row, 201)
    response["Location"] = reverse("evidence:upload", args=[row.code])
    return response


def _head(request: SignedRequest, row: Upload) -> HttpResponse:
    _alive(row)
    settle(row)
    response = _place(row, 200)
    response["Upload-Length"] = str(row.length)
    response["Cache-Control"] = "no-store"
    return response


def _patch(request: SignedRequest, row: Upload) -> HttpResponse:
    _alive(row)
    if request.META.get("CONTENT_TYPE") != BYTES:
        raise Cannot(415, "上传的数据类型不对。请刷新页面后重试。")
    offset = request.META.get("HTTP_UPLOAD_OFFSET", "")
    if not COUNT.fullmatch(offset):
        raise Cannot(400, "没有说明从哪里接着传。请刷新页面后重试。")
    if int(offset) != row.offset:
        raise Cannot(
            409, f"续传的位置不对：已经收到 {row.offset} 字节，请从这里接着传。", row.offset
        )
    if row.state == Upload.OPEN:
        receive(request, row)
    return _place(row, 204)


def _delete(request: SignedRequest, row: Upload) -> HttpResponse:
    if row.state == Upload.STORED:
        raise Cannot(409, "文件已经收妥，不能再取消。没有提交的文件不会进入案卷。")
    transfers.terminate(row)
    return HttpResponse(status=204)


def _get(request: SignedRequest, row: Upload) -> HttpResponse:
    body = {
        "code": row.code,
        "name": row.name,
        "state": row.state,
        "state_name": Upload.STATES[row.state],
        "offset": row.offset,
        "length": row.length,
        "sha256": row.blob_id or "",
        "receipt": row.receipt,
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8"
    )


def key(request: SignedRequest) -> HttpResponse:
    """/desk/uploads/receipts.pub: the public key that receipts are checked with, hex."""
    return HttpResponse(receipts.public_key(), content_type="text/plain; charset=utf-8")


def _alive(row: Upload) -> None:
    if row.state == Upload.REFUSED:
        raise Cannot(
            410,
            "收到的内容与设备上的指纹不一致，没有收下。请在设备上重新上传；原文件请先不要删除。",
        )
    if (
        row.state in (Upload.EXPIRED, Upload.TERMINATED)
        or row.state == Upload.OPEN
        and row.expires_at < clock.now()
    ):
        raise Cannot(410, "这次上传已经过期或者取消，请重新上传；原文件请先不要删除。")


def _place(row: Upload, status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(row.offset)
    if row.state == Upload.OPEN:
        response["Upload-Expires"] = http_date(row.expires_at.timestamp())
    if row.receipt:
        response["Upload-Receipt"] = base64.b64encode(
            json.dumps(row.receipt, ensure_ascii=False).encode()
        ).decode()
    return response


def _say(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
