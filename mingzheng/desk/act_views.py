"""The page of a step: its form, what is missing, what it will set off; and the page of an
approval.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from mingzheng.agencies import policy
from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.catalogue import building
from mingzheng.core.canonical import content_hash
from mingzheng.core.digests import Fingerprint
from mingzheng.core.steps import Step
from mingzheng.desk import redaction_page, returned
from mingzheng.desk.identity import signed_in, to_step_up
from mingzheng.desk.inbox import record_light, state_name
from mingzheng.desk.menu import openings, shell
from mingzheng.desk.views import beside, find
from mingzheng.disclosure.forms.proposing import ProposeForm
from mingzheng.documents import acts as document_acts
from mingzheng.documents import proving
from mingzheng.documents.models import MadeBefore
from mingzheng.evidence.media import examine_sent, glance
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures import making, paper, publishing, registry, roles
from mingzheng.procedures.citing import cited
from mingzheng.procedures.forms import UPLOAD_LIMIT, ActForm
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Absent, Invalid
from mingzheng.procedures.situation import Matter
from mingzheng.records import scanning, store
from mingzheng.records.actors import Actor
from mingzheng.records.models import FormUse, Record
from mingzheng.records.refusal import Ground, Refused, Stale
from mingzheng.records.words import role_name
from mingzheng.unsent import acts as unsent

MOST_FILES = 100
# The one-time key of a form that begins a matter.
KEY = re.compile(r"[0-9A-Za-z-]{8,64}")


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
def step(request: SignedRequest, record_id: int, key: str) -> HttpResponse:
    """Show the form of a step, or take it."""
    by: Actor = request.actor
    if request.method == "POST" and "preview" not in request.POST:
        asked = key.partition(":")[0] in policy.read("second")["acts"]
        return (to_step_up(request) if asked else None) or _take(request, by, record_id, key)
    matter, row = _asked(request, record_id, key)
    # A preview shows the page again with the answers so far; nothing is done and nothing is judged.
    again = returned.asked(request, matter, row)
    typed = unsent.kept(by, request.path)
    made = _made(matter, row)
    data = request.POST or (again.answers if again else None)
    if made and not data:
        # The paper is made; what it was made of need not be typed again.
        data = unsent.form_data(document_acts.answers_of(made[-1]))
    files = again.files if again else []
    if typed and "continue" in request.GET:
        data, files = typed.answers, chosen(request, typed.answers.getlist("kept"))
        again, typed = None, None
    form = _blank(matter, row, by, data)
    form.looking = data is not None
    # Facts that this very form will supply are not missing yet.
    missing = [
        ground
        for ground in matter.missing(row, by.person_id)
        if not all(word.startswith("尚未填明") for word in ground.missing)
    ]
    return _form(
        request,
        matter,
        row,
        form,
        missing=missing,
        files=files,
        made=made,
        more={
            "again": again,
            "typed": typed,
            "back": returned.waiting(matter, row, by) if row.route and data is None else "",
        },
    )


@signed_in
@require_POST
def preview(request: SignedRequest, record_id: int, key: str) -> HttpResponse:
    """The papers that the step would leave, as a PDF to read, or to print and have signed; nothing
    is done. Where nothing is said yet of service and signatures, it is the paper that is printed for
    them.
    """
    by = request.actor
    matter, row = _asked(request, record_id, key)
    later = registry.find(row.verb_key).form.later
    making = bool(later) and not any(request.POST.get(name, "").strip() for name in later)
    try:
        papers = procedure_acts.rehearse(by, record_id, key, request.POST, making=making)
    except Invalid as error:
        wrong = [str(each) for texts in error.form.errors.values() for each in texts]
        return _not_shown(request, matter, row, [Ground(each) for each in wrong], 422)
    except Refused as error:
        return _not_shown(request, matter, row, error.grounds or [Ground(error.title)], 409)
    if not papers:
        said = Ground("要审批的，批准以后才制作文书。", row.source)
        return _not_shown(request, matter, row, [said], 409)
    answer = HttpResponse(document_acts.previewed(papers), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="preview.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _not_shown(
    request: SignedRequest, matter: Matter, row: Step, grounds: Sequence[Ground], status: int
) -> HttpResponse:
    """Why there is no preview yet: a page of its own beside the form, which stays as it is."""
    title = f"“{row.name}”的文书现在还不能预览"
    context = {"record": matter.record, "step": row, "refusal": Refused(title, tuple(grounds))}
    return render(
        request,
        "desk/no_preview.html",
        beside(request, matter.record, "cases", context),
        status=status,
    )


@signed_in
def make(request: SignedRequest, record_id: int, key: str) -> HttpResponse:
    """先制作: the papers of the step under their numbers, to be handed over or signed; the form stays
    open with what was typed.
    """
    by = request.actor
    matter, row = _asked(request, record_id, key)
    if request.method != "POST":
        return redirect("desk:step", record_id, key)
    refusal, status, form = None, 200, _blank(matter, row, by, request.POST)
    files: list[Sent] = []
    try:
        _receive(request, row, files)
        said = read_ticket(request.POST.get("ticket", ""), record_id, key)
        proving.surely(lambda: making.make(by, record_id, key, request.POST, form_key=said["n"]))
        matter = Matter(find(request, record_id))
        form.looking = True
    except Invalid as error:
        form, status = error.form, 422
    except (Refused, store.StoreError) as error:
        refusal = error if isinstance(error, Refused) else Refused(str(error))
        status = 409
    place = reverse("desk:step", args=[record_id, key])
    if status == 200 and not any(request.POST.get(name) for name in form.later):
        # What was filled in is kept with the paper.
        unsent.forget(by, place)
    else:
        unsent.keep_if_it_fits(by, place, request.POST)
    more = {"made_now": status == 200}
    return _form(request, matter, row, form, refusal=refusal, status=status, files=files, more=more)


def _asked(request: SignedRequest, record_id: int, key: str) -> tuple[Matter, Step]:
    """The matter and the row of its procedure, as they are now; Absent where this identity may not
    take the step.
    """
    matter = Matter(find(request, record_id))
    row = registry.step_of(matter.record, key)
    if row is None or not roles.may(request.actor, matter, row):
        raise Absent()
    return matter, row


def _made(matter: Matter, row: Step) -> list[MadeBefore]:
    """The papers of a step that were made and not handed over yet."""
    if not making.letters(row):
        return []
    return list(document_acts.made_before(matter.record, row.key))


def _blank(matter: Matter, row: Step, by: Actor, data: Any) -> ActForm:
    return registry.find(row.verb_key).form(
        data, record=matter.record, actor=by, routed=bool(row.route), situation=matter
    )


def _take(request: SignedRequest, by: Actor, record_id: int, key: str) -> HttpResponse:
    """Take the step. Who may is asked under the lock, and before it only where something is sent
    along: nothing is kept for somebody who may not.
    """
    files: list[Sent] = []
    try:
        said = read_ticket(request.POST.get("ticket", ""), record_id, key)
        if request.FILES or request.POST.get("uploads") or request.POST.get("kept"):
            _, row = _asked(request, record_id, key)
            _receive(request, row, files)
            if registry.find(row.verb_key).form.large:
                examine_sent(by.person_id, request.POST.get("uploads", ""))
        outcome = proving.surely(
            lambda: procedure_acts.take_step(
                by, record_id, key, request.POST, form_key=said["n"], seen=said["h"], files=files
            )
        )
    except roles.NotHis as error:
        raise Absent() from error
    except Invalid as error:
        matter, row = _asked(request, record_id, key)
        unsent.keep_if_it_fits(by, request.path, request.POST)
        return _form(request, matter, row, error.form, status=422, files=files)
    except (Refused, store.StoreError) as error:
        matter, row = _asked(request, record_id, key)
        refusal = error if isinstance(error, Refused) else Refused(str(error))
        unsent.keep_if_it_fits(by, request.path, request.POST)
        form = _blank(matter, row, by, request.POST)
        return _form(request, matter, row, form, refusal=refusal, status=409, files=files)
    unsent.forget(by, request.path)
    if outcome.proposal and not outcome.repeated:
        return redirect(reverse("desk:proposal", args=[outcome.proposal.pk]) + "?sent=1")
    return redirect(f"{reverse('desk:case', args=[record_id])}?done={key}")


def _recordings(matter: Matter, row: Step) -> list[dict[str, Any]]:
    """What the recording list asks of this step; a row that hangs on a fact that is not known says
    on which, instead of being shown as if it held.
    """
    words = matter.regime.words
    return [
        {**each, "asked": "、".join(words.fact_name(name) for name in each["unknown"])}
        for each in matter.rows("recordings").rows
        if each.get("act") == row.act
    ]


# A file that lies in the store, its name, and what it is for.
Sent = tuple[store.Stored, str, str]


@signed_in
@require_POST
def keep_files(request: SignedRequest, record_id: int, key: str) -> HttpResponse:
    """Keep the files that were just chosen for a form, before it is sent: the page carries them as
    words from then on, and so does what is kept of the form.
    """
    _, row = _asked(request, record_id, key)
    form, fault, kept = registry.find(row.verb_key).form, "", []
    try:
        for each in uploads(request, form.upload or "附件", form.large):
            kept.append(each)
    except store.StoreError as error:
        fault = str(error)
    words = [{"word": word, "name": name} for word, name in words_of(request, kept)]
    return JsonResponse({"kept": words, "fault": fault})


def chosen(request: SignedRequest, words: Sequence[str]) -> list[Sent]:
    """The files that the same person chose for the same form before and that are still wanted, from
    the signed words that the page carries.
    """
    if len(words) > MOST_FILES:
        raise store.StoreError(f"一次最多 {MOST_FILES} 个文件，请去掉一些，或者分几次办理")
    found = []
    for word in words:
        try:
            sha, sha3, size, media, name, purpose = signing.loads(
                word, salt=_salt(request), max_age=settings.UNSENT_DAYS * 86400
            )
        except (signing.BadSignature, ValueError):
            continue
        found.append((store.Stored(Fingerprint(sha, sha3), size, media), name, purpose))
    return found


def words_of(request: SignedRequest, files: Sequence[Sent]) -> list[tuple[str, str]]:
    """(signed word, name) of files that stay chosen when the form is shown again."""
    return [
        (
            signing.dumps(
                [
                    stored.fingerprint.sha256,
                    stored.fingerprint.sm3,
                    stored.size,
                    stored.media_type,
                    name,
                    purpose,
                ],
                salt=_salt(request),
            ),
            name,
        )
        for stored, name, purpose in files
    ]


def _salt(request: SignedRequest) -> str:
    # Of this person, matter and step, at whichever of the step's addresses.
    about = request.resolver_match.kwargs if request.resolver_match else {}
    return f"kept {request.actor.person_id} {sorted(about.items())}"


def _receive(request: SignedRequest, row: Step, files: list[Sent]) -> None:
    """Add what was chosen before and what comes now: the others stay in `files` where one is
    refused.
    """
    files += chosen(request, request.POST.getlist("kept"))
    form = registry.find(row.verb_key).form
    for each in uploads(request, form.upload or "附件", form.large):
        files.append(each)


def uploads(request: SignedRequest, purpose: str, look: bool = False) -> Iterator[Sent]:
    """Keep what was sent, durably, before anything is said about it; each file as it is kept, for
    the `purpose` that its form names. StoreError at the end, with the names of those that could not
    be.
    """
    refused = []
    for sent in request.FILES.getlist("files"):
        name = (sent.name or "file")[-200:]
        try:
            stored = store.put(
                scanning.watched(sent.chunks()), "application/octet-stream", UPLOAD_LIMIT
            )
        except store.StoreError as error:
            refused.append(f"“{name}”：{error}")
            continue
        # Looked at before the step begins: inside its transaction nothing is opened.
        if look:
            glance(store.register(stored).pk)
        yield stored, name, purpose
    if refused:
        raise store.StoreError("；".join(refused))


def _form(
    request: SignedRequest,
    matter: Matter,
    row: Step,
    form: ActForm,
    *,
    refusal: Refused | None = None,
    missing: Any = (),
    status: int = 200,
    files: Sequence[Sent] = (),
    made: Sequence[MadeBefore] | None = None,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    record = matter.record
    route = matter.route(row.route) if row.route else None
    return render(
        request,
        "desk/step.html",
        beside(
            request,
            record,
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
                "light": record_light(record, matter.calendar),
                "route": (
                    [role_name(each.role or each.meeting) for each in route.steps] if route else []
                ),
                "route_source": route.source if route else "",
                "sets_off": matter.owed(row.act, row.of),
                "draft": shown_text(record, form.shows),
                "recordings": _recordings(matter, row),
                "sheet": redaction_page.of_form(form) if isinstance(form, ProposeForm) else None,
                "kept": words_of(request, files),
                "previews": bool(row.documents) and not row.route and "publication" not in row.act,
                "makes": bool(making.letters(row)),
                "made": [each.document for each in (_made(matter, row) if made is None else made)],
                **more,
            },
        ),
        status=status,
    )


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
                "source": cited(form.record.kind, source) if form.record else source,
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
def begin(request: SignedRequest) -> HttpResponse:
    """What may be begun: one kind is opened at once, several are offered."""
    by: Actor = request.actor
    offered = openings(by, Agency.objects.get(pk=by.agency_id))
    if not offered:
        raise Absent()
    if len(offered) == 1:
        return redirect("desk:open", offered[0].code)
    return render(request, "desk/begin.html", shell(request, "cases", {"offered": offered}))


@signed_in
def register(request: SignedRequest, code: str) -> HttpResponse:
    """Begin a matter of one kind."""
    by: Actor = request.actor
    found = next(
        (each for each in openings(by, Agency.objects.get(pk=by.agency_id)) if each.code == code),
        None,
    )
    if found is None:
        raise Absent()
    # Each beginning is a draft of its own, so that a second one leaves the first alone.
    key = request.GET.get("draft") or request.POST.get("form_key") or secrets.token_hex(12)
    key = key if KEY.fullmatch(key) else secrets.token_hex(12)
    place = f"{request.path}?draft={key}"
    begun = [each for each in unsent.waiting(by) if each.place.startswith(f"{request.path}?")]
    typed = unsent.kept(by, place) if "continue" in request.GET else None
    data: QueryDict | None = request.POST or (typed.answers if typed else None)
    form = found.form(data, record=None, actor=by)  # type: ignore[arg-type]
    form.looking = typed is not None
    refusal = None
    if request.method == "POST":
        used = FormUse.objects.filter(pk=key).first()
        if used:
            return redirect("desk:case", used.record_id)
        if form.is_valid():
            try:
                record = found.run(by, form.cleaned_data, key)
                unsent.forget(by, place)
                return redirect(f"{reverse('desk:case', args=[record.pk])}?done={code}")
            except Refused as error:
                refusal = error
        unsent.keep_if_it_fits(by, place, request.POST)
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
                "place": place,
                "refusal": refusal,
                "begun": len(begun) if request.method == "GET" and typed is None else 0,
            },
        ),
        status=422 if request.method == "POST" else 200,
    )


@signed_in
def proposal(request: SignedRequest, proposal_id: int) -> HttpResponse:
    """审批: what is proposed word for word, the opinions so far, and the approver's own."""
    by: Actor = request.actor
    found = (
        Proposal.objects.select_related("record", "opened_by__content")
        .filter(pk=proposal_id)
        .first()
    )
    if found is None:
        raise Absent()
    record = find(request, found.record_id)
    found.record = record
    refusal, status = None, 200
    if request.method == "POST":
        decides = request.POST.get("decision") in ("agree", "refuse", "return")
        if decides and (away := to_step_up(request)):
            return away
        try:
            if request.POST.get("decision") == "withdraw":
                procedure_acts.withdraw(by, found.pk)
            else:
                answer = partial(
                    procedure_acts.answer,
                    by,
                    found.pk,
                    request.POST.get("decision", ""),
                    request.POST.get("opinion", ""),
                    text_hash=request.POST.get("text_hash", ""),
                    form_key=request.POST.get("form_key", "")[:64],
                )
                proving.surely(answer)
            unsent.forget(by, request.path)
            return redirect(f"{reverse('desk:case', args=[record.pk])}?done=answer")
        except Refused as error:
            refusal, status = error, 409
            unsent.keep_if_it_fits(by, request.path, request.POST)
        except Invalid as error:
            refusal, status = (
                Refused(
                    "报批的内容已经不能办理，请退回修改",
                    [Ground(str(text)) for texts in error.form.errors.values() for text in texts],
                ),
                409,
            )
        found.refresh_from_db()
        record = found.record = find(request, found.record_id)
    matter = Matter(record)
    form = _proposed(found, matter, by)
    typed = unsent.kept(by, request.path)
    shows = form.shows if form else ActForm.shows
    return render(
        request,
        "desk/proposal.html",
        shell(
            request,
            "cases",
            {
                "record": record,
                "proposal": found,
                "said": _said(found, form) if form else [],
                "refusal": refusal,
                "opinions": procedure_acts.opinions(found, True),
                "mine": roles.may_approve(by, found, matter.team),
                "own": found.proposer_id == by.person_id,
                "form_key": secrets.token_hex(12),
                "state": found.said,
                "turn": role_name(roles.at(found)) if found.state == Proposal.OPEN else "",
                "light": record_light(record, matter.calendar),
                "opened": found.opened_by,
                "proposer": _proposer(found),
                "files": [
                    {"number": number, "name": name}
                    for number, (_, name, _) in enumerate(found.files)
                ],
                "draft": shown_text(record, shows),
                "covering": (
                    redaction_page.of_proposed(record) if shows == "publication" else None
                ),
                "sheet": paper.waiting(found),
                "signers": paper.candidates(found, matter.team)
                if found.state == Proposal.OPEN
                else [],
                "typed": typed.answers.get("opinion", "") if typed else "",
                "again": returned.address(found, matter, by),
                "earlier": returned.earlier(found),
            },
        ),
        status=status,
    )


def _proposer(found: Proposal) -> str:
    """Who proposed, and in which post, as the act says; nobody once that has been erased."""
    if not hasattr(found.opened_by, "content"):
        return ""
    by = json.loads(found.opened_by.content.body)["by"]
    return f"{by['name']} {by['post']}".strip()


def _proposed(found: Proposal, matter: Matter, by: Actor) -> ActForm | None:
    """The form with the answers that were proposed; None where the procedure has the step no
    more.
    """
    row = registry.step_of(matter.record, found.step)
    if row is None:
        return None
    return registry.find(row.verb_key).form(
        json.loads(found.payload)["data"],
        record=matter.record,
        actor=by,
        routed=True,
        situation=matter,
    )


def _said(found: Proposal, form: ActForm) -> list[tuple[str, str]]:
    payload = json.loads(found.payload)
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
