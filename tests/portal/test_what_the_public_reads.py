"""One published decision: the frozen text, how its day was counted, and nothing that was not
approved.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from django.db.models import Model, QuerySet
from django.test import Client

from mingzheng.core import clock
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.portal import reading
from mingzheng.records.models import Duty
from tests.clause import clause
from tests.portal.conftest import public

PAGES = (
    "/",
    "/decisions",
    "/withdrawals",
    "/officers",
    "/officers?agency=wg",
    "/officers?q=张",
    "/a/wg",
    "/a/fc",
    "/rules",
    "/rules/wg",
    "/rules/fc",
    "/about",
    "/q",
)


def body(answer: Any) -> str:
    return answer.content.decode()


@clause("WG-A7.1")
def test_the_page_shows_the_approved_text_and_how_its_day_was_counted(
    visitor: Client, company: Publication
) -> None:
    page = body(visitor.get(f"/p/{company.code}"))
    said = json.loads(company.body)
    for name in ("title", "party", "number", "decision", "remedy"):
        assert said[name] in page
    duty = Duty.objects.get(record=company.record_id, topic="publication/decision", channel="")
    assert f"{duty.how['within']} 个工作日" in page and duty.source in page
    assert duty.light_due is not None and f"{duty.light_due.month}月{duty.light_due.day}日" in page
    assert "内容与" in page and "批准公示的一致" in page


def test_a_text_that_is_not_the_approved_one_says_so(
    visitor: Client, company: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "content_hash", lambda body: "0" * 64)
    page = body(visitor.get(f"/p/{company.code}"))
    assert "对不上" in page and "批准公示的一致" not in page


def test_only_days_of_the_stages_are_told_and_no_names(
    visitor: Client, company: Publication
) -> None:
    page = body(visitor.get(f"/p/{company.code}"))
    for stage in ("立案", "调查终结", "告知", "作出决定", "送达"):
        assert stage in page
    for name in ("张三", "李四", "秦望舒", "陈局"):
        assert name not in page


def test_every_channel_shows_its_receipt_and_the_missing_one_shows_as_waiting(
    visitor: Client, company: Publication
) -> None:
    page = body(visitor.get(f"/p/{company.code}"))
    assert "本平台" in page
    for each in company.receipts.exclude(receipt=""):
        assert each.receipt in page


def test_a_withdrawn_publication_is_gone_and_leaves_no_content(
    visitor: Client, gone: Publication
) -> None:
    answer = visitor.get(f"/p/{gone.code}")
    page, said = body(answer), json.loads(gone.body)
    assert answer.status_code == 410
    for name in ("title", "party", "facts", "basis", "decision"):
        assert said[name] not in page
    assert gone.number in page and gone.reason in page and "决定被撤销" in page
    assert "行政处罚法 第四十八条" in page


def test_a_withdrawn_publication_answers_gone_even_to_who_kept_the_old_page(
    visitor: Client, gone: Publication
) -> None:
    assert visitor.get(f"/p/{gone.code}", headers={"if-none-match": "*"}).status_code == 410


def test_a_withdrawn_publication_is_found_in_the_register_and_nowhere_else(
    visitor: Client, gone: Publication
) -> None:
    assert gone.code in body(visitor.get("/withdrawals"))
    said = json.loads(gone.body)
    for address in (
        "/decisions",
        f"/decisions?q={gone.number}",
        f"/decisions?q={said['party'][:6]}",
        "/decisions?agency=lm",
    ):
        page = body(visitor.get(address))
        assert gone.code not in page and said["title"] not in page


def test_the_reason_of_a_withdrawal_does_not_name_a_natural_person(
    visitor: Client, villager: Publication, town: Any
) -> None:
    person = town["villager"].play.party
    Publication.objects.filter(pk=villager.pk).update(
        state=Publication.WITHDRAWN,
        withdrawn_by=villager.published_by,
        withdrawn_on=clock.today(),
        reason=f"{person['name']}（{person['identifier']}）申请复议，决定撤销。",
    )
    for address in (f"/p/{villager.code}", "/withdrawals", "/"):
        page = body(visitor.get(address))
        assert person["name"] not in page and person["identifier"] not in page


def test_no_public_page_has_personal_data_of_a_natural_person(
    visitor: Client, villager: Publication, town: Any
) -> None:
    person = town["villager"].play.party
    papers = Document.objects.filter(record=villager.record_id)
    for address in (*PAGES, f"/p/{villager.code}", *(f"/q/{paper.code}" for paper in papers)):
        page = body(visitor.get(address))
        for name in ("name", "identifier", "address", "phone"):
            assert person[name] not in page, (address, name)
    assert f"{person['name'][0]}某" in body(visitor.get(f"/p/{villager.code}"))


def test_nothing_unpublished_can_be_reached(visitor: Client, town: Any) -> None:
    hidden = town["hidden"].play
    for address in (*PAGES, f"/decisions?q={hidden.party['name']}"):
        page = body(visitor.get(address))
        assert hidden.party["identifier"] not in page
        assert hidden.party["name"] not in page.replace(f"“{hidden.party['name']}”", "").replace(
            f'value="{hidden.party["name"]}"', ""
        )
    assert visitor.get(f"/p/{hidden.record.code}").status_code == 404


@pytest.mark.parametrize("state", [Publication.PROPOSED, Publication.APPROVED, Publication.DROPPED])
def test_a_text_on_its_way_to_the_public_is_not_there(
    visitor: Client, company: Publication, state: str
) -> None:
    Publication.objects.filter(pk=company.pk).update(state=state)
    assert visitor.get(f"/p/{company.code}").status_code == 404
    assert company.code not in body(visitor.get("/decisions")) + body(visitor.get("/"))


@pytest.mark.parametrize("code", ["0" * 26, "none", "'or'1'='1", "..", "a" * 3000, "😀"])
def test_an_unknown_code_is_not_found(visitor: Client, code: str) -> None:
    answers = [
        visitor.get(f"/p/{code}"),
        visitor.get(f"/q/{code}"),
        visitor.get(f"/a/{code}"),
        visitor.get(f"/rules/{code}"),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_the_code_of_one_thing_opens_no_other(visitor: Client, company: Publication) -> None:
    paper = Document.objects.filter(record=company.record_id, kind="penalty-decision").get()
    assert visitor.get(f"/p/{paper.code}").status_code == 404
    assert visitor.get(f"/q/{company.code}").status_code == 404
    assert visitor.get(f"/p/{company.record.code}").status_code == 404


def test_an_unchanged_page_is_not_sent_twice_and_a_changed_one_is(
    visitor: Client, company: Publication
) -> None:
    first = visitor.get(f"/p/{company.code}")
    assert first["Cache-Control"] == "no-cache"
    again = visitor.get(f"/p/{company.code}", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    company.receipts.create(
        agency_id=company.agency_id,
        channel="government-site",
        receipt="R9",
        on=clock.today(),
        act=company.published_by,
    )
    assert (
        visitor.get(f"/p/{company.code}", headers={"if-none-match": first["ETag"]}).status_code
        == 200
    )


def test_pages_have_no_inline_style_or_script_and_one_heading(
    visitor: Client, company: Publication, gone: Publication
) -> None:
    for address in (*PAGES, f"/p/{company.code}", f"/p/{gone.code}", "/decisions?q=没有的"):
        page = body(visitor.get(address))
        assert not re.search(r"<script|\sstyle=|\son\w+=", page), address
        assert page.count("<h1") == 1 and 'href="#main"' in page and 'id="main"' in page, address


def plain(value: Any, depth: int = 0) -> bool:
    """Whether no row of a table is within reach of a template."""
    if isinstance(value, (Model, QuerySet)):
        return False
    if isinstance(value, dict):
        return all(plain(each, depth + 1) for each in value.values())
    if isinstance(value, (list, tuple, set)):
        return all(plain(each, depth + 1) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        frozen = value.__dataclass_params__.frozen  # type: ignore[attr-defined]
        return frozen and all(
            plain(getattr(value, field.name), depth + 1) for field in fields(value)
        )
    return True


def test_templates_get_plain_frozen_values_only(
    visitor: Client, company: Publication, gone: Publication
) -> None:
    for address in (*PAGES, f"/p/{company.code}", f"/p/{gone.code}"):
        layers = [layer.flatten() for layer in visitor.get(address).context]
        held = {
            name: value
            for layer in layers
            for name, value in layer.items()
            if name not in ("request", "block", "forloop")
        }
        assert len(held) > 4 and [name for name, value in held.items() if not plain(value)] == [], (
            address
        )


@pytest.mark.parametrize("address", [*PAGES, "/p/x", "/q/x"])
def test_public_pages_take_no_orders(visitor: Client, address: str) -> None:
    assert visitor.post(address).status_code == 405


def test_large_letters_are_remembered(visitor: Client) -> None:
    assert 'data-size="large"' in body(visitor.get("/?size=large"))
    assert 'data-size="large"' in body(visitor.get("/decisions"))
    visitor.get("/?size=normal")
    assert 'data-size="large"' not in body(visitor.get("/decisions"))


def test_the_balance_adds_up(visitor: Client, town: Any) -> None:
    from mingzheng.portal import balance
    from mingzheng.rulebook.adopted import enforcing

    rows = [balance.of_agency(each) for each in enforcing()]
    for row in rows:
        assert row.due == row.published + row.withheld + row.within + row.overdue
    total = balance.total(rows)
    assert (total.published, total.overdue) == (
        3,
        1,
    ), "三件已公示（一件后来撤下），一件送达后没有公示"
    assert public(town["gone"]).state == Publication.WITHDRAWN
