"""Whole cases of four agencies, from the source to the bound file."""

from __future__ import annotations

from typing import Any

import pytest

from mingzheng.archive.models import Volume
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.jobs.models import Job
from mingzheng.records.models import Duty
from mingzheng.records.verify import verify_all
from tests.cases.telling import MAJOR, case, state
from tests.clause import clause

HEARD = {**MAJOR, "hearing": "held", "penalties": ["其他"], "other": "撤销登记"}
ROADS = {
    "wg": ("wg", "jn-82", {}),
    "lm": ("lm", "st-30", HEARD),
    "lg": ("lg", "jn-82", {**MAJOR, "self_check": True}),
    "fc": ("fc", "open-burning", {"fine": "500"}),
}


@clause("WG-B2", "LM-2", "CX-2")
@pytest.mark.sql
@pytest.mark.parametrize("road", ROADS)
def test_a_case_runs_from_its_source_to_the_bound_file(bodies: dict[str, Any], road: str) -> None:
    code, item, how = ROADS[road]
    journey = case(bodies, code, item, **how).go("bound")
    assert state(journey) == "closed"
    record = journey.play.record
    assert Publication.objects.get(record=record).state == Publication.LIVE
    assert Volume.objects.get(record=record).blob_id
    assert not Job.objects.exclude(state=Job.DONE)
    assert not Document.objects.filter(record=record, blob=None)
    assert not Duty.objects.filter(
        record=record, state=Duty.OPEN, awaited=False, due__lt=journey.day
    )
    assert list(verify_all()) == []
