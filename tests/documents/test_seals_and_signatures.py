"""What is signed stays as it was: seals over papers, signatures by hand on them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms

from mingzheng.agencies.models import Agency
from mingzheng.documents import demo_seals, pades, sealing
from mingzheng.documents.models import Document
from mingzheng.procedures.strokes import read
from mingzheng.records import store
from mingzheng.records.models import ActContent
from mingzheng.site.demo.play import finish_papers
from tests.cases.telling import case, do, refused
from tests.clause import clause

STROKES = json.dumps(
    {
        "width": 300,
        "height": 120,
        "strokes": [[[10 + n, 20 + n, n * 8] for n in range(30)], [[60, 40, 400], [90, 42, 420]]],
    }
)


@pytest.fixture
def sealed(bodies: dict[str, Agency]) -> Iterator[str]:
    """汶上's seal is installed."""
    code = f"agency-{bodies['wg'].pk}"
    demo_seals.make([(code, bodies["wg"].name)])
    yield code
    sealing.seal_file(code).unlink()


def decided(bodies: dict[str, Agency]) -> Document:
    """An issued decision, rendered."""
    journey = case(bodies).go("served")
    finish_papers()
    found: Document = Document.objects.filter(
        record=journey.play.record, kind="penalty-decision"
    ).get()
    return found


def test_a_decision_goes_out_under_the_agencys_seal(
    bodies: dict[str, Agency], sealed: str, tmp_path: Path
) -> None:
    """Ours and another implementation agree; it is still one PDF with its text."""
    made = decided(bodies)
    data = store.read(str(made.blob_id))
    verdict = pades.check(data)
    assert verdict and verdict.whole and bodies["wg"].name in verdict.name
    (tmp_path / "d.pdf").write_bytes(data)
    seen = subprocess.run(
        ["pdfsig", "-nocert", str(tmp_path / "d.pdf")], capture_output=True, text=True
    ).stdout
    assert (
        "Signature is Valid" in seen
        and "ETSI.CAdES.detached" in seen
        and "Total document signed" in seen
    )
    said = json.loads(
        ActContent.objects.get(
            act__record=made.record_id, act__kind="document.rendered", act__subject=str(made.pk)
        ).body
    )
    assert said["seal"] == verdict.certificate and said["text_hash"] == made.text_hash


def test_a_changed_byte_or_an_addition_breaks_the_seal(
    bodies: dict[str, Agency], sealed: str
) -> None:
    data = store.read(str(decided(bodies).blob_id))
    for at in (2000, len(data) // 2):
        broken = bytearray(data)
        broken[at] ^= 1
        try:
            verdict = pades.check(bytes(broken))
        except Exception:
            continue
        assert verdict is None or not verdict.whole
    added = pades.check(data + b"\n% more")
    assert added is not None and not added.whole


def test_without_a_certificate_papers_go_out_with_the_drawn_stamp(
    bodies: dict[str, Agency],
) -> None:
    assert pades.check(store.read(str(decided(bodies).blob_id))) is None


def test_a_seal_that_others_may_read_is_not_used(bodies: dict[str, Agency], sealed: str) -> None:
    sealing.seal_file(sealed).chmod(0o644)
    with pytest.raises(sealing.SealError, match="权限过宽"):
        pades.signer(sealed)


def test_a_missing_or_foreign_seal_file_says_what_to_do(bodies: dict[str, Agency]) -> None:
    with pytest.raises(sealing.SealError, match="读不出来"):
        pades.signer("agency-0")
    with pytest.raises(sealing.SealError, match="PKCS#12"):
        sealing.install("agency-0", b"no certificate", "")
    assert not sealing.available("agency-0")


def test_a_silent_timestamp_service_does_not_hold_a_paper_back(
    bodies: dict[str, Agency], sealed: str, settings: Any
) -> None:
    settings.TSA_URL = "http://127.0.0.1:9/"
    made = decided(bodies)
    verdict = pades.check(store.read(str(made.blob_id)))
    assert verdict and verdict.whole


@clause("LG-2.1")
def test_a_signature_by_hand_is_drawn_on_the_record_and_kept_with_its_times(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("investigated")
    off = journey.play.officers_ids()
    do(
        journey,
        "party.questioned",
        officers=off,
        asked="赵某",
        relation="负责人",
        place="办公室",
        text="问：……答：……",
        signed="signed",
        stroke=STROKES,
        beside="执法人员二名",
    )
    made = Document.objects.filter(record=journey.play.record, kind="inquiry-record").latest("pk")
    body = json.loads(made.body)
    assert any("stroke" in row and "执法人员二名" in row["note"] for row in body["signs"])
    said = json.loads(ActContent.objects.get(act_id=int(made.act.subject)).body)
    assert said["stroke"]["strokes"][0][1] == [11, 21, 8]
    finish_papers()
    made.refresh_from_db()
    assert made.blob_id


def test_a_signature_beside_a_refusal_contradicts_itself(bodies: dict[str, Agency]) -> None:
    journey = case(bodies).go("investigated")
    words = refused(
        journey,
        "party.questioned",
        officers=journey.play.officers_ids(),
        asked="赵某",
        relation="负责人",
        place="办公室",
        text="问答",
        signed="refused",
        refusal_reason="不愿签",
        witness="申某",
        stroke=STROKES,
    )
    assert "先擦掉签名" in words


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        '{"strokes": 3}',
        '{"width": 10, "height": 10, "strokes": [[[99, 1, 1]]]}',
        '{"width": 1e999, "height": 1, "strokes": [[[1,1,1]]]}',
        json.dumps({"width": 300, "height": 100, "strokes": [[[1, 1, 1]] * 3]}),
        '{"width": 9, "height": 9, "strokes": [["<script>", 1, 1]]}',
    ],
)
def test_what_is_no_drawing_is_refused_in_a_sentence(bad: str) -> None:
    with pytest.raises(forms.ValidationError, match="重签"):
        read(bad)


def test_an_empty_pad_is_no_signature() -> None:
    assert read("") is None and read('{"width": 9, "height": 9, "strokes": []}') is None


def test_the_drawing_holds_only_numbers_and_letters_of_ours() -> None:
    written = read(STROKES)
    assert written is not None and set(written.path) <= set("ML 0123456789")
