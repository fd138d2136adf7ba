"""Take a step, propose it, approve it: the one path that every act of every chapter goes
through.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError

from mingzheng.agencies import access
from mingzheng.agencies.models import Post
from mingzheng.core import clock
from mingzheng.core.canonical import canonical, content_hash
from mingzheng.core.steps import Procedure, Step
from mingzheng.documents.models import Document
from mingzheng.notices import acts as notice_acts
from mingzheng.pages import acts as page_acts
from mingzheng.procedures import registry, roles
from mingzheng.procedures.forms import ActForm
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Absent, Invalid, Outcome, since_then
from mingzheng.procedures.situation import Matter
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Blob, FormUse, Record
from mingzheng.records.refusal import Ground, Refused, Stale, refuse
from mingzheng.records.unit import work

Files = Sequence[tuple[store.Stored, str, str]]


def take_step(
    by: Actor,
    record_id: int,
    key: str,
    data: Any,
    *,
    form_key: str,
    seen: int | None = None,
    files: Files = (),
    making: bool = False,
    rehearsed: bool = False,
) -> Outcome:
    """Do the step `key` of a record, or propose it where the pack names an approval route.

    `form_key` is the one-time key of the form, `seen` the head of the record when the form was
    opened; `rehearsed` where it is taken back again, so that no file is asked for, and `making` then
    for papers that are made beforehand. Raises Absent, Refused, Stale or Invalid; then nothing was
    written.
    """
    try:
        return _taken(
            by,
            record_id,
            key,
            data,
            form_key=form_key,
            seen=seen,
            files=files,
            making=making,
            rehearsed=rehearsed,
        )
    except (Refused, Invalid, Absent):
        # The same press may have come through before, or while this one waited for the record.
        if done := pressed(form_key, record_id):
            return done
        raise


def _taken(
    by: Actor,
    record_id: int,
    key: str,
    data: Any,
    *,
    form_key: str,
    seen: int | None,
    files: Files,
    making: bool,
    rehearsed: bool,
) -> Outcome:
    with work():
        record = lock(record_id)
        context = opened(by, record, key, data, making=making)
        situation, step, form = context.read, context.step, context.form
        _fresh(record, seen)
        bare = not files and not form.sent() and not rehearsed
        if bare and form.upload_required:
            form.add_error(None, f"请上传{form.upload}")
        if bare and form.is_valid() and form.entered_late():
            form.add_error(
                "late_reason",
                "补录以前发生的事，须同时上传原始凭据（纸质件扫描、离线记录、邮寄回执等）",
            )
        if not form.is_valid():
            raise Invalid(form)
        kept = [(store.register(stored), name, purpose) for stored, name, purpose in files]
        if step.route:
            proposal = _propose(by, situation, step, form, kept)
            outcome = Outcome(proposal.opened_by, proposal)
        else:
            context.files = kept
            outcome = Outcome(run(context), None)
        use(form_key, record, outcome.act)
        return outcome


class _TakenBack(Exception):
    """Ends a rehearsal; nothing of it stays."""


def opened(by: Actor, record: Record, key: str, data: Any, *, making: bool = False) -> StepContext:
    """A step of a locked record as this identity begins it, with its answers not yet judged; Absent
    or Refused where it may not.
    """
    situation = _open_to(by, record)
    step = _step(situation, key)
    roles.require(by, situation, step)
    form = registry.find(step.verb_key).form(
        data,
        record=record,
        actor=by,
        routed=bool(step.route),
        making=making,
        situation=situation,
    )
    return StepContext(by, record, step, form, situation, making=making)


def rehearse(
    by: Actor, record_id: int, key: str, data: Any, making: bool = False
) -> list[Document]:
    """The papers that a step would leave, word for word, before anybody takes it: it is done and
    taken back in one transaction. None for a step that has to be approved first. Raises what
    `take_step` raises. Steps that touch public pages on disk are not rehearsed: a file is not taken
    back with the transaction.
    """
    if key.startswith(("publication.", "page.")):
        return []
    papers: list[Document] = []
    try:
        with work():
            newest = Document.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            once = secrets.token_hex(12)
            take_step(by, record_id, key, data, form_key=once, making=making, rehearsed=True)
            papers = list(Document.objects.filter(record=record_id, pk__gt=newest).order_by("pk"))
            raise _TakenBack
    except _TakenBack:
        return papers


def pressed(form_key: str, record_id: int) -> Outcome | None:
    """What this press of the form did before, if it came through already."""
    used = FormUse.objects.filter(pk=form_key).select_related("act").first()
    if used is not None and used.record_id != record_id:
        raise refuse("这张表已经用在另一件案子上，没有提交。请重新打开后填写。")
    return Outcome(used.act, None, repeated=True) if used is not None else None


def run(context: StepContext) -> Act:
    """Do a step that needs no further approval; public pages that show something of the matter are
    made anew.
    """
    act = registry.find(context.step.verb_key).run(context)
    page_acts.touch(context.record)
    return act


def lock(record_id: int) -> Record:
    """The record, locked for this transaction; Absent when there is none."""
    try:
        return record_acts.lock(record_id)
    except Record.DoesNotExist as error:
        raise Absent() from error


def _open_to(by: Actor, record: Record) -> Matter:
    """The situation of a locked record, if this identity may see it and act on it."""
    if not access.reach(by).shows(record):
        raise Absent()
    situation = Matter(record)
    if not roles.own(by, situation):
        raise refuse("监督机关可以查看，不能代为办理。", title="您不能办理这一步")
    return situation


def _step(situation: Matter, key: str) -> Step:
    record = situation.record
    step = registry.step_of(record, key)
    if step is None:
        raise Absent()
    procedure = registry.procedure(record.procedure)
    if record.state not in step.from_states:
        where = procedure.state(record.state).name
        needs = "、".join(procedure.state(code).name for code in step.from_states)
        raise Refused(
            record_acts.refused_title(step.name),
            (Ground(f"本案现在处于“{where}”，这一步要在“{needs}”时办理。", step.source),),
        )
    if not step.offered(situation.standing):
        say = (
            "这一步已经办过了，不能重复办理。"
            if step.key in situation.standing and step.once
            else f"还没有到这一步：要先办“{'”或者“'.join(_before(procedure, step))}”。"
        )
        raise Refused(record_acts.refused_title(step.name), (Ground(say, step.source),))
    return step


def _before(procedure: Procedure, step: Step) -> list[str]:
    """What must stand before a step, by the names of the table."""
    return list(
        dict.fromkeys(row.name for row in procedure.steps if {row.act, row.key} & set(step.after))
    )


def _fresh(record: Record, seen: int | None) -> None:
    changes = since_then(record, seen) if seen is not None and seen != record.head else []
    if changes:
        raise Stale(
            "这张表打开之后，案件有了新的变化。您填的内容没有丢，请看过变化后再提交。",
            tuple(Ground(line) for line in changes),
        )


def use(form_key: str, record: Record, act: Act) -> None:
    """Remember what this form did, so that a second press does nothing."""
    try:
        FormUse.objects.create(key=form_key, agency_id=record.agency_id, record=record, act=act)
    except IntegrityError as error:
        # Another record took the same key at the same time: the whole step is rolled back.
        raise refuse("这张表已经提交过了，请刷新页面查看结果。") from error


def _propose(
    by: Actor, situation: Matter, step: Step, form: ActForm, files: list[tuple[Blob, str, str]]
) -> Proposal:
    record = situation.record
    facts, route_id = {**situation.facts, **form.facts()}, form.route(step.route)
    if Proposal.objects.filter(record=record, step=step.key, state=Proposal.OPEN).exists():
        raise refuse(f"“{step.name}”正在审批中，不用再报。可以先撤回再改。")
    # Gates are checked when proposing too: nobody should find out after three signatures.
    grounds = situation.refusals(
        step.act,
        form.qualifier(step.of),
        clock.now(),
        facts,
        {"person": by.person_id, **form.attrs()},
        assuming=[("approval.given", route_id)],
    )
    if grounds:
        raise Refused(record_acts.refused_title(step.name), tuple(grounds))
    route = situation.route(route_id, facts)
    if route is None:
        raise refuse(f"规则包没有写明“{step.name}”由谁批准，请先由本机关确定。", step.source)
    steps = [
        {"role": each.role, "does": each.does, "meeting": each.meeting} for each in route.steps
    ]
    payload = {"step": step.key, "data": form.raw(), "files": [[b.pk, n, p] for b, n, p in files]}
    act = record_acts.append(
        record,
        by,
        record_acts.Entry(
            kind="approval.requested",
            of=route_id,
            facts=facts,
            content={"payload": payload, "route": steps, "text_hash": content_hash(payload)},
        ),
        situation,
    )
    proposal: Proposal = Proposal.objects.create(
        record=record,
        agency_id=record.agency_id,
        step=step.key,
        name=step.name,
        route_id=route_id,
        payload=canonical(payload),
        files=payload["files"],
        text_hash=content_hash(payload),
        route=steps,
        route_source=route.source,
        proposer_id=by.person_id,
        proposer_post_id=by.post_id,
        opened_by=act,
    )
    # What came back earlier is answered by what is proposed now.
    back = Proposal.objects.filter(record=record, step=step.key, pk__lt=proposal.pk)
    for earlier in back.exclude(state=Proposal.DONE):
        notice_acts.close(act, proposal_id=earlier.pk)
    _ask_next(proposal, act)
    return proposal


def _ask_next(proposal: Proposal, act: Act) -> None:
    role = roles.at(proposal)
    notice_acts.give(
        proposal.record,
        act,
        f"审批：{proposal.name}",
        role=role,
        proposal_id=proposal.pk,
        unit_id=proposal.record.unit_id if role == "unit-head" else None,
    )


def answer(
    by: Actor, proposal_id: int, decision: str, opinion: str, *, text_hash: str, form_key: str
) -> Outcome:
    """Agree to, send back or refuse a proposal; the last agreement does the act.

    `text_hash` is that of the text the approver saw: approving A never does B.
    """
    with work():
        found = _lock_proposal(proposal_id)
        if done := pressed(form_key, found.record_id):
            return done
        proposal, record = found, found.record
        situation = _open_to(by, record)
        roles.require_approver(by, proposal, situation.team)
        if text_hash != proposal.text_hash:
            raise refuse("您看到的内容与正在审批的内容不一致，请刷新后重看。")
        if decision not in ("agree", "return", "refuse"):
            raise refuse("请选择同意、退回或者不同意。", field="decision")
        if decision != "agree" and not opinion.strip():
            raise refuse("退回或者不同意，请写明理由。", field="opinion")
        outcome = (
            agree(by, record, proposal, opinion)
            if decision == "agree"
            else (_decline(by, record, proposal, decision, opinion))
        )
        use(form_key, record, outcome.act)
        return outcome


def open_proposal(by: Actor, proposal_id: int) -> tuple[Proposal, Record]:
    """The proposal and its record, both locked; Absent when this identity may not see it."""
    proposal = _lock_proposal(proposal_id)
    _open_to(by, proposal.record)
    return proposal, proposal.record


def _lock_proposal(proposal_id: int) -> Proposal:
    """The proposal as it is once its record is locked."""
    record_id = Proposal.objects.filter(pk=proposal_id).values_list("record_id", flat=True).first()
    if record_id is None:
        raise Absent()
    record = lock(record_id)
    proposal: Proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    proposal.record = record
    return proposal


def agree(
    by: Actor,
    record: Record,
    proposal: Proposal,
    opinion: str,
    paper: Mapping[str, Any] | None = None,
) -> Outcome:
    """国办发〔2018〕118号 二（五）: one agreement on the route; the last one does the act. The
    caller has checked whose turn it is.
    """
    act = record_acts.append(
        record,
        by,
        record_acts.Entry(
            kind="approval.given",
            of=proposal.route_id,
            subject=str(proposal.pk),
            content={
                "opinion": opinion or "同意",
                "step": proposal.step,
                "position": proposal.position,
                "role": roles.at(proposal),
                "text_hash": proposal.text_hash,
                **({"paper": dict(paper)} if paper else {}),
            },
        ),
    )
    notice_acts.close(act, proposal_id=proposal.pk)
    proposal.position += 1
    if proposal.position < len(proposal.route):
        proposal.save(update_fields=["position"])
        _ask_next(proposal, act)
        return Outcome(act, proposal)
    proposal.state, proposal.closed_by = Proposal.DONE, act
    proposal.save(update_fields=["position", "state", "closed_by"])
    done = _execute(by, record, proposal)
    notice_acts.give(
        record, done, f"已批准：{proposal.name}", person_id=proposal.proposer_id, kind="copy"
    )
    return Outcome(done, proposal)


def _execute(by: Actor, record: Record, proposal: Proposal) -> Act:
    payload = json.loads(proposal.payload)
    situation = Matter(record)
    step = _step(situation, proposal.step)
    post = Post.objects.filter(pk=proposal.proposer_post_id or 0).first()
    form = registry.find(step.verb_key).form(
        payload["data"],
        record=record,
        actor=access.actor_of(post) if post else by,
        routed=True,
        situation=situation,
    )
    if not form.is_valid():
        raise Invalid(form)
    files = [(Blob.objects.get(pk=sha), name, purpose) for sha, name, purpose in payload["files"]]
    return run(StepContext(by, record, step, form, situation, files, proposal, opinions(proposal)))


def opinions(proposal: Proposal, returns: bool = False) -> list[dict[str, Any]]:
    """Every opinion on a proposal in order: who, in which post, what, when; with `returns` also why
    it was sent or taken back.
    """
    kinds = ["approval.given", "approval.refused", *(["step.returned"] if returns else [])]
    rows = Act.objects.filter(record=proposal.record_id, subject=str(proposal.pk), kind__in=kinds)
    out = []
    for act in rows.order_by("pk").select_related("content"):
        said = json.loads(act.content.body)
        who = said.get("paper") or said["by"]
        out.append(
            {
                "name": who["name"],
                "post": who.get("post", ""),
                "opinion": said["opinion"],
                "role": said["role"],
                "on": clock.local(act.happened_at).date().isoformat(),
                "kind": act.kind,
                "person": act.actor_id,
                "on_paper": "paper" in said,
            }
        )
    return out


def _decline(by: Actor, record: Record, proposal: Proposal, decision: str, opinion: str) -> Outcome:
    returned = decision == "return"
    act = record_acts.append(
        record,
        by,
        record_acts.Entry(
            kind="step.returned" if returned else "approval.refused",
            of=proposal.route_id,
            subject=str(proposal.pk),
            content={
                "opinion": opinion,
                "step": proposal.step,
                "position": proposal.position,
                "role": roles.at(proposal),
                "text_hash": proposal.text_hash,
            },
        ),
    )
    notice_acts.close(act, proposal_id=proposal.pk)
    proposal.state = Proposal.RETURNED if returned else Proposal.REFUSED
    proposal.closed_by = act
    proposal.save(update_fields=["state", "closed_by"])
    title = f"{'退回' if returned else '未批准'}：{proposal.name}"
    notice_acts.give(record, act, title, person_id=proposal.proposer_id, proposal_id=proposal.pk)
    return Outcome(act, proposal)


def withdraw(by: Actor, proposal_id: int) -> Act:
    """撤回: the proposer takes his own open proposal back."""
    with work():
        proposal, record = open_proposal(by, proposal_id)
        if proposal.proposer_id != by.person_id or proposal.state != Proposal.OPEN:
            raise Absent()
        act = record_acts.append(
            record,
            by,
            record_acts.Entry(
                kind="step.returned",
                of=proposal.route_id,
                subject=str(proposal.pk),
                content={
                    "opinion": "报批人撤回",
                    "step": proposal.step,
                    "withdrawn": True,
                    "role": "handler",
                    "position": proposal.position,
                },
            ),
        )
        notice_acts.close(act, proposal_id=proposal.pk)
        proposal.state, proposal.closed_by = Proposal.WITHDRAWN, act
        proposal.save(update_fields=["state", "closed_by"])
        return act
