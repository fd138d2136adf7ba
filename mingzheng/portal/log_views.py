"""The ledger as outsiders read it: checkpoint, tiles and bundles as they lie on disk, and the
witness's two addresses.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from mingzheng.core import given
from mingzheng.core.ledger.tiles import NAME
from mingzheng.records.seal import keys, witnessing
from mingzheng.records.seal.policy import PolicyFault

TEXT = "text/plain; charset=utf-8"
VERIFIER = Path(__file__).parent / "verifier" / "mingzheng_verify.py"
FOREVER = "public, max-age=31536000, immutable"


def _absent() -> HttpResponse:
    return HttpResponse("没有这个文件\n", status=404, content_type=TEXT)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head; changes, so nobody keeps it."""
    return _text("checkpoint")


@require_safe
def vkey(request: HttpRequest) -> HttpResponse:
    """The public key of this log, and on a second line its SM2 key where it has one."""
    return _text(*keys.PUBLISHED.values())


@require_safe
def verifier(request: HttpRequest) -> HttpResponseBase:
    """The one-file verifier, to take away."""
    answer = FileResponse(
        VERIFIER.open("rb"),
        content_type="text/x-python; charset=utf-8",
        as_attachment=True,
        filename=VERIFIER.name,
    )
    answer["Cache-Control"] = "no-cache"
    return answer


def _text(name: str, *more: str) -> HttpResponse:
    try:
        rest = [path.read_bytes() for each in more if (path := Path(settings.LOG) / each).is_file()]
        answer = HttpResponse(
            b"".join([(Path(settings.LOG) / name).read_bytes(), *rest]), content_type=TEXT
        )
    except OSError:
        return _absent()
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def tile(request: HttpRequest, name: str) -> HttpResponseBase:
    """A tile or bundle; its name is spelt exactly, so no other file can be asked for, and its
    content never changes.
    """
    if not NAME.fullmatch(name):
        return _absent()
    try:
        answer = FileResponse(
            (Path(settings.LOG) / "tile" / name).open("rb"), content_type="application/octet-stream"
        )
    except OSError:
        return _absent()
    answer["Cache-Control"] = FOREVER
    return answer


@csrf_exempt
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """A log asks us to cosign its head: nobody is signed in here, the checkpoint's own signature
    is what counts.
    """
    if given.key(request.META.get("CONTENT_LENGTH")) > witnessing.LIMIT:
        return HttpResponse("提交过长\n", status=400, content_type=TEXT)
    try:
        answer = witnessing.add_checkpoint(request.body)
    except (keys.KeyFault, PolicyFault):
        return HttpResponse("本机暂时不能见证\n", status=503, content_type=TEXT)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.media_type)


@require_safe
def witnessed(request: HttpRequest, origin_hash: str) -> HttpResponse:
    """The newest head that we cosigned for a log."""
    answer = witnessing.witnessed(origin_hash)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.media_type)


@require_safe
def witness_key(request: HttpRequest) -> HttpResponse:
    """The public key with which this installation cosigns."""
    try:
        return HttpResponse(f"{keys.witness().verifier}\n", content_type=TEXT)
    except keys.KeyFault:
        return _absent()
