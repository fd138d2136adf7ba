"""Pages: begun, compiled, filed, retired. Publishing them is the work of `disclosure`."""

from __future__ import annotations

from mingzheng.agencies.models import Agency
from mingzheng.catalogue import rights
from mingzheng.catalogue.forms import CompileForm, RetireForm
from mingzheng.catalogue.models import Item, Page, PageVersion
from mingzheng.catalogue.pages import PAGE_KINDS, TABLES, UPDATE, newest
from mingzheng.core.canonical import canonical, content_hash
from mingzheng.procedures import matter_kinds
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, Duty, EffectiveAct
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

SOURCE = "国办发〔2018〕118号 二（二）"


def open_page(
    by: Actor, kind: str, item: Item | None = None, title: str = "", matter: str = ""
) -> Page:
    """国办发〔2018〕118号 二（二）: begin to keep a page public; one of a kind (and item, or kind
    of matter) an agency.
    """
    held, agency = PAGE_KINDS[kind], Agency.objects.get(pk=by.agency_id)
    rights.require(by, agency, held)
    if (
        held.per_item
        and item is None
        and matter not in [kind.code for kind in matter_kinds.enforcement()]
        or item
        and item.agency_id != agency.pk
    ):
        raise refuse("请选择是哪一个执法事项。", SOURCE)
    about = item.name if item else matter_kinds.name(matter) if matter else ""
    name = title or (
        f"{about}{held.name.removeprefix('行政执法')}" if about else f"{agency.name}{held.name}"
    )
    if Page.objects.filter(agency=agency, kind=kind, title=name).exists():
        raise refuse(f"“{name}”已经建立，请直接修订。", SOURCE)
    with work():
        record, _ = record_acts.open_record(
            by,
            title=name,
            kind="page",
            state=TABLES[kind].start,
            pack=agency.pack,
            agency_id=agency.pk,
            procedure=TABLES[kind].code,
            unit_id=by.unit_id,
            item_id=item.pk if item else None,
            entry=record_acts.Entry(
                kind="page.opened", of=kind, facts={"kind": "page"}, content={"title": name}
            ),
        )
        made: Page = Page.objects.create(
            agency=agency, kind=kind, item=item, matter=matter, record=record, title=name
        )
        return made


@verb("page.compiled", CompileForm)
def compile_page(context: StepContext) -> Act:
    """国办发〔2018〕118号 二（二）: a new version, frozen with its hash; an equal one is refused
    unless a changed basis asks for it.
    """
    page = Page.objects.get(record=context.record)
    form = context.form
    assert isinstance(form, CompileForm)
    rights.require(context.by, page.agency, PAGE_KINDS[page.kind])
    body, held = form.made.body(), newest(page)
    # Looked through after a basis changed and found unchanged: that too is a version, and it
    # answers the duty.
    owed = Duty.objects.filter(record=context.record, topic=UPDATE, state=Duty.OPEN).exists()
    if held is not None and held.text_hash == content_hash(body) and not owed:
        raise refuse("内容与上一版完全一样，不用再编。", SOURCE)
    act = context.append(
        subject=content_hash(body),
        content={
            "note": context.data["note"],
            "effective_on": context.data["effective_on"],
            "answers": form.answers,
        },
    )
    PageVersion.objects.create(
        page=page,
        agency_id=page.agency_id,
        number=(held.number if held else 0) + 1,
        body=canonical(body),
        text_hash=content_hash(body),
        effective_on=context.data["effective_on"],
        note=context.data["note"],
        act=act,
    )
    return act


@verb("page.retired", RetireForm)
def retire(context: StepContext) -> Act:
    """国办发〔2018〕118号 二（二）: the page is kept no longer; what is public is taken down
    first.
    """
    if EffectiveAct.objects.filter(
        record=context.record, kind="publication.published", voided_by=None
    ).exists():
        raise refuse("这项信息正在公示，请先撤下，再停用。", SOURCE)
    return context.plainly()
