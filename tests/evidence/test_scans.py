"""The signed sheet is tied to the text that it bears the mark of, and to no other."""

from __future__ import annotations

import json
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.documents.models import Document
from mingzheng.records.models import ActContent
from mingzheng.site.demo import clips
from tests.cases.telling import case, do, refused
from tests.clause import clause


def scanned() -> list[Any]:
    """A scan of a sheet."""
    return [(clips.kept("photo", mark="签字页"), "笔录签字页.jpg", "签字扫描件")]


@clause("LM-2.2", "CX-2.2")
def test_a_scan_is_linked_by_the_mark_printed_on_the_sheet(bodies: dict[str, Agency]) -> None:
    journey = case(bodies).go("investigated")
    made = Document.objects.filter(record=journey.play.record, kind="inquiry-record").latest("pk")
    act = do(
        journey,
        "document.scanned",
        document=made.pk,
        mark=f" {made.text_hash[:8].upper()} {made.text_hash[8:16]}",
        files=scanned(),
    ).act
    assert json.loads(ActContent.objects.get(act=act).body)[
        "text_hash"
    ] == made.text_hash and act.subject == str(made.pk)


def test_a_sheet_of_another_text_is_refused(bodies: dict[str, Agency]) -> None:
    """Line 23 of the ways around: what was signed is not what is in the record."""
    journey = case(bodies).go("investigated")
    rows = list(Document.objects.filter(record=journey.play.record).order_by("-pk")[:2])
    words = refused(
        journey,
        "document.scanned",
        document=rows[0].pk,
        mark=rows[1].text_hash[:16],
        files=scanned(),
    )
    assert "不一致" in words
    assert "请上传" in refused(
        journey, "document.scanned", document=rows[0].pk, mark=rows[0].text_hash[:16]
    )
