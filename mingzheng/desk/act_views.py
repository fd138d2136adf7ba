"""The page of a step: its form, what is missing, what it will set off; and the page of an
approval.
"""

from __future__ import annotations

import json
import secrets
from itertools import pairwise
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingzheng.agencies.models import Body
from mingzheng.catalogue import building
from mingzheng.core import clock
from mingzheng.core.canonical import content_hash
from mingzheng.desk import covering_page
from mingzheng.desk.identity import signed_in
from mingzheng.desk.inbox import record_light, state_name
from mingzheng.desk.menu import openings, shell
from mingzheng.desk.views import find
from mingzheng.disclosure.forms.proposing import ProposeForm
from mingzheng.evidence.media import examine, examine_sent
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures import paper, publishing, registry, roles
from mingzheng.procedures.forms import UPLOAD_LIMIT, ActForm
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Absent, Invalid
from mingzheng.records import law, store
from mingzheng.records.actors import Actor
from mingzheng.records.models import FormUse, Record
from mingzheng.records.refusal import Ground, Refused, Stale
from mingzheng.records.words import role_name


def ticket(record_id: int, head: int | None, key: str) -> str:
    """A signed one-time ticket of a form: it fits one record, one step, one moment."""
    return signing.dumps(
        {"r": record_id, "h": head, "k": key, "n": secrets.token_hex(12)}, salt="form"
    )


def read_ticket(text: str, record_id: int, key: str) -> dict[str, Any]:
    """The ticket's content; Refused when it belongs to another case or step."""
    try:
        said: dict[str, Any] = signing.loads(text, salt="form", max_age=7 * 86400)
    except signing.BadSignature as error:
        raise Stale("这张表已经失效，没有提交。请核对内容后重新提交。", ()) from error
    if said["r"] != record_id or said["k"] != key:
        raise Stale(
            "这张表是为另一件案子（或者另一个环节）打开的，没有提交。请核对后重新提交。", ()
        )
    return said


@signed_in
def step(request: HttpRequest, record_id: int, key: str) -> HttpResponse:
    """Show the form of a step, or take it."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    record = find(request, record_id)
    row = registry.step_of(record, key)
    if row is None or not roles.may(by, record, row):
        raise Absent()
    form_class = registry.find(row.doer).form
    routed = bool(row.route)
    if request.method != "POST" or "preview" in request.POST:
        # A preview shows the page again with the answers so far; nothing is done and nothing is
        # judged.
        form = form_class(request.POST or None, record=record, actor=by, routed=routed)
        form.looking = "preview" in request.POST
        return _form(request, record, row, form, missing=_missing(record, row, by))
    try:
        said = read_ticket(request.POST.get("ticket", ""), record.pk, key)
        files = uploads(request, form_class.large)
        if form_class.large:
            examine_sent(by.person_id, request.POST.get("uploads", ""))
        outcome = procedure_acts.take_step(
            by, record.pk, key, request.POST, form_key=said["n"], seen=said["h"], files=files
        )
    except Invalid as error:
        return _form(request, record, row, error.form, status=422)
    except (Refused, store.StoreError) as error:
        form = form_class(request.POST, record=record, actor=by, routed=routed)
        refusal = error if isinstance(error, Refused) else Refused(str(error))
        record.refresh_from_db()
        return _form(request, record, row, form, refusal=refusal, status=409)
    if outcome.proposal and not outcome.repeated:
        return redirect(reverse("desk:proposal", args=[outcome.proposal.pk]) + "?sent=1")
    return redirect(f"{reverse('desk:case', args=[record.pk])}?done={key}")


def uploads(request: HttpRequest, look: bool = False) -> list[tuple[store.Stored, str, str]]:
    """Keep what was sent, durably, before anything is said about it."""
    kept = []
    for sent in request.FILES.getlist("files"):
        stored = store.put(sent.chunks(), "application/octet-stream", UPLOAD_LIMIT)
        # Looked at before the step begins: inside its transaction nothing is opened.
        if look:
            examine(store.register(stored).pk)
        kept.append(
            (stored, (sent.name or "file")[-200:], request.POST.get("upload_purpose", "")[:60])
        )
    return kept


def _missing(record: Record, row: Any, by: Actor) -> list[Any]:
    facts = registry.facts_of(record)
    assuming = [("approval.given", row.route)] if row.route else []
    # Facts that this very form will supply are not missing yet.
    return [
        ground
        for ground in law.refusals_of(
            law.regime(record),
            record,
            row.act,
            row.of,
            clock.now(),
            facts,
            {"person": by.person_id},
            assuming,
        )
        if not all(word.startswith("尚未填明") for word in ground.missing)
    ]


def _form(
    request: HttpRequest,
    record: Record,
    row: Any,
    form: ActForm,
    *,
    refusal: Refused | None = None,
    missing: Any = (),
    status: int = 200,
) -> HttpResponse:
    body = Body.objects.get(pk=record.agency_id)
    route = (
        law.regime(record).route(row.route, clock.today(), registry.facts_of(record))
        if row.route
        else None
    )
    return render(
        request,
        "desk/step.html",
        shell(
            request,
            "cases",
            {
                "record": record,
                "step": row,
                "form": form,
                "fields": (rows := fields(form)),
                "sections": in_sections(rows),
                "refusal": refusal,
                "missing": missing,
                "ticket": ticket(record.pk, record.head, row.key),
                "state": state_name(record),
                "light": record_light(record),
                "route": (
                    [role_name(each.role or each.meeting) for each in route.steps] if route else []
                ),
                "route_source": route.source if route else "",
                "agency": body,
                "sets_off": _sets_off(record, row),
                "draft": shown_text(record, form.shows),
                "recordings": _recordings(record, row),
                "sheet": covering_page.of_form(form) if isinstance(form, ProposeForm) else None,
            },
        ),
        status=status,
    )


def _sets_off(record: Record, row: Any) -> list[Any]:
    facts = registry.facts_of(record)
    if row.of:
        facts["of"] = row.of
    found = law.regime(record).owed(row.act, clock.today(), facts, law.calendar())
    return [owed for owed in found if not owed.none and not owed.unset]


def _recordings(record: Record, row: Any) -> list[Any]:
    rows = law.regime(record).rows("recordings", clock.today(), registry.facts_of(record)).rows
    return [each for each in rows if each.get("act") == row.act]


def fields(form: ActForm) -> list[dict[str, Any]]:
    """Each field with its kind of control, why it is asked, and its errors."""
    out = []
    for bound in form:
        # A passage is asked about in the list of passages, where its words and its reason stand.
        if bound.name.startswith("keep-"):
            continue
        why, source = form.whys.get(bound.name, ("", ""))
        widget = type(bound.field.widget).__name__
        options = []
        if widget in ("RadioSelect", "CheckboxSelectMultiple"):
            chosen = bound.value()
            chosen = (
                {str(item) for item in chosen}
                if isinstance(chosen, (list, tuple))
                else {str(chosen)}
            )
            for value, text in bound.field.choices:  # type: ignore[attr-defined]
                name, _, note = str(text).partition("|")
                options.append(
                    {"value": value, "name": name, "note": note, "on": str(value) in chosen}
                )
        out.append(
            {
                "bound": bound,
                "why": why,
                "source": source,
                "options": options,
                "errors": [] if form.looking else list(bound.errors),
                "section": form.sections.get(bound.name, ""),
                "control": (
                    {
                        "RadioSelect": "radio",
                        "CheckboxSelectMultiple": "checks",
                        "CheckboxInput": "tick",
                    }.get(widget, "plain")
                ),
                "short": (
                    widget == "RadioSelect"
                    and len(options) <= 3
                    and not any(o["note"] for o in options)
                ),
            }
        )
    return _paired(out, form)


def _paired(rows: list[dict[str, Any]], form: ActForm) -> list[dict[str, Any]]:
    """Two short fields that follow each other share a line, unless one of them is explained at its
    side.
    """
    for left, right in pairwise(rows):
        short = all(each["bound"].name in form.halves and not each["why"] for each in (left, right))
        if short and not left.get("half") and not right["section"]:
            left["half"] = right["half"] = True
    return rows


def in_sections(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields as panels: a field that names a section begins one; a form without fields is one empty panel."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if not found or row["section"]:
            found.append({"title": row["section"], "rows": []})
        found[-1]["rows"].append(row)
    return found or [{"title": "", "rows": []}]


@signed_in
def begin(request: HttpRequest) -> HttpResponse:
    """What may be begun: one kind is opened at once, several are offered."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    offered = openings(by, Body.objects.get(pk=by.agency_id))
    if not offered:
        raise Absent()
    if len(offered) == 1:
        return redirect("desk:open", offered[0].code)
    return render(request, "desk/begin.html", shell(request, "cases", {"offered": offered}))


@signed_in
def register(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a matter of one kind."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    found = next(
        (each for each in openings(by, Body.objects.get(pk=by.agency_id)) if each.code == code),
        None,
    )
    if found is None:
        raise Absent()
    form = found.form(request.POST or None, record=None, actor=by)  # type: ignore[arg-type]
    refusal, key = None, secrets.token_hex(12)
    if request.method == "POST":
        key = request.POST.get("form_key", key)[:64]
        used = FormUse.objects.filter(pk=key).first()
        if used:
            return redirect("desk:case", used.record_id)
        if form.is_valid():
            try:
                record = found.run(by, form.cleaned_data, key)
                return redirect(f"{reverse('desk:case', args=[record.pk])}?done={code}")
            except Refused as error:
                refusal = error
    return render(
        request,
        "desk/register.html",
        shell(
            request,
            "cases",
            {
                "opening": found,
                "form": form,
                "fields": (rows := fields(form)),
                "sections": in_sections(rows),
                "form_key": key,
                "refusal": refusal,
            },
        ),
        status=422 if request.method == "POST" else 200,
    )


@signed_in
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """审批: what is proposed word for word, the opinions so far, and the approver's own."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    found = Proposal.objects.select_related("record").filter(pk=proposal_id).first()
    if found is None:
        raise Absent()
    record = find(request, found.record_id)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            if request.POST.get("decision") == "withdraw":
                procedure_acts.withdraw(by, found.pk)
            else:
                procedure_acts.answer(
                    by,
                    found.pk,
                    request.POST.get("decision", ""),
                    request.POST.get("opinion", ""),
                    text_hash=request.POST.get("text_hash", ""),
                    form_key=request.POST.get("form_key", "")[:64],
                )
            return redirect("desk:case", record.pk)
        except Refused as error:
            refusal, status = error, 409
        except Invalid as error:
            refusal, status = (
                Refused(
                    "报批的内容已经不能办理，请退回修改",
                    [Ground(str(text)) for texts in error.form.errors.values() for text in texts],
                ),
                409,
            )
        found.refresh_from_db()
    return render(
        request,
        "desk/proposal.html",
        shell(
            request,
            "cases",
            {
                "record": record,
                "proposal": found,
                "said": _said(found, record, by),
                "refusal": refusal,
                "opinions": procedure_acts.opinions(found),
                "mine": roles.may_approve(by, found),
                "own": found.proposer_id == by.person_id,
                "form_key": secrets.token_hex(12),
                "state": Proposal.NAMES[found.state],
                "turn": role_name(roles.at(found)) if found.state == Proposal.OPEN else "",
                "light": record_light(record),
                "opened": found.opened_by,
                "draft": shown_text(record, _form_class(found, record).shows),
                "covering": (
                    covering_page.of_proposed(record)
                    if _form_class(found, record).shows == "publication"
                    else None
                ),
                "sheet": paper.waiting(found),
                "signers": paper.candidates(found) if found.state == Proposal.OPEN else [],
            },
        ),
        status=status,
    )


def _form_class(found: Proposal, record: Record) -> type[ActForm]:
    row = registry.step_of(record, found.step)
    return registry.find(row.doer).form if row else ActForm


def _said(found: Proposal, record: Record, by: Actor) -> list[tuple[str, str]]:
    payload = json.loads(found.payload)
    row = registry.step_of(record, found.step)
    if row is None:
        return []
    form = registry.find(row.doer).form(payload["data"], record=record, actor=by, routed=True)
    out = []
    for bound in form:
        value = payload["data"].get(bound.name, "")
        choices = {str(k): str(v).partition("|")[0] for k, v in getattr(bound.field, "choices", [])}
        values = value if isinstance(value, list) else [value]
        out.append(
            (str(bound.label), "、".join(choices.get(str(item), str(item)) for item in values))
        )
    return out


def shown_text(record: Record, kind: str) -> dict[str, Any] | None:
    """The text that a decision or a publication would put out, word for word, with its hash."""
    if kind == "decision":
        draft = record.drafts.order_by("-pk").first()
        return (
            {"kind": kind, "body": json.loads(draft.body), "hash": draft.text_hash}
            if draft
            else None
        )
    if kind == "building":
        page = record.page
        made = building.build(page, building.last_said(page))
        return {
            "kind": kind,
            "body": {"title": page.title, "blocks": made.blocks},
            "hash": content_hash(made.body()),
        }
    if kind == "page":
        offer = publishing.offer(record)
        return (
            {
                "kind": kind,
                "body": {"title": offer.title, **offer.body},
                "hash": content_hash(offer.body),
            }
            if offer
            else None
        )
    if kind == "publication":
        text = (
            record.publications.filter(state__in=["proposed", "approved"]).order_by("-pk").first()
        )
        return (
            {"kind": kind, "body": json.loads(text.body), "hash": text.text_hash} if text else None
        )
    return None
