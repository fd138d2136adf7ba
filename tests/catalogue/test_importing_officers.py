"""People, benchmark steps and bases from Excel: whose certificate a row is, what is told, and that
no account comes of a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Account, Certificate, Person, Post
from mingzheng.catalogue import importing, sheets, workbooks
from mingzheng.catalogue.acts import importing as acts
from mingzheng.catalogue.models import Basis, Item
from mingzheng.records import store
from mingzheng.records.models import ActContent
from mingzheng.site.demo.play import who
from tests.catalogue.telling import begun, blocks, heard, morning
from tests.catalogue.test_importing import book

NEW = {
    "certificate": "1404990001",
    "name": "新来的",
    "unit": "节能监察科",
    "title": "科员",
    "scope": "行政处罚、检查",
    "area": None,
    "since": date(2026, 1, 1),
    "until": date(2030, 12, 31),
}
STEP = {
    "code": "jn-82",
    "name": None,
    "step": "轻微",
    "when": "初次违法并及时改正",
    "penalty": "不予处罚",
}
BASIS = {
    "name": "《某某条例》",
    "number": "第1号",
    "rank": "行政法规",
    "effective_on": date(2020, 5, 1),
    "url": None,
}
COLUMNS = {"officers": sheets.OFFICERS, "benchmark": sheets.BENCHMARK, "bases": sheets.BASES}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """Every story here is of one morning."""
    with morning():
        yield


def sheet(kind: str, *rows: dict[str, Any]) -> bytes:
    """A workbook of a kind with these rows."""
    columns = COLUMNS[kind]
    return book(
        *[[row[column.key] for column in columns] for row in rows],
        heads=[column.head for column in columns],
    )


def told(bodies: dict[str, Any], data: bytes, kind: str = "officers") -> str:
    """Faults and notes of a workbook that wg would bring in."""
    found = importing.look(bodies["wg"], kind, data)
    return "；".join(
        [f"不收 {number} {text}" for number, text in found.faults]
        + [f"请看 {number} {text}" for number, text in found.notes]
    )


def taken(bodies: dict[str, Any], data: bytes, kind: str = "officers") -> Any:
    """The act by which wg brings the workbook in."""
    return acts.take_in(
        who(bodies["wg"], "房敏"),
        bodies["wg"],
        kind,
        store.put_bytes(data, sheets.XLSX),
        "清单.xlsx",
    )


def held(bodies: dict[str, Any]) -> dict[str, Any]:
    """A certificate that wg has, as a row."""
    number = (
        Certificate.objects.filter(agency=bodies["wg"])
        .order_by("number")
        .values_list("number", flat=True)[0]
    )
    return dict(
        next(
            row
            for row in importing.SHEETS["officers"].held(bodies["wg"], True)
            if row["certificate"] == number
        )
    )


BAD: list[tuple[str, dict[str, Any]]] = [
    ("不收 2 不认识执法范围“征税”，可以填：行政检查、行政处罚", {"scope": "行政处罚、征税"}),
    ("不收 2 本机关的规定没有写行政强制", {"scope": "行政强制"}),
    ("不收 2 没有“不存在科”这个科室，现有：", {"unit": "不存在科"}),
    ("不收 2 执法证件号码“1?”不像证件号码", {"certificate": "1?"}),
    ("不收 2 “姓名”没有填", {"name": None}),
    ("不收 2 证件有效期止早于有效期起", {"until": date(2025, 1, 1)}),
    ("不收 2 “证件有效期止”是文字“长期”，认不出是哪一天", {"until": "长期"}),
    ("不收 2 执法区域“北京市”不是本机关的执法区域", {"area": "北京市"}),
    (
        "请看 2 “证件有效期止”是文字“2030.12.31”，不是日期；将按 2030-12-31 导入",
        {"until": "2030.12.31"},
    ),
    ("请看 2 “证件有效期起”是数字 46023，没有设成日期格式；将按 2026-01-01 导入", {"since": 46023}),
    ("不收 2 “证件有效期起”是数字“12”，认不出是哪一天", {"since": 12}),
    ("请看 2 证件已于 2026-02-01 到期", {"until": date(2026, 2, 1)}),
]


@pytest.mark.parametrize("words,change", BAD, ids=[words for words, _ in BAD])
def test_what_is_odd_about_an_officer_is_told_with_its_row(
    bodies: dict[str, Any], words: str, change: dict[str, Any]
) -> None:
    assert words in told(bodies, sheet("officers", {**NEW, **change}))


def test_a_number_that_another_person_holds_is_refused_and_a_stranger_is_not_named(
    bodies: dict[str, Any],
) -> None:
    ours, theirs = (
        held(bodies),
        Certificate.objects.filter(agency=bodies["lm"]).select_related("person").first(),
    )
    assert theirs is not None
    assert f"登记在{ours['name']}名下，不是新来的" in told(
        bodies, sheet("officers", {**NEW, "certificate": ours["certificate"]})
    )
    words = told(bodies, sheet("officers", {**NEW, "certificate": theirs.number}))
    assert "已经登记在别人名下" in words and theirs.person.name not in words


def test_one_person_has_one_certificate(bodies: dict[str, Any]) -> None:
    assert "已有证件" in told(
        bodies, sheet("officers", {**held(bodies), "certificate": "1404990009"})
    )
    assert "姓名、科室、职务都相同" in told(
        bodies, sheet("officers", NEW, {**NEW, "certificate": "1404990002"})
    )
    assert "与第 2 行重复" in told(bodies, sheet("officers", NEW, {**NEW, "name": "另一个"}))


def test_who_is_meant_is_never_guessed(bodies: dict[str, Any]) -> None:
    ours = held(bodies)
    assert "看不出是不是同一个人" in told(
        bodies,
        sheet("officers", {**NEW, "name": ours["name"], "unit": ours["unit"], "title": "别的职务"}),
    )
    other = "政策法规科" if ours["unit"] != "政策法规科" else "节能监察科"
    words = told(bodies, sheet("officers", {**NEW, "name": ours["name"], "unit": other}))
    assert "导入后这一行是另一个人" in words and "不收" not in words
    assert "请先在“人员交接”登记离岗" in told(
        bodies, sheet("officers", {**ours, "title": "别的职务"})
    )


def test_a_withdrawn_certificate_does_not_come_back_by_a_list(bodies: dict[str, Any]) -> None:
    ours = held(bodies)
    Certificate.objects.filter(number=ours["certificate"]).update(state=Certificate.REVOKED)
    assert "已注销，不能从名单恢复" in told(bodies, sheet("officers", ours))


def test_an_officer_of_the_list_may_be_named_but_has_no_account(bodies: dict[str, Any]) -> None:
    accounts = Account.objects.count()
    act = taken(bodies, sheet("officers", NEW))
    row = Certificate.objects.get(number="1404990001")
    assert (row.person.name, row.scope, row.until) == (
        "新来的",
        ["penalty", "inspection"],
        date(2030, 12, 31),
    )
    post = Post.objects.get(person=row.person)
    assert (post.unit.name, post.title, post.roles) == ("节能监察科", "科员", ["handler"])
    assert (
        Account.objects.count() == accounts
        and not hasattr(row.person, "account")
        and act.attachments.exists()
    )
    kept = begun(bodies, "wg", "officer-list").compile()
    assert "1404990001" in {cell for line in blocks(kept)[0]["rows"] for cell in line}


def test_a_renewed_certificate_keeps_its_holder_and_the_act_says_what_it_was(
    bodies: dict[str, Any],
) -> None:
    ours, people = held(bodies), Person.objects.count()
    act = taken(bodies, sheet("officers", {**ours, "until": date(2032, 1, 1), "scope": "检查"}))
    row = Certificate.objects.get(number=ours["certificate"])
    assert (row.until, row.scope, Person.objects.count()) == (
        date(2032, 1, 1),
        ["inspection"],
        people,
    )
    assert str(ours["until"]) in ActContent.objects.get(act=act).body


def test_one_fault_keeps_every_officer_out(bodies: dict[str, Any]) -> None:
    before = (Person.objects.count(), Post.objects.count(), Certificate.objects.count())
    words = heard(
        lambda: taken(
            bodies,
            sheet(
                "officers",
                NEW,
                {**NEW, "certificate": "1404990002", "name": "另一个", "unit": "没有"},
            ),
        )
    )
    assert (
        "一行都没有导入" in words
        and (Person.objects.count(), Post.objects.count(), Certificate.objects.count()) == before
    )


def test_a_number_taken_elsewhere_meanwhile_keeps_every_row_out(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    look, other = importing.look, Certificate.objects.filter(agency=bodies["lm"])[0]

    def and_then(*asked: Any) -> workbooks.Read:
        found = look(*asked)
        Certificate.objects.filter(pk=other.pk).update(number="1404990002")
        return found

    monkeypatch.setattr(importing, "look", and_then)
    people = Person.objects.count()
    words = heard(
        lambda: taken(
            bodies, sheet("officers", NEW, {**NEW, "certificate": "1404990002", "name": "另一个"})
        )
    )
    assert "别处登记了同样的编号" in words and Person.objects.count() == people


def test_only_the_unit_that_compiles_the_list_brings_officers_in(bodies: dict[str, Any]) -> None:
    stored = store.put_bytes(sheet("officers", NEW), sheets.XLSX)
    assert "由政策法规科统一编制" in heard(
        lambda: acts.take_in(who(bodies["wg"], "张三"), bodies["wg"], "officers", stored, "x")
    )


@pytest.mark.parametrize("kind", importing.SHEETS)
def test_every_list_that_was_just_exported_changes_nothing(
    bodies: dict[str, Any], kind: str
) -> None:
    taken(bodies, sheet("benchmark", STEP), "benchmark")
    taken(bodies, sheet("bases", BASIS), "bases")
    data = importing.register(bodies["wg"], kind)
    found = importing.look(bodies["wg"], kind, data)
    assert not found.faults and set(found.states.values()) == {sheets.SAME}
    tables = (Item, Certificate, Post, Person, Basis)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    act = taken(bodies, data, kind)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert '"rows":[]' in ActContent.objects.get(act=act).body.replace(" ", "")


def test_the_steps_of_a_benchmark_come_in_and_stand_on_its_page(bodies: dict[str, Any]) -> None:
    usual = {
        **STEP,
        "step": "一般",
        "when": "没有从轻、从重情节",
        "penalty": "一万元以上三万元以下罚款",
    }
    taken(bodies, sheet("benchmark", STEP, usual), "benchmark")
    item = Item.objects.get(agency=bodies["wg"], code="jn-82")
    assert [row["step"] for row in item.discretion] == ["轻微", "一般"]
    kept = begun(bodies, "wg", "benchmark").compile(source="本省裁量权基准制定办法")
    assert [item.name, "轻微：初次违法并及时改正", "不予处罚"] in blocks(kept)[1]["rows"]
    words = told(bodies, sheet("benchmark", STEP), "benchmark")
    assert "现有的“一般：没有从轻、从重情节”表里没有，导入后不再列" in words
    taken(bodies, sheet("benchmark", STEP), "benchmark")
    item.refresh_from_db()
    assert [row["step"] for row in item.discretion] == ["轻微"]


@pytest.mark.parametrize(
    "words,rows",
    [
        ("事项清单里没有编码 none", [{**STEP, "code": "none"}]),
        ("“适用情形”初次违法并及时改正 与第 2 行重复", [STEP, STEP]),
        ("“裁量幅度”没有填", [{**STEP, "penalty": None}]),
    ],
)
def test_a_step_that_cannot_be_told_is_refused(
    bodies: dict[str, Any], words: str, rows: list[dict[str, Any]]
) -> None:
    assert words in told(bodies, sheet("benchmark", *rows), "benchmark")


def test_bases_come_in_once_and_their_changes_by_acts_of_their_own(bodies: dict[str, Any]) -> None:
    assert "不认识效力层级“天条”" in told(
        bodies, sheet("bases", {**BASIS, "rank": "天条"}), "bases"
    )
    assert "网址要以 http:// 或者 https:// 开头" in told(
        bodies, sheet("bases", {**BASIS, "url": "javascript:1"}), "bases"
    )
    taken(bodies, sheet("bases", BASIS), "bases")
    made = Basis.objects.get(agency=bodies["wg"], name="某某条例")
    assert (made.rank, made.effective_on) == ("administrative-regulation", date(2020, 5, 1))
    assert "修改、废止请在“执法依据”页登记变动" in told(
        bodies, sheet("bases", {**BASIS, "effective_on": date(2021, 1, 1)}), "bases"
    )


def test_the_preview_shows_what_each_row_would_do(bodies: dict[str, Any], client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.post("/login", {"login": "wg-09", "password": "mingzheng-demo"})
    sent = SimpleUploadedFile("a.xlsx", sheet("officers", NEW, held(bodies)))
    page = client.post("/desk/pages/import/officers", {"file": sent})
    text = page.content.decode()
    assert (
        page.status_code == 200
        and "新增 1" in text
        and "不变 1" in text
        and "账号和密码由系统管理员另行开设" in text
    )
    assert not Certificate.objects.filter(number="1404990001").exists()
    assert (
        client.post("/desk/pages/import/officers", {"token": page.context["token"]}).status_code
        == 302
    )
    assert Certificate.objects.filter(number="1404990001").exists()
