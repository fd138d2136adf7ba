"""Bases registered, amended, repealed; functions changed: each on the record of every public page
that it touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from mingzheng.agencies.acts import affairs
from mingzheng.agencies.models import Agency
from mingzheng.catalogue import bases
from mingzheng.catalogue.models import Basis, BasisChange, Page
from mingzheng.core.regimes import vocabulary
from mingzheng.pages import acts as page_acts
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work

SOURCE = "国办发〔2018〕118号 二（二）"
# Those who keep the lists keep what they rest on.
KEEPERS = frozenset({"legal-reviewer", "review-head", "publisher", "publishing-head", "head"})


def _keeper(by: Actor) -> Agency:
    if not by.roles & KEEPERS:
        raise refuse(
            "执法依据由法制审核、公开发布人员或者本机关负责人登记。",
            SOURCE,
            title="您不能办理这一步",
        )
    return Agency.objects.get(pk=by.agency_id)


def register(
    by: Actor, name: str, rank: str, effective_on: date, number: str = "", url: str = ""
) -> Basis:
    """国办发〔2018〕118号 二（二）: a law, regulation or document on which the agency's items
    rest, with the day from which it holds.
    """
    return enter(by, _keeper(by), name, rank, effective_on, number, url)


def enter(
    by: Actor | None,
    agency: Agency,
    name: str,
    rank: str,
    effective_on: date,
    number: str = "",
    url: str = "",
) -> Basis:
    """国办发〔2018〕118号 二（二）: the same for a whole list, whose keeper was asked for at its
    door; `by` is None at the machine itself.
    """
    plain = name.strip().strip("《》").strip()
    if not plain or rank not in vocabulary().ranks:
        raise refuse("请填写依据的名称，并选择效力层级。", SOURCE)
    if any(
        bases.plain(row.name) == bases.plain(plain) for row in Basis.objects.filter(agency=agency)
    ):
        raise refuse(f"《{plain}》已经登记，修改、废止的请登记变动。", SOURCE)
    with work():
        act = record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind="basis.registered",
                content={
                    "name": plain,
                    "number": number,
                    "rank": rank,
                    "effective_on": effective_on,
                    "url": url,
                },
            ),
        )
        made: Basis = Basis.objects.create(
            agency=agency,
            name=plain,
            number=number,
            rank=rank,
            effective_on=effective_on,
            url=url,
            act=act,
        )
        return made


def change(
    by: Actor, basis: Basis, sort: str, on: date, successor: str = "", note: str = ""
) -> BasisChange:
    """国办发〔2018〕118号 二（二）: a basis is amended or repealed from a day on; every public
    page that cites it is owed from then.
    """
    agency = _keeper(by)
    if basis.agency_id != agency.pk or sort not in BasisChange.NAMES:
        raise refuse("请选择本机关登记的依据，并选择修改或者废止。", SOURCE)
    repealed = bases.repealed_on(basis)
    if repealed is not None:
        raise refuse(f"《{basis.name}》已登记自{repealed:%Y年%-m月%-d日}起废止。", SOURCE)
    if on < basis.effective_on:
        raise refuse("变动的日期不能早于施行日期，请核对。", SOURCE)
    said = {"basis": basis.name, "sort": sort, "on": on, "successor": successor, "note": note}
    with work():
        touched = bases.citing(basis)
        act = record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind="basis.changed",
                subject=str(basis.pk),
                content={**said, "pages": [page.title for page in touched]},
            ),
        )
        made: BasisChange = BasisChange.objects.create(
            basis=basis,
            agency_id=agency.pk,
            sort=sort,
            on=on,
            successor=successor.strip().strip("《》"),
            note=note,
            act=act,
        )
        _owed(by, touched, "basis.changed", str(basis.pk), on, said)
        return made


def functions_changed(by: Actor, pages: Iterable[Page], on: date, what: str) -> list[Act]:
    """国办发〔2018〕118号 二（二）: the agency's functions were adjusted; the public pages that
    this touches are owed from then.
    """
    agency = _keeper(by)
    touched = [
        page for page in pages if page.agency_id == agency.pk and bases.published(page.record_id)
    ]
    if not touched or not what.strip():
        raise refuse("请写明调整了什么，并至少选择一页正在公示的信息。", SOURCE)
    with work():
        record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind="functions.changed",
                content={"what": what, "on": on, "pages": [page.title for page in touched]},
            ),
        )
        return _owed(by, touched, "functions.changed", "", on, {"what": what, "on": on})


def _owed(
    by: Actor, touched: Iterable[Page], kind: str, subject: str, on: date, said: Mapping[str, Any]
) -> list[Act]:
    made = []
    for page in touched:
        record = record_acts.lock(page.record_id)
        made.append(
            record_acts.append(
                record,
                by,
                Entry(
                    kind=kind,
                    subject=subject,
                    facts={"kind": "page", "effective_on": on, "changed_on": on},
                    content=said,
                ),
            )
        )
        page_acts.touch(record)
    return made
