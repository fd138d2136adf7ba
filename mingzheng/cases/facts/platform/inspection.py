"""行政检查: a visit that has ended, and each point of its checklist."""

from __future__ import annotations

from datetime import date

from mingzheng.cases.facts.platform.matter import Matter, day
from mingzheng.cases.models import Checked
from mingzheng.procedures.reporting import Row, Tables
from mingzheng.records.models import Record


def tables(record: Record, on: date) -> Tables:
    """The rows of a visit once it has ended with a result."""
    visit = record.visit
    if visit.ended_on is None or visit.problem_found is None or record.state == "cancelled":
        return {}
    matter = Matter.of(record)
    found = (
        matter.said("result.changed", "conclusion")
        or matter.said("result.formed", "conclusion")
        or matter.said("inspection.ended", "text")
    )
    return {
        "InspRecordMain": [
            {
                "INSPECTION_NUMBER": matter.code,
                "INSPECTION_DATE": day(visit.started_on),
                "INSPECTION_ADDR": record.case.place,
                "IS_INSPECTION_PASS": "problem" if visit.problem_found else "ok",
                "RESULT_DISCRIBE": found,
                "SUBJECT_ID": matter.agency.uscc,
            }
        ],
        "InspRecordDetail": _points(matter),
    }


def _points(matter: Matter) -> list[Row]:
    """The newest finding of each point; a point that was left out has no result."""
    item = matter.case.item
    listed = {str(row["id"]) for row in (item.details if item else {}).get("points", ())}
    newest = {
        row.point: row
        for row in Checked.objects.filter(
            record=matter.record, act__effective__voided_by=None
        ).order_by("pk")
    }
    return [
        {
            "RECORD_MAIN_ID": matter.code,
            "INSP_ITEM_ID": point,
            "ITEM_SRC_TYPE": "listed" if point in listed else "added",
            "IS_INSPECTION_PASS": row.finding if row.finding != "not-checked" else "",
        }
        for point, row in newest.items()
    ]
