"""公示信息, 执法依据, and lists from and to Excel."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.catalogue import bases, importing, sheets, workbooks
from mingzheng.catalogue.acts import bases as basis_acts
from mingzheng.catalogue.acts import importing as import_acts
from mingzheng.catalogue.acts import pages as page_acts
from mingzheng.catalogue.lists import in_force
from mingzheng.catalogue.models import Basis, BasisChange, Page
from mingzheng.catalogue.pages import PAGE_KINDS, newest
from mingzheng.core import clock, given
from mingzheng.core.digests import Fingerprint
from mingzheng.core.regimes import vocabulary
from mingzheng.desk import public_pages_page
from mingzheng.desk.identity import signed_in
from mingzheng.desk.menu import shell
from mingzheng.procedures.forms import UPLOAD_LIMIT
from mingzheng.procedures.outcome import Absent
from mingzheng.records import scanning, store
from mingzheng.records.actors import Actor
from mingzheng.records.refusal import Refused, refuse

SALT = "list-import"
# Rows shown before they are taken in; every row is looked at.
PREVIEW = 200


def _who(request: SignedRequest) -> tuple[Actor, Agency]:
    by: Actor = request.actor
    agency = Agency.objects.get(pk=by.agency_id)
    if not agency.pack:
        raise Absent()
    return by, agency


@signed_in
def page_list(request: SignedRequest) -> HttpResponse:
    """What the agency keeps public before enforcement; a press of 建立 begins a page."""
    by, body = _who(request)
    refusal = None
    if request.method == "POST":
        try:
            return redirect("desk:step", _opened(request, by, body).record_id, "page.compiled")
        except Refused as error:
            refusal = error
    return render(
        request,
        "desk/public_pages.html",
        shell(
            request,
            "pages",
            {
                "sections": public_pages_page.sections(by, body),
                "refusal": refusal,
                "imports": [
                    (kind, name, import_acts.may(by, body, kind))
                    for kind, name in importing.SHEET_NAMES.items()
                ],
            },
        ),
        status=409 if refusal else 200,
    )


def _opened(request: SignedRequest, by: Actor, agency: Agency) -> Page:
    kind = PAGE_KINDS.get(request.POST.get("kind", ""))
    if kind is None:
        raise Absent()
    sort, _, about = request.POST.get("about", "").partition(":")
    item = in_force(agency).filter(pk=given.key(about)).first() if sort == "item" else None
    title = request.POST.get("title", "").strip()[:200]
    if kind.several and not title:
        raise refuse("请填写名称。")
    return page_acts.open_page(
        by, kind.code, item, title if kind.several else "", about if sort == "matter" else ""
    )


@signed_in
@require_safe
def sheet(request: SignedRequest, record_id: int) -> HttpResponse:
    """The newest version's table as Excel."""
    by, _ = _who(request)
    page = Page.objects.filter(record__in=access.visible(by).filter(pk=record_id)).first()
    version = newest(page) if page else None
    table = (
        next(
            (block for block in json.loads(version.body)["blocks"] if block["kind"] == "table"),
            None,
        )
        if version
        else None
    )
    if page is None or table is None:
        raise Absent()
    return _xlsx(
        sheets.written(PAGE_KINDS[page.kind].name, table["head"], table["rows"]), page.title
    )


@signed_in
@require_safe
def register(request: SignedRequest, kind: str) -> HttpResponse:
    """The register as Excel, in the columns that are read back."""
    _, body = _who(request)
    if kind not in importing.SHEET_NAMES:
        raise Absent()
    return _xlsx(
        importing.register(body, kind), f"{body.short_name}{importing.SHEET_NAMES[kind]}（登记表）"
    )


@signed_in
def import_sheet(request: SignedRequest, kind: str) -> HttpResponse:
    """导入: the file is looked at row by row; only after a second press everything is taken in, or
    nothing.
    """
    by, body = _who(request)
    if kind not in importing.SHEET_NAMES:
        raise Absent()
    found, token, name, refusal, columns = None, "", "", None, importing.SHEETS[kind].columns
    try:
        import_acts.require(by, body, kind)
        if request.method == "POST" and "token" in request.POST:
            said = signing.loads(request.POST["token"], salt=SALT, max_age=3600)
            if said["agency"] != body.pk or said["kind"] != kind:
                raise Absent()
            import_acts.take_in(
                by,
                body,
                kind,
                store.Stored(Fingerprint(**said["file"]), said["size"], sheets.XLSX),
                said["name"],
            )
            return redirect(reverse("catalogue:pages") + "?imported=1")
        if request.method == "POST":
            sent = request.FILES.get("file")
            if sent is None:
                raise refuse("请选择一个 .xlsx 文件。")
            stored, name = (
                store.put(scanning.watched(sent.chunks()), sheets.XLSX, UPLOAD_LIMIT),
                (sent.name or "清单.xlsx")[-200:],
            )
            found = importing.look(body, kind, store.read(stored.sha256))
            token = signing.dumps(
                {
                    "agency": body.pk,
                    "kind": kind,
                    "name": name,
                    "size": stored.size,
                    "file": {"sha256": stored.fingerprint.sha256, "sm3": stored.fingerprint.sm3},
                },
                salt=SALT,
            )
    except signing.BadSignature:
        refusal = Refused("这次核对已经过期，请重新上传")
    except (Refused, store.StoreError) as error:
        refusal = error if isinstance(error, Refused) else Refused(str(error))
    return render(
        request,
        "desk/import_sheet.html",
        shell(
            request,
            "pages",
            {
                "kind": kind,
                "name": importing.SHEET_NAMES[kind],
                "columns": columns,
                "found": found,
                "token": token,
                "file": name,
                "rows": _preview(found, columns) if found else (),
                "counted": Counter(found.states.values()).items() if found else (),
                "refusal": refusal,
                "may": import_acts.may(by, body, kind),
            },
        ),
        status=409 if refusal else 422 if found and found.faults else 200,
    )


def _preview(
    found: workbooks.Read, columns: Sequence[workbooks.Column]
) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """(row, what it would do, its cells by head) of the first rows, those before the others that
    would do something.
    """
    rows = sorted(found.rows, key=lambda row: found.states[row.number] == sheets.SAME)
    return [
        (
            row.number,
            found.states[row.number],
            [(column.head, str(row.values[column.key] or "")) for column in columns],
        )
        for row in rows[:PREVIEW]
    ]


@signed_in
def legal_bases(request: SignedRequest) -> HttpResponse:
    """执法依据: registered, amended, repealed; functions adjusted."""
    by, body = _who(request)
    refusal = None
    if request.method == "POST":
        try:
            _changed(request, by, body)
            return redirect(reverse("catalogue:bases") + "?done=1")
        except Refused as error:
            refusal = error
    public = [
        page
        for page in Page.objects.filter(agency=body).order_by("title")
        if bases.published(page.record_id)
    ]
    return render(
        request,
        "desk/bases.html",
        shell(
            request,
            "pages",
            {
                "rows": [
                    {
                        "basis": row,
                        "rank": bases.rank_name(row),
                        "state": bases.state(row),
                        "pages": bases.citing(row),
                        "items": [item for item in in_force(body) if bases.cited_by(row, item)],
                        "over": bases.repealed_on(row),
                    }
                    for row in bases.of(body)
                ],
                "ranks": vocabulary().ranks.items(),
                "sorts": BasisChange.NAMES.items(),
                "public": public,
                "keeper": bool(by.roles & basis_acts.KEEPERS),
                "refusal": refusal,
                "said": request.POST,
            },
        ),
        status=409 if refusal else 200,
    )


def _changed(request: SignedRequest, by: Actor, agency: Agency) -> None:
    said, verb = request.POST, request.POST.get("verb", "")
    if verb == "register":
        basis_acts.register(
            by,
            said.get("name", "")[:200],
            said.get("rank", ""),
            _day(said.get("on", "")),
            said.get("number", "")[:80],
            _url(said.get("url", "")),
        )
    elif verb == "change":
        found = Basis.objects.filter(agency=agency, pk=given.key(said.get("basis"))).first()
        if found is None:
            raise refuse("请从列出的依据中选择。")
        basis_acts.change(
            by,
            found,
            said.get("sort", ""),
            _day(said.get("on", "")),
            said.get("successor", "")[:200],
            said.get("note", "")[:300],
        )
    elif verb == "functions":
        pages = Page.objects.filter(
            agency=agency, pk__in=[given.key(pk) for pk in said.getlist("pages")]
        )
        basis_acts.functions_changed(
            by, pages, _day(said.get("on", "")), said.get("what", "")[:300]
        )
    else:
        raise Absent()


def _day(text: str) -> date:
    found = given.day(text)
    if found is None:
        raise refuse("请填写日期，例如 2026-01-01。")
    return found


def _url(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s\"'<>]{3,280}", text):
        raise refuse("网址要以 http:// 或者 https:// 开头。")
    return text


def _xlsx(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type=sheets.XLSX)
    response["Content-Disposition"] = (
        content_disposition_header(True, f"{name}{clock.today():%Y%m%d}.xlsx") or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
