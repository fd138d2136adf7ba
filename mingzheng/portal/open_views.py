"""/open/: what is public as data to take along: JSON Lines, CSV, 双公示 columns, and Atom feeds to
follow an agency or an item by.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from mingzheng.agencies.models import Agency
from mingzheng.core import clock, given
from mingzheng.disclosure.channels import double_publication, tables
from mingzheng.disclosure.models import Publication
from mingzheng.portal import feeds
from mingzheng.portal.page import show
from mingzheng.rulebook.adopted import enforcing
from mingzheng.rulebook.naming import kind_name

# Columns of the plain table, each with its Chinese name.
CSV_COLUMNS = {
    "code": "公示编号",
    "agency": "公示单位",
    "kind": "类别",
    "title": "标题",
    "number": "文号",
    "party": "当事人",
    "facts": "事实",
    "basis": "依据",
    "decision": "结果",
    "decided_on": "作出日期",
    "published_on": "公示日期",
    "until": "公示截止",
    "sha256": "正文指纹",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be taken along, with a line of explanation each."""
    bodies = enforcing()
    return show(
        request,
        "open",
        {
            "here": "open",
            "agencies": [(body.code, body.name) for body in bodies],
            "columns": CSV_COLUMNS.items(),
        },
    )


def _rows(request: HttpRequest) -> QuerySet[Publication]:
    rows = Publication.objects.filter(state=Publication.LIVE, form="decision")
    if code := request.GET.get("agency"):
        agency = Agency.objects.filter(code=code[:50]).exclude(pack="").first()
        if agency is None:
            raise Http404
        rows = rows.filter(agency_id=agency.pk)
    for name, bound in (("since", "published_on__gte"), ("until", "published_on__lte")):
        if day := given.day(request.GET.get(name)):
            rows = rows.filter(**{bound: day})
    return rows.order_by("published_on", "id")


def _plain(row: Publication, names: dict[int, str]) -> dict[str, str]:
    body = json.loads(row.body)
    return {
        "code": row.code,
        "agency": names[row.agency_id],
        "kind": kind_name(row.kind),
        "title": row.title,
        "number": row.number,
        **{name: str(body.get(name, "")) for name in ("party", "facts", "basis", "decision")},
        "decided_on": row.decided_on.isoformat(),
        "published_on": str(row.published_on or ""),
        "until": str(row.until or ""),
        "sha256": row.text_hash,
    }


def _names() -> dict[int, str]:
    return dict(Agency.objects.values_list("pk", "name"))


@require_safe
def decisions_jsonl(request: HttpRequest) -> HttpResponseBase:
    """Every public decision as one JSON object a line."""
    names, rows = _names(), _rows(request)
    return _sent(
        (
            json.dumps(_plain(row, names), ensure_ascii=False) + "\n"
            for row in rows.iterator(chunk_size=500)
        ),
        "application/jsonl; charset=utf-8",
        "decisions.jsonl",
    )


@require_safe
def decisions_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a table that spreadsheets open."""
    names, rows = _names(), _rows(request)
    lines = tables.lines(
        list(CSV_COLUMNS), (_plain(row, names) for row in rows.iterator(chunk_size=500))
    )
    return _sent(lines, "text/csv; charset=utf-8", "decisions.csv")


@require_safe
def double(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """双公示 columns of an agency: only those that are shown to the public, natural persons as
    their page shows them.
    """
    agency = Agency.objects.filter(code=code).exclude(pack="").first()
    if agency is None or kind not in double_publication.kinds():
        raise Http404
    wanted = double_publication.public_columns(
        double_publication.columns(agency.pk, agency.pack, kind, clock.today())
    )
    return _sent(
        tables.lines(wanted, _covered(agency, kind)),
        "text/csv; charset=utf-8",
        f"{code}-{kind}.csv",
    )


def _covered(agency: Agency, kind: str) -> Iterator[dict[str, str]]:
    """Rows whose words are those of the public page, never those of the file."""
    for row in double_publication.rows(agency.pk, kind):
        shown = json.loads(
            Publication.objects.filter(record=row.record, state=Publication.LIVE).latest("pk").body
        )
        mark = next(iter(row.columns))[:2]
        said = {f"{mark}_XDR_MC": shown["party"].split("（")[0], f"{mark}_FRDB": ""}
        yield {**row.columns, **{name: text for name, text in said.items() if name in row.columns}}


def _sent(lines: Iterable[str], media: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """An Atom feed: publications, corrections or withdrawals, of all or of one agency, or of one
    item.
    """
    chosen = feeds.FEEDS.get(name)
    if chosen is None:
        raise Http404
    narrowed: Any = Q()
    if code := request.GET.get("agency"):
        agency = Agency.objects.filter(code=code[:50]).exclude(pack="").first()
        if agency is None:
            raise Http404
        narrowed &= Q(agency_id=agency.pk)
    if item := request.GET.get("item"):
        line = (
            Publication.objects.filter(code=item[:32], published_on__isnull=False)
            .values_list("line", flat=True)
            .first()
        )
        if line is None:
            raise Http404
        narrowed &= Q(line=line)
    response = HttpResponse(
        feeds.atom(chosen, narrowed, request.get_full_path()),
        content_type="application/atom+xml; charset=utf-8",
    )
    response["Cache-Control"] = "no-cache"
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
