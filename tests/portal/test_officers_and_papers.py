"""Officers by name and number; papers by the code printed on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Agency, Certificate, Post
from mingzheng.core import clock
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from tests.clause import clause

TODAY = clock.today


def page(visitor: Client, address: str) -> str:
    return visitor.get(address).content.decode()


def certificate(name: str) -> Certificate:
    return Certificate.objects.select_related("person").get(person__name=name)


@clause("LX-A5.1", "LX-A11.4", "WG-A5.2")
def test_the_fields_shown_are_those_of_the_agencys_own_list(visitor: Client) -> None:
    industry, petition = page(visitor, "/officers?agency=wg"), page(visitor, "/officers?agency=lx")
    assert "执法区域" in industry and "职务" not in industry and "汶上县" in industry
    assert "职务" in petition and "执法范围" in petition and "执法区域" not in petition


def test_part_of_a_name_or_the_whole_number_finds_an_officer(visitor: Client) -> None:
    held = certificate("张三")
    assert held.number in page(visitor, "/officers?q=张")
    assert "张三" in page(visitor, f"/officers?q={held.number}")
    assert "张三" not in page(visitor, f"/officers?q={held.number[:-1]}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": Certificate.SUSPENDED}, "已暂扣"),
        ({"state": Certificate.REVOKED}, "已注销"),
        ({"until": TODAY() - timedelta(days=1)}, "到期"),
        ({"since": TODAY() + timedelta(days=1)}, "还没有生效"),
    ],
)
def test_a_certificate_that_is_not_valid_leaves_the_list_and_says_so_by_number(
    visitor: Client, change: dict[str, Any], words: str
) -> None:
    held = certificate("张三")
    Certificate.objects.filter(pk=held.pk).update(**change)
    assert held.number not in page(visitor, "/officers?agency=wg") + page(
        visitor, "/officers?q=张三"
    )
    answer = page(visitor, f"/officers?q={held.number}")
    assert "这个证号现在无效" in answer and words in answer and "张三" not in answer


def test_who_has_left_the_agency_is_no_officer_of_it(visitor: Client) -> None:
    held = certificate("张三")
    Post.objects.filter(person=held.person).update(until=TODAY() - timedelta(days=1))
    assert held.number not in page(visitor, "/officers?agency=wg")
    assert "这个证号现在无效" in page(visitor, f"/officers?q={held.number}")


@pytest.mark.parametrize("q", ["%", "'", "😀", "x" * 5000, "没有这个人"])
def test_a_strange_name_finds_nobody(visitor: Client, q: str) -> None:
    answer = visitor.get("/officers", {"q": q})
    assert answer.status_code == 200 and certificate("张三").number not in answer.content.decode()


def paper(row: Publication, kind: str = "penalty-decision") -> Document:
    return Document.objects.get(record=row.record_id, kind=kind)


def test_a_real_paper_is_confirmed_without_its_content(
    visitor: Client, company: Publication, town: Any
) -> None:
    made = paper(company)
    answer = page(visitor, f"/q/{made.code}")
    for words in (
        "这份文书是真的",
        made.full_number,
        made.text_hash[:16],
        "核对",
        f"/p/{company.code}",
    ):
        assert words in answer
    assert town["company"].play.party["name"] not in answer and "罚款" not in answer


def test_a_paper_that_is_never_published_links_nowhere(
    visitor: Client, company: Publication
) -> None:
    answer = page(visitor, f"/q/{paper(company, 'penalty-notice').code}")
    assert "这份文书是真的" in answer and "/p/" not in answer


def test_a_voided_paper_says_so(visitor: Client, company: Publication) -> None:
    made = paper(company)
    Document.objects.filter(pk=made.pk).update(voided_by=company.published_by)
    answer = page(visitor, f"/q/{made.code}")
    assert "已经作废" in answer and "这份文书是真的" not in answer


def test_the_paper_of_a_revoked_decision_says_what_became_of_it(
    visitor: Client, gone: Publication
) -> None:
    answer = page(visitor, f"/q/{paper(gone).code}")
    assert "决定后来有变" in answer and "撤销" in answer and gone.reason not in answer


def test_a_withdrawn_publication_is_told_to_the_holder_of_the_paper(
    visitor: Client, company: Publication
) -> None:
    Publication.objects.filter(pk=company.pk).update(
        state=Publication.WITHDRAWN, withdrawn_by=company.published_by, withdrawn_on=TODAY()
    )
    assert "公示已撤下" in page(visitor, f"/q/{paper(company).code}")


def test_a_code_may_be_typed_with_spaces_or_scanned_as_an_address(
    visitor: Client, company: Publication
) -> None:
    made = paper(company)
    for typed in (made.code.upper(), " ".join(made.code), f"https://x.example/q/{made.code}"):
        assert visitor.get("/q", {"code": typed}).headers["Location"] == f"/q/{made.code}"
    answer = visitor.get("/q", {"code": "汶工信罚〔2026〕1号"})
    assert answer.status_code == 200 and "这不像核验码" in answer.content.decode()


def test_a_code_that_nobody_issued_is_told_in_words(visitor: Client) -> None:
    answer = visitor.get("/q/" + "a" * 26)
    assert answer.status_code == 404 and "没有查到这份文书" in answer.content.decode()


@clause("WG-A5.1")
def test_an_agency_shows_what_it_may_do_and_on_what_basis(visitor: Client) -> None:
    industry, petition = page(visitor, "/a/wg"), page(visitor, "/a/lx")
    phone = Agency.objects.get(code="wg").phone
    for words in (
        "行政许可、行政处罚",
        "《中华人民共和国节约能源法》第八十二条",
        phone,
        "汶上县人民政府",
        "汶上县人民法院",
    ):
        assert words in industry
    assert "行政检查" in petition and "行政处罚</b>" not in petition


def test_a_body_without_enforcement_has_no_page(visitor: Client) -> None:
    assert visitor.get("/a/lc-gov").status_code == 404
    assert visitor.get("/rules/lc-justice").status_code == 404
