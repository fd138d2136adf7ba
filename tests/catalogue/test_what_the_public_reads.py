"""Before enforcement, as anybody reads it: lists by kind, what changed between versions, the board
on the wall, samples.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from mingzheng.catalogue import applying, comparing
from mingzheng.catalogue.models import Item
from mingzheng.disclosure.models import Publication
from mingzheng.documents import render
from mingzheng.records.models import Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo import published
from mingzheng.site.demo.play import at
from tests.catalogue.telling import DAY, answers, begun, live, morning, refused
from tests.clause import clause


@clause("LX-A11.1", "LM-1.2", "WG-A5.p3", "CX-1.2.2")
@pytest.mark.parametrize("code", ["wg", "lx", "cx", "lm"])
def test_every_version_stays_readable_and_what_changed_is_public(
    bodies: dict[str, Any], client: Client, code: str
) -> None:
    gone = Item.objects.create(
        agency=bodies[code],
        code="gone",
        name="将取消的检查",
        kind="inspection",
        applied="《某法》第一条",
        since=DAY,
        bases=[{"text": "《某法》第一条"}],
    )
    with morning():
        kept = begun(bodies, code, "item-list").compile(**answers(code))
        (kept.file("1号") if code == "lm" else kept).publish()
        first = live(kept)
    Item.objects.filter(pk=gone.pk).update(until=DAY)
    with morning(DAY + timedelta(days=2)):
        kept.compile(**{**answers(code), "duties": "改写的职责"}, note="事项调整")
        (kept.file("2号") if code == "lm" else kept).publish()
        second = live(kept)
        old, new = client.get(f"/p/{first.code}"), client.get(f"/p/{second.code}").content.decode()
        told = client.get(f"/p/{second.code}/changes").content.decode()
    assert (
        old.status_code == 200
        and "这是以前的版本" in old.content.decode()
        and f"/p/{second.code}" in old.content.decode()
    )
    assert "第 2 版" in new and f"/p/{second.code}/changes" in new
    assert gone.name in told and "删去" in told and "第 1 版" in told


def test_versions_of_different_pages_are_never_compared(
    bodies: dict[str, Any], client: Client
) -> None:
    with morning():
        one = begun(bodies, "lg", "item-list").compile(**answers("lg")).publish()
        other = begun(bodies, "lg", "officer-list").compile().publish()
    assert client.get(f"/p/{live(one).code}/changes?from={live(other).code}").status_code == 404
    assert client.get(f"/p/{live(one).code}/changes").status_code == 404
    assert client.get("/p/nothing/changes?from=x").status_code == 404


def test_lines_that_came_went_and_changed_are_told_apart() -> None:
    old = [
        {
            "kind": "table",
            "head": ["步骤", "做什么", "期限"],
            "rows": [["1", "受理", "5日"], ["2", "审查", "—"]],
        },
        {"kind": "fields", "rows": [["电话", "1"], ["地址", "甲"]]},
    ]
    new = [
        {
            "kind": "table",
            "head": ["步骤", "做什么", "期限"],
            "rows": [["1", "登记", "—"], ["2", "受理", "3日"]],
        },
        {"kind": "fields", "rows": [["电话", "2"]]},
        {"kind": "text", "head": "说明", "paras": ["甲", "乙"]},
    ]
    found = {(row.state, row.name): row.cells for row in comparing.differences(old, new)}
    assert found == {
        (comparing.ADDED, "登记"): (("做什么", "", "登记"), ("期限", "", "—")),
        (comparing.CHANGED, "受理"): (("期限", "5日", "3日"),),
        (comparing.CHANGED, "电话"): (("内容", "1", "2"),),
        (comparing.ADDED, "说明"): (("内容", "", "甲\n乙"),),
        (comparing.GONE, "审查"): (("做什么", "审查", ""), ("期限", "—", "")),
        (comparing.GONE, "地址"): (("内容", "甲", ""),),
    }
    assert comparing.differences(old, old) == []


@clause("LM-1.3.2")
def test_the_board_of_civil_affairs_names_who_sits_there(
    bodies: dict[str, Any], client: Client
) -> None:
    with morning():
        assert client.get("/a/lm/board").status_code == 404
        begun(bodies, "lm", "board").compile().publish()
        page = client.get("/a/lm/board").content.decode()
    for name in ("姓名", "职务", "执法种类", "服务事项", "赵晨", "社会团体成立登记"):
        assert name in page
    assert "<script" not in page and "岗位职责" not in page


@clause("LG-1.2", "WG-A6.3", "CX-1.3.2")
@pytest.mark.parametrize(
    "code,by,progress",
    [("lg", "", "办理进度查询方式"), ("wg", "窦敏", "办理进度查询"), ("cx", "", "办理进度查询")],
)
def test_the_board_shows_duties_samples_progress_advice_and_complaints(
    bodies: dict[str, Any], client: Client, code: str, by: str, progress: str
) -> None:
    with morning():
        kept = begun(bodies, code, "board", by=by)
        assert "缺“岗位职责”" in refused(kept, "page.compiled", effective_on=DAY)
        kept.compile(duties="受理、咨询、送达").publish()
        page = client.get(f"/a/{code}/board").content.decode()
    for name in ("岗位职责", "申请材料示范文本", progress, "咨询服务", "投诉举报", "/progress"):
        assert name in page


@clause("LM-1.3.1")
def test_blank_papers_are_printed_by_the_templates_that_print_the_real_ones(
    bodies: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = client.get("/a/lm/samples").content.decode()
    assert "准予行政许可决定书" in listed and "/a/lm/samples/licence-decision" in listed
    sheets: list[dict[str, Any]] = []
    held = render.pdf
    monkeypatch.setattr(
        render, "pdf", lambda sheet, *more: sheets.append(sheet) or held(sheet, *more)
    )
    with morning():
        answer = client.get("/a/lm/samples/licence-decision")
    assert (
        answer.content.startswith(b"%PDF")
        and sheets[0]["title"] == "准予行政许可决定书"
        and "示例" in str(sheets[0]["fields"])
    )
    assert client.get("/a/lm/samples/none").status_code == 404


@clause("LX-A7", "LM-1.2.2", "WG-A5.5")
def test_a_form_that_an_applicant_fills_is_drawn_empty_and_as_an_example(
    bodies: dict[str, Any], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = Item.objects.get(agency=bodies["wg"], code="xk-jg")
    listed = client.get("/a/wg/samples").content.decode()
    assert f"/a/wg/forms/{item.pk}/form/example" in listed and "项目申请书" in listed
    sheets: list[dict[str, Any]] = []
    held = render.pdf
    monkeypatch.setattr(
        render, "pdf", lambda sheet, *more: sheets.append(sheet) or held(sheet, *more)
    )
    with morning():
        answers = [client.get(f"/a/wg/forms/{item.pk}/form{end}") for end in ("", "/example")]
    empty, example = sheets
    assert all(answer.content.startswith(b"%PDF") for answer in answers)
    names = [name for name, _ in empty["fields"]]
    assert names == [name for name, _ in example["fields"]]
    assert {"申请人姓名或者名称", "联系电话", "申请事项", "企业基本情况", "建设规模和内容"} <= set(
        names
    )
    assert all(not value.strip() for _, value in empty["fields"]) and all(
        value.startswith("（示例）") for _, value in example["fields"]
    )
    assert (
        "（示例）" in example["title"]
        and "示例" not in empty["title"]
        and empty["signs"][0]["name"] == ""
    )


@pytest.mark.parametrize(
    "path",
    [
        "/a/wg/forms/{item}/land",
        "/a/wg/forms/{item}/none",
        "/a/lm/forms/{item}/form",
        "/a/wg/forms/0/form",
    ],
)
def test_what_is_no_form_of_this_agency_is_absent(
    bodies: dict[str, Any], client: Client, path: str
) -> None:
    item = Item.objects.get(agency=bodies["wg"], code="xk-jg")
    assert client.get(path.format(item=item.pk)).status_code == 404


def test_a_form_asks_only_what_a_list_or_the_item_names(bodies: dict[str, Any]) -> None:
    item = Item.objects.get(agency=bodies["lm"], code="divorce-registration")
    assert not [form for form in applying.forms(bodies["lm"]) if form.item.pk == item.pk]
    item.details["materials"][2]["fields"] = [{"name": "子女抚养", "example": "双方商定"}]
    item.save()
    with morning():
        found = applying.find(bodies["lm"], item.pk, "agreement")
        assert found is not None and [
            name for name, _ in applying.sheet(found, True)["fields"]
        ] == ["子女抚养"]


@clause("LX-A11", "LG-1.1")
def test_an_agency_page_leads_to_everything_that_it_keeps_public(
    bodies: dict[str, Any], client: Client
) -> None:
    with morning():
        kept = begun(bodies, "lg", "item-list").compile(**answers("lg")).publish()
        begun(bodies, "lg", "officer-list").compile()
        page, lists = (
            client.get("/a/lg").content.decode(),
            client.get("/a/lg/lists").content.decode(),
        )
    assert f"/p/{live(kept).code}" in page and "/a/lg/lists" in page
    assert "行政执法事项清单" in lists and "行政执法人员清单" not in lists
    assert client.get("/a/none/lists").status_code == 404


def test_the_desk_says_where_every_page_stands(bodies: dict[str, Any], client: Client) -> None:
    with morning():
        kept = begun(bodies, "wg", "item-list").compile(**answers("wg")).publish()
        Item.objects.filter(agency=bodies["wg"], code="jn-82").update(name="改了名称")
        client.post("/login", {"login": "wg-09", "password": "mingzheng-demo"})
        page = client.get("/desk/pages").content.decode()
        sheet = client.get(f"/desk/pages/{kept.page.record_id}/sheet")
        opened = client.post("/desk/pages", {"kind": "recording-list"})
        refusal = client.post("/desk/pages", {"kind": "recording-list"})
        other = client.post("/desk/pages", {"kind": "measure", "title": ""})
        foreign = client.post("/desk/pages", {"kind": "nonsense"})
    assert "公示中 第 1 版" in page and "登记内容有变" in page and "由为民服务中心窗口编制" in page
    assert (
        sheet.content.startswith(b"PK")
        and opened.status_code == 302
        and opened["Location"].endswith("/do/page.compiled")
    )
    assert refusal.status_code == 409 and "已经建立" in refusal.content.decode()
    assert (
        other.status_code == 409
        and "请填写名称" in other.content.decode()
        and foreign.status_code == 404
    )


def test_another_agency_page_looks_absent_at_the_desk(
    bodies: dict[str, Any], client: Client
) -> None:
    with morning():
        kept = begun(bodies, "lg", "item-list").compile(**answers("lg"))
    client.post("/login", {"login": "wg-09", "password": "mingzheng-demo"})
    assert client.get(f"/desk/pages/{kept.page.record_id}/sheet").status_code == 404
    assert client.get(f"/desk/cases/{kept.page.record_id}").status_code == 404


def test_bases_are_registered_and_changed_at_the_desk(
    bodies: dict[str, Any], client: Client
) -> None:
    client.post("/login", {"login": "wg-09", "password": "mingzheng-demo"})
    with morning():
        said = {"verb": "register", "name": "节约能源法", "rank": "law", "on": "2008-04-01"}
        assert client.post("/desk/bases", {**said, "on": "x"}).status_code == 409
        assert (
            "网址要以"
            in client.post("/desk/bases", {**said, "url": "javascript:x"}).content.decode()
        )
        assert client.post("/desk/bases", said).status_code == 302
        pk = bodies["wg"].legal_bases.get().pk
        changed = client.post(
            "/desk/bases",
            {
                "verb": "change",
                "basis": pk,
                "sort": "repealed",
                "on": "2026-04-01",
                "successor": "新法",
            },
        )
        page = client.get("/desk/bases").content.decode()
    assert changed.status_code == 302 and "由《新法》代替" in page and "需复核" in page


@clause("CX-1.2.2")
def test_the_desk_says_which_list_the_text_wants_public_and_is_not(
    bodies: dict[str, Any], client: Client
) -> None:
    with morning():
        client.post("/login", {"login": "cx-04", "password": "mingzheng-demo"})
        before = client.get("/desk/pages").content.decode()
        begun(bodies, "cx", "item-list").compile(**answers("cx")).publish()
        after = client.get("/desk/pages").content.decode()
    assert (
        before.count("应当公布，还没有：实施方案 二（一）2") == 6
        and after.count("应当公布，还没有") == 5
    )


@clause("LX-A11.5", "CX-6.1.3")
def test_the_demo_keeps_five_agencies_public_and_an_amended_basis_owes_one_of_them_its_pages(
    bodies: dict[str, Any], client: Client
) -> None:
    with at(date(2026, 11, 25), 16):
        published.play(bodies)
        assert list(verify_all()) == []
    live_of = Publication.objects.filter(form="page", state=Publication.LIVE).values_list(
        "agency_id", "of"
    )
    assert {
        (bodies[code].pk, kind)
        for code in published.CODES
        for kind in ("item-list", "officer-list")
    } <= set(live_of)
    assert {(bodies["wg"].pk, kind) for kind in ("guide", "flow-chart", "board")} <= set(live_of)
    rows = Duty.objects.filter(topic="lists/update", state=Duty.OPEN)
    assert {row.agency_id for row in rows} == {bodies["lx"].pk} and all(row.due for row in rows)
