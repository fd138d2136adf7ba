"""文书: numbers without gaps, elements of the law, and a PDF that says what was frozen."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from mingzheng.documents import kinds, render
from mingzheng.documents.acts import sheet
from mingzheng.documents.models import Document
from mingzheng.jobs.acts import drain
from mingzheng.records import law, store
from mingzheng.records.models import Act
from mingzheng.records.refusal import Refused
from mingzheng.site.demo import parties
from tests.cases.telling import case
from tests.clause import clause


def words(pdf: bytes, folder: Path) -> str:
    """The text of a PDF."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    assert shutil.which("pdftotext"), "poppler-utils"
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


@clause("LM-2.2", "LG-2.1", "WG-B5")
@pytest.mark.sql
def test_numbers_of_a_series_have_no_gaps(bodies: dict[str, Any]) -> None:
    first = case(bodies).go("decided")
    second = case(bodies, party=parties.company("wg", 6)).go("decided")
    made = [
        Document.objects.get(record=each.play.record, kind="penalty-decision")
        for each in (first, second)
    ]
    assert [row.number for row in made] == [1, 2]
    assert made[0].full_number.startswith("汶工信") and made[0].full_number.endswith("〔2026〕1号")


def test_a_refused_decision_uses_up_no_number(bodies: dict[str, Any]) -> None:
    from tests.cases.telling import refused

    early = case(bodies).go("noticed")
    refused(early, "decision.made:penalty")
    done = case(bodies, party=parties.company("wg", 6)).go("decided")
    assert Document.objects.get(record=done.play.record, kind="penalty-decision").number == 1


def test_series_of_different_agencies_do_not_meet(bodies: dict[str, Any]) -> None:
    rows = [
        Document.objects.get(
            record=case(bodies, code).go("decided").play.record, kind="penalty-decision"
        )
        for code in ("wg", "lm")
    ]
    assert [row.number for row in rows] == [1, 1] and rows[0].mark != rows[1].mark


def test_a_decision_without_a_statutory_element_is_not_issued(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    regime, kind = law.regime(journey.play.record), kinds.find("penalty-decision")
    body = json.loads(journey.play.record.drafts.latest("pk").body)
    kinds.check_elements(regime, kind, body, {"kind": "penalty"}, journey.day)
    for name in body["elements"]:
        rows = {
            row["id"]: row
            for row in regime.rows(
                "document/penalty-decision", journey.day, {"kind": "penalty"}
            ).rows
        }
        if name not in rows or rows[name].get("need", "must") != "must":
            continue
        with pytest.raises(Refused, match="缺少法定内容") as found:
            kinds.check_elements(
                regime,
                kind,
                {**body, "elements": {**body["elements"], name: "  "}},
                {"kind": "penalty"},
                journey.day,
            )
        assert found.value.grounds[0].field == name


def test_a_placeholder_that_nobody_filled_is_not_issued(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("heard")
    body = json.loads(journey.play.record.drafts.latest("pk").body)
    with pytest.raises(Refused, match="占位内容"):
        kinds.check_elements(
            law.regime(journey.play.record),
            kinds.find("penalty-decision"),
            {**body, "lead": ["当事人：{{ party }}"]},
            {"kind": "penalty"},
            journey.day,
        )


def test_the_pdf_says_what_was_frozen(bodies: dict[str, Any], tmp_path: Path) -> None:
    journey = case(bodies, fine="20000").go("decided")
    drain()
    made = Document.objects.get(record=journey.play.record, kind="penalty-decision")
    assert made.blob_id and made.pages
    text = words(store.read(made.blob_id), tmp_path).replace(" ", "").replace("\n", "")
    for part in (
        made.full_number.replace("〔", "").split("2026")[0],
        journey.play.party["name"],
        "汶上县工业和信息化局",
        "汶上县人民政府",
        "汶上县人民法院",
        made.text_hash[:16],
    ):
        assert part in text, part
    assert "{{" not in text and "＄" not in text and "$" not in text
    rendered = Act.objects.get(
        record=journey.play.record, kind="document.rendered", subject=str(made.pk)
    )
    assert json.loads(rendered.content.body)["sha256"] == made.blob_id


def test_rendering_twice_makes_one_file(bodies: dict[str, Any]) -> None:
    from mingzheng.documents.acts import render_document

    journey = case(bodies).go("opened")
    drain()
    made = Document.objects.filter(record=journey.play.record).earliest("pk")
    acts = Act.objects.count()
    render_document(made.pk)
    assert Act.objects.count() == acts


def test_papers_are_kept_in_an_archival_format(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("opened")
    made = Document.objects.filter(record=journey.play.record).earliest("pk")
    pdf, pages = render.pdf(sheet(made))
    import io

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == pages >= 1
        assert b"pdfaid" in opened.Root.Metadata.read_bytes()


def test_a_missing_font_is_a_sentence_and_not_a_page_of_boxes(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = case(bodies).go("opened")
    made = Document.objects.filter(record=journey.play.record).earliest("pk")
    monkeypatch.setattr(render, "families", lambda: {"DejaVu Sans"})
    with pytest.raises(render.FontMissing, match="缺少字体.*python3 run.py"):
        render.pdf(sheet(made))


def test_every_kind_of_paper_of_a_case_can_be_printed(bodies: dict[str, Any]) -> None:
    from tests.cases.telling import MAJOR

    journey = case(
        bodies,
        "lm",
        "st-30",
        **{**MAJOR, "hearing": "held", "penalties": ["其他"], "other": "撤销登记"},
    ).go("bound")
    rows = Document.objects.filter(record=journey.play.record)
    assert not rows.filter(blob=None) and rows.values("kind").distinct().count() > 15
