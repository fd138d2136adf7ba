"""A thing from a phone becomes a step: the platform's rules decide, never the phone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mingzheng.agencies import access
from mingzheng.agencies.models import Person
from mingzheng.capture.things import Thing
from mingzheng.core import clock
from mingzheng.core.steps import Step
from mingzheng.documents import proving
from mingzheng.evidence import recording_requirements
from mingzheng.evidence.acts.recordings import lacking
from mingzheng.evidence.media import glance
from mingzheng.evidence.models import Recording, Upload
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures import registry
from mingzheng.procedures.outcome import Absent, Invalid
from mingzheng.records import law, store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, FormUse, Record
from mingzheng.records.refusal import Refused

CONFLICT, CLOCK, REFUSED, HELD, DONE = "conflict", "clock", "refused", "held", "done"


@dataclass(frozen=True)
class Answer:
    """What became of a thing: `state`, a Chinese sentence, what is missing or wrong, the act, the
    recording that is held.
    """

    state: str
    say: str
    missing: Sequence[str] = ()
    act: int | None = None
    recording: int | None = None

    def said(self) -> dict[str, Any]:
        """As JSON; ids are text, they outgrow a browser's numbers."""
        return {
            "state": self.state,
            "say": self.say,
            "missing": list(self.missing),
            "act": str(self.act or ""),
            "recording": str(self.recording or ""),
        }


def take(by: Actor, thing: Thing, body: bytes) -> Answer:
    """Take one thing in. Absent where this person has no such matter; otherwise the answer says
    what became of it.
    """
    record = access.visible(by).filter(pk=thing.record).first()
    step = registry.step_of(record, thing.kind.key) if record else None
    if record is None or step is None or not access.own(by, record):
        raise Absent()
    used = FormUse.objects.filter(pk=thing.form_key).select_related("act").first()
    if used is not None and used.act is not None and used.act.actor_id != by.person_id:
        said = "这一项的编号已经由别人用过，没有收下；手机里的材料还在。请重新采集。"
        return Answer(REFUSED, said)
    if used is not None:
        return _taken(by, thing, step, ())
    if thing.jumped:
        return Answer(
            CLOCK,
            "手机的时钟在采集之后被调整过，采集时间不可靠，没有提交。请核对发生时间，填好后再提交。",
        )
    if thing.kind.alone and not thing.again and (other := _meanwhile(by, record, step, thing.seen)):
        return Answer(
            CONFLICT,
            f"{other}您采集的内容还在手机里，没有覆盖任何内容。两份都要入卷的，再点一次“仍然提交”。",
        )
    if fault := _differs(by, thing):
        return Answer(REFUSED, fault)
    return _taken(by, thing, step, _original(thing, step, body))


def _meanwhile(by: Actor, record: Record, step: Step, seen: int) -> str:
    """Who did the same step since the phone took the matter along, as a sentence; empty when
    nobody did.
    """
    rows = Act.objects.filter(
        record=record, kind=step.act, pk__gt=seen, effective__voided_by=None
    ).exclude(actor_id=by.person_id)
    found = (
        (rows.filter(of=step.of) if step.of else rows)
        .select_related("content")
        .order_by("pk")
        .first()
    )
    if found is None:
        return ""
    return (
        f"{_who(found)}已于{clock.local(found.recorded_at):%-m月%-d日 %H:%M}办理了“{step.name}”。"
    )


def _who(act: Act) -> str:
    name = Person.objects.filter(pk=act.actor_id or 0).values_list("name", flat=True).first()
    return str(name or "另一位执法人员")


def _differs(by: Actor, thing: Thing) -> str:
    """Look at each file before the step begins, and compare it with what the phone hashed while it
    recorded.
    """
    for row in Upload.objects.filter(
        code__in=thing.uploads, person_id=by.person_id, state=Upload.STORED
    ):
        assert row.blob_id is not None
        if not _same(row.blob_id, thing.slices.get(row.code, [])):
            return f"“{row.name}”与手机边录边记的指纹不一致，没有提交。请从手机导出原文件，交到办公室核对。"
        glance(row.blob_id)
    return ""


def _same(sha256: str, slices: list[tuple[int, str]]) -> bool:
    """Whether the stored file is these pieces and nothing else; True where the phone sent none."""
    if not slices:
        return True
    with store.path_of(sha256).open("rb") as file:
        return all(
            0 < size <= 1 << 30 and hashlib.sha256(file.read(size)).hexdigest() == said
            for size, said in slices
        ) and not file.read(1)


def _original(thing: Thing, step: Step, body: bytes) -> procedure_acts.Files:
    """Of an earlier day's entry without files, what the phone sent is the original record that is
    asked for.
    """
    if thing.at.date() >= clock.today() or registry.find(step.verb_key).form.large:
        return ()
    return ((store.put_bytes(body, "application/json"), "离线采集记录.json", "离线采集记录"),)


def _data(thing: Thing) -> dict[str, Any]:
    """The answers of the form: the phone's own fields, and beside them what it measured."""
    # A second's fraction goes: what has just happened must not lie ahead.
    began, ended = thing.at.replace(microsecond=0), thing.ended
    data = {
        **thing.fields,
        "happened_at": began.strftime("%Y-%m-%dT%H:%M:%S"),
        "uploads": " ".join(thing.uploads),
    }
    if ended is not None:
        ended = min(ended + timedelta(milliseconds=999), clock.now()).replace(microsecond=0)
        data["ended_at"] = max(ended, began).strftime("%Y-%m-%dT%H:%M:%S")
    data["late_reason"] = "offline" if began.date() < clock.today() else ""
    if thing.offset_ms:
        data["clock_offset"] = str(round(thing.offset_ms / 1000))
    return data


def _taken(by: Actor, thing: Thing, step: Step, files: procedure_acts.Files) -> Answer:
    try:
        outcome = proving.surely(
            lambda: procedure_acts.take_step(
                by, thing.record, step.key, _data(thing), form_key=thing.form_key, files=files
            )
        )
    except Invalid as invalid:
        form = invalid.form
        return Answer(
            REFUSED,
            "还有内容要改，没有提交。",
            [
                f"{form.fields[name].label if name in form.fields else ''}：{text}".removeprefix(
                    "："
                )
                for name, texts in form.errors.items()
                for text in texts
            ],
        )
    except Refused as refusal:
        return Answer(
            REFUSED,
            refusal.title,
            [
                f"{each.say}（{each.source}）" if each.source else each.say
                for each in refusal.grounds
            ],
        )
    return _answer(outcome.act, step)


def _answer(act: Act, step: Step) -> Answer:
    held = (
        Recording.objects.filter(segments__act=act, taken_by=None).first()
        if act.kind == "recording.stored"
        else None
    )
    if held is None:
        return Answer(DONE, f"“{step.name}”已入库。", act=act.pk)
    demand = recording_requirements.kept(
        law.regime(held.record),
        held.step,
        held.mode,
        clock.local(held.began_at).date(),
        registry.facts_of(held.record),
    )
    missing = [ground.say for ground in lacking(held, demand)]
    return Answer(
        HELD,
        "文件已经入库，一份不少；作为这一环节的音像记录还不完整，补全后才算数。",
        missing,
        act.pk,
        held.pk,
    )
