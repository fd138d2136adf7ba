"""The rules pages name where the five texts differ from each other and from the higher norms."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Agency
from mingzheng.core import clock, regimes
from mingzheng.rulebook import questions, texts
from mingzheng.rulebook.adopted import chapter, compared, enforcing, regime_of
from mingzheng.site.demo import founding
from mingzheng.site.demo.play import who
from tests.clause import rule
from tests.scenes.pages import officer

pytestmark = pytest.mark.django_db


def answer(code: str, id: str) -> tuple[str, list[str]]:
    """(words, badges) of an agency's answer to a question."""
    found = questions.answer(regime_of(Agency.objects.get(code=code)), id, clock.today())
    return found.words, [badge.words for badge in found.badges]


def line(code: str, id: str) -> texts.RuleLine:
    """One rule of an agency."""
    found = {
        rule.id: rule
        for text in texts.texts(regime_of(Agency.objects.get(code=code)), clock.today())
        for rule in text.rules
    }
    return found[id]


def badges(code: str, id: str) -> list[str]:
    return [badge.words for badge in line(code, id).badges]


@rule("LX-A12.1(1)", "WG-A7.1", "CX-1.4")
def test_the_days_until_publication_differ_agency_by_agency(bodies: dict[str, Agency]) -> None:
    assert answer("wg", "penalty") == ("7 个工作日", ["沿用上位"])
    assert answer("cx", "penalty") == ("20 个工作日", ["更宽于上位规定"])
    assert answer("lx", "penalty") == ("不办这类事项", [])
    assert answer("lx", "inspection") == ("5 个工作日", ["更严"])
    assert answer("cx", "inspection") == ("20 个工作日", ["沿用上位"])
    assert answer("lm", "penalty") == ("7 个工作日", ["沿用上位"])


@rule("LG-1.3")
def test_the_text_with_two_numbers_is_marked_and_both_readings_are_told(
    bodies: dict[str, Agency],
) -> None:
    assert answer("lg", "penalty") == ("7 个工作日", ["沿用上位", "原文有疑"])
    doubt = next(each for each in chapter(bodies["lg"])["defects"] if each.at == "LG-1.3")
    assert any("20个工作日" in words for words in doubt.followed)
    assert any("全部执法决定" in words for words in doubt.others)
    assert doubt.chosen_by == ""
    assert "原文有疑" not in badges("lg", "LG-1.3/withdraw")


def test_a_reading_that_is_not_followed_is_not_listed_as_a_rule(bodies: dict[str, Agency]) -> None:
    listed = {rule.id for text in chapter(bodies["lg"])["texts"] for rule in text.rules}
    assert "LG-1.3/all" in listed and "LG-1.3/every-decision" not in listed


@rule("LX-A12.2", "WG-A9")
def test_how_long_a_publication_stays_is_a_number_or_openly_unset(
    bodies: dict[str, Agency],
) -> None:
    assert answer("lx", "term") == ("5 年", ["本级增加"])
    assert answer("lx", "term-natural") == ("2 年", ["本级增加"])
    for code in ("wg", "lm", "lg", "cx"):
        assert answer(code, "term") == ("未规定", ["未规定"])
    assert "国家、省、市相关规定" in line("wg", "unset/publication/term").notes[0][0]


@rule("LX-A6", "WG-A6.1")
def test_wearing_or_showing_the_certificate_is_slacker_than_showing_it(
    bodies: dict[str, Agency],
) -> None:
    assert badges("lx", "LX-A6/certificate") == ["更宽于上位规定"]
    assert badges("wg", "WG-A6.1/certificate") == ["沿用上位"]


@rule("LX-A11.5", "WG-A5.p3")
def test_promptly_is_no_number(bodies: dict[str, Agency]) -> None:
    assert answer("wg", "lists") == ("及时（没有写天数）", ["未规定"])
    assert badges("wg", "WG-A5.p3/update") == ["未规定"]
    assert badges("lx", "LX-A11.5/update") == ["沿用上位"]


def test_what_the_agency_adds_is_told_from_what_it_repeats(bodies: dict[str, Agency]) -> None:
    assert badges("wg", "WG-A11/units") == ["本级增加"]
    assert badges("wg", "WG-A7.3/withdraw") == ["更严"]
    assert badges("lm", "LM-1.2.1/filing") == ["本级增加"]
    assert badges("cx", "CX-1.4/publish") == ["更宽于上位规定"]
    assert any(
        "7 个工作日" in note and yellow for note, yellow in line("cx", "CX-1.4/publish").notes
    )


def test_an_unconfirmed_rule_says_so(bodies: dict[str, Agency]) -> None:
    assert badges("fc", "township/publish") == ["更严", "待确认"]


def test_every_rule_has_its_article_its_words_and_at_most_two_badges(
    bodies: dict[str, Agency],
) -> None:
    number = 0
    for body in enforcing():
        for text in chapter(body)["texts"]:
            for row in text.rules:
                number += 1
                assert row.article and row.say and len(row.badges) <= 2, row.id
    assert number > 150


def test_every_question_is_answered_for_every_agency(bodies: dict[str, Agency]) -> None:
    found = compared(enforcing())
    assert len(found) == len(questions.QUESTIONS)
    for each in found:
        assert each.standard.words and all(row.answer.words for row in each.rows), each.name


def test_articles_stand_in_the_order_of_the_text() -> None:
    order = sorted(
        [
            "第十二条第一项（2）",
            "第七条",
            "第十二条第一项（1）",
            "第二十条",
            "第十条",
            "第七条第一项",
        ],
        key=texts.place_in_text,
    )
    assert order == [
        "第七条",
        "第七条第一项",
        "第十条",
        "第十二条第一项（1）",
        "第十二条第一项（2）",
        "第二十条",
    ]
    assert texts.place_in_text("三（一）3") == (3, 1, 3)


def test_a_reading_chosen_by_the_agency_changes_the_answer() -> None:
    chosen = (
        '[pack]\nid = "lg-choices"\ntitle = "局务会确认事项"\nextends ='
        ' ["lingchuan-industry-2019"]\nrank = "internal"\nsince = 2026-01-05\n[[choice]]\nat ='
        ' "LG-1.3"\nis = "licence+all-decisions=7"\nby = "局务会"\non = 2026-01-05\n'
    )
    regime = regimes.load_texts({"choices.toml": chosen}, regimes.load([founding.LAW])).regime(
        "lg-choices"
    )
    found = questions.answer(regime, "inspection", clock.today())
    assert (found.words, [badge.words for badge in found.badges]) == (
        "7 个工作日",
        ["更严", "原文有疑"],
    )
    doubt = next(each for each in texts.defects(regime) if each.at == "LG-1.3")
    assert doubt.chosen_by == "局务会"


def test_the_public_pages_show_it_all(client: Client, bodies: dict[str, Agency]) -> None:
    every, one = client.get("/rules").content.decode(), client.get("/rules/cx").content.decode()
    for body in enforcing():
        assert body.name in every
    for words in ("更宽于上位规定", "未规定", "实施方案 二（一）4", "上位规定是7 个工作日"):
        assert words in one


def test_the_desk_shows_the_officers_own_rules_and_what_is_open(
    client: Client, bodies: dict[str, Any]
) -> None:
    assert client.get("/desk/rules").status_code == 302
    page = officer(who(bodies["lg"], "侯野")).get("/desk/rules").content.decode()
    for words in (
        "陵川县工业和信息化局的规则与期限",
        "原文没有写的",
        "原文有疑的地方",
        "LG-1.3/withdraw",
    ):
        assert words in page
    assert "LX-A6/certificate" not in page


def test_a_body_without_rules_has_no_rules_page(bodies: dict[str, Any]) -> None:
    overseer = officer(who(bodies["lc-justice"], "钱督"))
    assert overseer.get("/desk/rules").status_code == 404
