"""6, 15, 19, 22 to 25 and 28 where things go public: packages, open data, feeds, searches,
exports, corrections.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from openpyxl import load_workbook

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.disclosure.access import channels_up
from mingzheng.disclosure.channels import double_publication, packages, tables
from mingzheng.disclosure.models import Publication
from mingzheng.site.demo import parties
from mingzheng.site.demo.journey import Journey
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, refused
from tests.portal.test_open_data import body
from tests.scenes.pages import signed_in

CHANNELS = ("government-site", "new-media", "notice-board", "credit-china")
FEEDS = ("publications", "corrections", "withdrawals")
# Which person of the cast this is: 秦望舒 leads the section of wg, 张三 handles its cases.
HEAD, OFFICER = 4, 1


def live(journey: Journey) -> Publication:
    """What the public reads now."""
    return Publication.objects.get(record=journey.play.record, state=Publication.LIVE)


def words_in(made: packages.Package) -> str:
    """Everything that can be read in a package, its name with it."""
    if made.media == "application/zip":
        with zipfile.ZipFile(io.BytesIO(made.data)) as book:
            return made.name + "".join(name + book.read(name).decode() for name in book.namelist())
    if made.media == tables.XLSX:
        return made.name + json.dumps(
            [
                [str(cell or "") for cell in row]
                for row in load_workbook(io.BytesIO(made.data)).active.values
            ],
            ensure_ascii=False,
        )
    if made.media == "application/pdf":
        sheet = pypdfium2.PdfDocument(made.data)
        return made.name + "".join(
            sheet[at].get_textpage().get_text_range() for at in range(len(sheet))
        )
    return made.name + made.data.decode()


def told_outside(client: Client, row: Publication, *asked: str) -> str:
    """Everything that anybody can fetch about a decision: page, text, lists, searches, data,
    feeds, packages.
    """
    addresses = [
        "/",
        f"/p/{row.code}",
        f"/p/{row.code}/text",
        "/decisions",
        "/withdrawals",
        "/open/decisions.jsonl",
        "/open/decisions.csv",
        "/open/double/wg/penalty.csv",
        "/a/wg",
        *[f"/open/{name}.atom" for name in FEEDS],
    ]
    pages = "".join(body(client.get(address)) for address in addresses)
    # The page repeats the question that was asked, so only what was found counts.
    found = "".join(
        "此处查到了"
        for word in asked
        if 'class="feed"' in body(client.get("/decisions", {"q": word}))
    )
    return pages + found + "".join(words_in(packages.make(row, channel)) for channel in CHANNELS)


def test_6_what_is_only_proposed_has_no_page_text_or_package(
    bodies: dict[str, Agency], client: Client
) -> None:
    journey = case(bodies).go("served")
    with at(journey.day, 15):
        journey.play.propose()
        row = Publication.objects.get(record=journey.play.record)
        for address in (
            f"/p/{row.code}",
            f"/p/{row.code}/text",
            f"/p/{row.code}/proof",
            f"/open/publications.atom?item={row.code}",
        ):
            assert client.get(address).status_code == 404, address
        assert (
            signed_in("wg", OFFICER).get(f"/desk/channels/new-media/{row.code}").status_code == 404
        )
        assert not body(client.get("/open/decisions.jsonl"))


def test_15_a_formula_in_a_decision_is_text_in_every_table(
    bodies: dict[str, Agency], client: Client
) -> None:
    evil = '=HYPERLINK("http://example.invalid","点这里")'
    journey = case(bodies, facts=evil).go("published")
    with at(journey.day, 18):
        rows = list(csv.DictReader(io.StringIO(body(client.get("/open/decisions.csv")))))
        double = list(csv.DictReader(io.StringIO(body(client.get("/open/double/wg/penalty.csv")))))
        book = load_workbook(io.BytesIO(packages.make(live(journey), "credit-china").data)).active
    assert rows[0]["facts"] == f"'{evil}" and double[0]["CF_SY"] == f"'{evil}"
    cells = [cell for row in book.iter_rows() for cell in row if evil in str(cell.value)]
    assert cells and {cell.data_type for cell in cells} == {"s"}
    assert [
        cell.coordinate for row in book.iter_rows() for cell in row if cell.data_type == "f"
    ] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_15_no_cell_of_open_data_begins_as_a_formula(start: str) -> None:
    text = "".join(tables.lines(["a"], [{"a": f"{start}1+1"}]))
    assert list(csv.reader(io.StringIO(text)))[1][0].startswith("'")


@pytest.mark.parametrize("agency", ["wg", "fc"])
def test_19_no_element_of_a_package_is_empty(bodies: dict[str, Agency], agency: str) -> None:
    row = live(case(bodies, agency, fine="500").go("published"))
    assert [head for head, text in packages.parts(row) if not text.strip()] == []
    heads = [head for head, _ in packages.parts(row)]
    assert heads[:2] == ["文书号", "当事人"] and heads[-1] == "救济途径" and len(heads) == 6
    for channel in CHANNELS:
        text = words_in(packages.make(row, channel))
        assert [
            sign
            for sign in ("{{", "}}", "{%", "None", "<dd></dd>", "〔〕", "：</strong></p>")
            if sign in text
        ] == [], channel
        assert (
            row.number in text
            or channel == "notice-board"
            and row.number.replace("〔", "") in text.replace("〔", "")
        ), channel


def test_22_an_informant_leaves_by_no_page_search_feed_file_or_package(
    bodies: dict[str, Agency], client: Client
) -> None:
    name, phone = "周举仁", "13811112222"
    journey = case(
        bodies,
        source={"informant": f"{name}，{phone}"},
        facts=f"据{name}（{phone}）举报，当事人未按规定报送报告。",
    ).go("served")
    with at(journey.day, 15):
        journey.play.propose()
    journey.published()
    with at(journey.day, 18):
        row = live(journey)
        told = told_outside(client, row, name, phone)
        assert "当事人未按规定报送报告" in told
        sheet = signed_in("wg", HEAD).get("/desk/cases?export=xlsx")
        assert sheet.status_code == 200
        cells = json.dumps(
            [
                [str(cell) for cell in line]
                for line in load_workbook(io.BytesIO(body_of(sheet))).active.values
            ],
            ensure_ascii=False,
        )
        headers = [
            str(signed_in("wg", OFFICER).get(f"/desk/channels/{channel}/{row.code}").headers)
            for channel in CHANNELS
        ]
    for secret in (name, phone):
        assert (
            secret not in told
            and "此处查到了" not in told
            and secret not in cells
            and secret not in journey.play.record.title
        )
        assert not [one for one in headers if secret in one]


def body_of(answer: Any) -> bytes:
    """The bytes of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


@pytest.mark.parametrize("written", ["周举仁", "周举仁，13811112222", "举报人：周举仁 13811112222"])
def test_22_an_informant_cannot_be_released_with_any_cause(
    bodies: dict[str, Agency], written: str
) -> None:
    from mingzheng.disclosure.forms.proposing import ProposeForm
    from mingzheng.site.demo.play import who

    journey = case(
        bodies, source={"informant": written}, facts="据周举仁举报，当事人未按规定报送报告。"
    ).go("served")
    form = ProposeForm(
        None, record=journey.play.record, actor=who(journey.play.body, journey.play.officers[0])
    )
    found = [each for each in form.passages if "周举仁" in each.said]
    assert found and not any(each.releasable for each in found)
    with at(journey.day, 15):
        journey.play.propose(**{each.key: "想公开" for each in found})
    shown = Publication.objects.get(record=journey.play.record).body
    assert "周举仁" not in shown and "周某" not in shown and "〔举报人〕" in shown


def test_23_what_was_covered_when_it_was_approved_is_covered_when_it_is_published(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies, "fc", fine="500").go("served")
    name = journey.play.party["name"]
    with at(journey.day, 14):
        journey.play.propose()
        journey.play.step("publication.approved")
    with at(journey.day, 15):
        journey.play.approve()
    from mingzheng.disclosure.forms.proposing import ProposeForm
    from mingzheng.site.demo.play import who

    form = ProposeForm(
        None, record=journey.play.record, actor=who(journey.play.body, journey.play.officers[0])
    )
    with at(journey.day, 16):
        journey.play.propose(
            **{
                each.key: "该名称应当公开"
                for each in form.passages
                if each.releasable and each.said == name
            }
        )
    words = refused(journey, "publication.published:decision", channel="own-site", receipt="")
    assert "审批" in words or "批准" in words
    assert not Publication.objects.filter(
        record=journey.play.record, state=Publication.LIVE
    ).exists()


def test_24_a_bulk_export_leaves_out_what_is_withheld_withdrawn_or_only_approved(
    bodies: dict[str, Agency], client: Client
) -> None:
    kept = case(bodies).go("published")
    secret = case(bodies, party=parties.company("wg", 1)).go("served")
    waiting = case(bodies, party=parties.company("wg", 2)).go("served")
    gone = case(bodies, party=parties.company("wg", 3)).go("published")
    with at(secret.day, 15):
        secret.play.step("publication.withheld", ground="secrets", reason="涉及未公开的工艺")
        secret.play.approve()
        waiting.play.propose()
        waiting.play.step("publication.approved")
    with at(waiting.day, 16):
        waiting.play.approve()
    gone.forward(1)
    do(gone, "publication.withdrawn", hour=10, cause="wrong", reason="公示内容有误。")
    with at(gone.day, 11):
        gone.play.approve()
    with at(gone.day, 18):
        chief = signed_in("wg", HEAD)
        assert "正在公示的 1 件" in chief.get("/desk/channels/double/penalty").content.decode()
        book = load_workbook(io.BytesIO(chief.post("/desk/channels/double/penalty").content)).active
        taken = [
            body(client.get("/open/decisions.jsonl")),
            body(client.get("/open/decisions.csv")),
            body(client.get("/open/double/wg/penalty.csv")),
            json.dumps([[str(cell) for cell in row] for row in book.values], ensure_ascii=False),
        ]
    for text in taken:
        assert kept.play.party["name"] in text
        for other in (secret, waiting, gone):
            assert (
                other.play.party["name"] not in text and other.play.party["identifier"] not in text
            )


def test_25_a_correction_leaves_its_trace_and_none_of_the_wrong_words(
    bodies: dict[str, Agency], client: Client
) -> None:
    journey = case(bodies, "fc", fine="500").go("published")
    old = live(journey)
    wrong = json.loads(old.body)["facts"][:8]
    journey.forward(1)
    do(journey, "publication.found-wrong", hour=9, reason="写错一处")
    with at(journey.day, 10):
        journey.play.propose(amended=f"{wrong} → 经复核的情况")
        journey.play.step("publication.approved")
    with at(journey.day, 11):
        journey.play.approve()
    do(
        journey,
        "publication.corrected",
        hour=12,
        reason="有一处笔误。",
        **{f"receipt-{channel}": "G1" for channel in channels_up(old) if channel != "own-site"},
    )
    for address in (
        "/open/corrections.atom",
        "/open/corrections.atom?agency=fc",
        f"/open/corrections.atom?item={live(journey).code}",
    ):
        told = body(client.get(address))
        assert old.number in told and old.code in told and wrong not in told
    assert client.get(f"/p/{old.code}/text").status_code == 404 and old.code not in body(
        client.get("/open/decisions.jsonl")
    )
    assert (
        signed_in("fc", OFFICER).get(f"/desk/channels/notice-board/{old.code}").status_code == 404
    )


def test_28_no_list_package_or_table_of_the_desk_shows_another_agency(
    bodies: dict[str, Agency],
) -> None:
    journey = case(bodies).go("published")
    row, name = live(journey), journey.play.party["name"]
    with at(journey.day, 18):
        own, foreign = signed_in("wg", OFFICER), signed_in("lm", OFFICER)
        for channel in CHANNELS:
            assert own.get(f"/desk/channels/{channel}/{row.code}").status_code == 200
            assert foreign.get(f"/desk/channels/{channel}/{row.code}").status_code == 404
        assert own.get(f"/desk/channels/..%2Fx/{row.code}").status_code == 404
        pages = [
            foreign.get(address).content.decode()
            for address in ("/desk/channels", "/desk/feedback", "/desk", "/desk/cases")
        ]
        assert foreign.get("/desk/channels/double/licence").status_code == 404
    assert not [text for text in pages if name in text or row.code in text]


def test_28_no_filter_or_search_of_the_public_finds_what_is_withheld(
    bodies: dict[str, Agency], client: Client
) -> None:
    journey = case(bodies).go("served")
    name, code = journey.play.party["name"], journey.play.party["identifier"]
    with at(journey.day, 15):
        journey.play.propose()
        row = Publication.objects.get(record=journey.play.record)
        journey.play.step("publication.withheld", ground="secrets", reason="涉及未公开的工艺")
        journey.play.approve()
    for query in (
        {"q": name[2:8]},
        {"q": code},
        {"q": row.number},
        {"agency": "wg"},
        {"party": "organisation"},
        {"agency": "wg", "since": "2020-01-01"},
    ):
        assert "没有符合条件的决定" in body(client.get("/decisions", query)), query
    for address in (
        "/open/decisions.jsonl?agency=wg",
        "/open/decisions.csv",
        "/open/double/wg/penalty.csv",
        "/a/wg",
        "/withdrawals",
        *[f"/open/{name}.atom?agency=wg" for name in FEEDS],
    ):
        text = body(client.get(address))
        assert (
            name not in text and code not in text and (not row.number or row.number not in text)
        ), address
    for feed in FEEDS:
        assert client.get(f"/open/{feed}.atom?item={row.code}").status_code == 404


def test_28_an_export_of_one_agency_never_holds_a_row_of_another(bodies: dict[str, Agency]) -> None:
    mine, other = case(bodies, "wg").go("published"), case(bodies, "lg").go("published")
    with at(max(mine.day, other.day), 18):
        rows = list(double_publication.rows(bodies["wg"].pk, "penalty"))
        assert [each.record.pk for each in rows] == [mine.play.record.pk] and clock.today()
