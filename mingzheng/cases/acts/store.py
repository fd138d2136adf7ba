"""涉案财物: in, moved, out, counted. Every move is a row of its own under an act; the books never
forget a thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mingzheng.agencies.acts import affairs
from mingzheng.agencies.models import Agency
from mingzheng.cases.documents.wording import item_line
from mingzheng.cases.forms.coercion import MoveForm
from mingzheng.cases.models import Property, PropertyMove, Seizure, Stocktake
from mingzheng.documents.acts import next_number
from mingzheng.procedures.registry import verb
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.models import Act, FormUse
from mingzheng.records.refusal import Ground, Refused, refuse
from mingzheng.records.unit import work

QZ = "《行政强制法》"


def take_in(
    context: StepContext, act: Act, measure: Seizure, lines: Sequence[str], place: str
) -> None:
    """《行政强制法》第二十四条、第二十六条: each line of the list becomes a thing with a number,
    in somebody's keeping.
    """
    mark, year = f"{context.agency.mark}物", context.happened_at.year
    for index, line in enumerate(lines, 1):
        cells = item_line(index, line)
        name, specification, quantity = (
            (cells[1], cells[2], cells[3]) if cells[3] else (cells[1], "", cells[2])
        )
        thing = Property.objects.create(
            agency_id=context.record.agency_id,
            record=context.record,
            seizure=measure,
            act=act,
            number=f"{mark}〔{year}〕{next_number(context.record.agency_id, mark, year)}号",
            name=name,
            specification=specification,
            quantity=quantity,
            place=place,
            keeper_id=context.by.person_id,
        )
        PropertyMove.objects.create(
            property=thing, agency_id=thing.agency_id, act=act, what="in", place=place
        )


def give_out(
    context: StepContext, act: Act, things: Sequence[Property], state: str, receiver: str, note: str
) -> None:
    """《行政强制法》第二十七条、第二十八条: things leave the store, to whom and why."""
    for thing in things:
        PropertyMove.objects.create(
            property=thing,
            agency_id=thing.agency_id,
            act=act,
            what=state,
            origin=thing.place,
            receiver=receiver,
            note=note[:300],
        )
        thing.state = state
        thing.save(update_fields=["state"])


@verb("property.moved", MoveForm)
def move(context: StepContext) -> Act:
    """《行政强制法》第二十六条: things are kept with care; who moved what from where to where
    stays readable.
    """
    data = context.data
    things = (
        Property.objects.select_for_update()
        .filter(
            record=context.record, pk__in=[int(pk) for pk in data["things"]], state=Property.KEPT
        )
        .order_by("pk")
    )
    act = context.append(content={"things": [row.number for row in things]})
    for thing in things:
        PropertyMove.objects.create(
            property=thing,
            agency_id=thing.agency_id,
            act=act,
            what="moved",
            origin=thing.place,
            place=data["place"],
            receiver=data["receiver"],
            note=data["note"],
        )
        thing.place = data["place"]
        thing.save(update_fields=["place"])
    return act


def count(by: Actor, place: str, found: Mapping[int, tuple[bool, str]], form_key: str) -> Stocktake:
    """《行政强制法》第二十六条: what the books say is in a place against what is there; every
    difference is explained.

    `found` maps the id of a thing to (seen, note). Raises Refused; then nothing was written.
    """
    if not by.roles & {"custodian", "archivist", "unit-head", "head"}:
        raise refuse("盘点由保管人或者负责人办理。", title="您不能办理这一步")
    with work():
        record = affairs(Agency.objects.get(pk=by.agency_id))
        used = FormUse.objects.filter(pk=form_key).select_related("act").first()
        if used is not None and used.act is not None:
            return used.act.stocktake  # type: ignore[no-any-return]
        things = list(
            Property.objects.filter(
                agency_id=by.agency_id, state=Property.KEPT, place=place
            ).order_by("pk")
        )
        if not things:
            raise refuse("这个位置没有在库的财物，不用盘点。")
        lacking = [
            thing
            for thing in things
            if not found.get(thing.pk, (False, ""))[0]
            and not found.get(thing.pk, (False, ""))[1].strip()
        ]
        if lacking:
            raise Refused(
                "盘点没有完成",
                tuple(
                    Ground(
                        f"{thing.number} {thing.name}没有见到实物，请写明情况。",
                        field=f"note-{thing.pk}",
                    )
                    for thing in lacking
                ),
            )
        lines = [
            {
                "property": thing.pk,
                "number": thing.number,
                "name": thing.name,
                "found": found[thing.pk][0],
                "note": found[thing.pk][1].strip(),
            }
            for thing in things
        ]
        act = record_acts.append(
            record,
            by,
            record_acts.Entry(
                kind="stock.counted", subject=place[:80], content={"place": place, "lines": lines}
            ),
        )
        made: Stocktake = Stocktake.objects.create(
            agency_id=by.agency_id, record=record, act=act, place=place, lines=lines
        )
        FormUse.objects.create(key=form_key, agency_id=by.agency_id, record=record, act=act)
        return made
