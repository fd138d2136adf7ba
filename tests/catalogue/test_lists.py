"""The lists: each agency's own fields, whoever its text names compiles, nothing goes public
unreviewed or unfiled.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from mingzheng.agencies.models import Certificate
from mingzheng.catalogue.models import Item
from mingzheng.disclosure.models import Publication
from tests.catalogue.telling import (
    DAY,
    HEADS,
    answers,
    begun,
    blocks,
    heard,
    live,
    morning,
    refused,
)
from tests.clause import clause

# The columns of the list of items in each agency's own text, with the item's name in front.
ITEM_HEADS = {
    "wg": ["事项名称", "类型", "依据", "承办机构", "职责", "权限"],
    "lm": ["事项名称", "依据", "执法主体", "职责", "权限"],
    "lg": ["事项名称", "依据", "执法主体", "职责", "权限"],
    "lx": ["事项名称", "依据", "职责", "权限", "程序"],
    "cx": ["事项名称", "依据", "执法主体", "职责", "权限"],
}
OFFICER_HEADS = {
    "wg": ["姓名", "证件编号", "执法区域"],
    "lx": ["姓名", "执法证件号码", "职务", "执法范围"],
    "lm": ["姓名", "执法证号", "执法区域"],
}


@clause("LX-A11.1", "LM-1.2.1", "LG-1.1", "WG-A5.1", "CX-1.2.2")
@pytest.mark.parametrize("code", ["wg", "lm", "lg", "lx", "cx"])
def test_the_list_of_items_has_the_columns_of_the_agency_own_text(
    bodies: dict[str, Any], code: str
) -> None:
    with morning():
        kept = begun(bodies, code, "item-list").compile(**answers(code))
    table = blocks(kept)[0]
    assert sorted(table["head"]) == sorted(ITEM_HEADS[code])
    assert {row[0] for row in table["rows"]} == set(
        Item.objects.filter(agency=bodies[code]).values_list("name", flat=True)
    )
    assert all(cell != "—" for row in table["rows"] for cell in row)


def test_a_field_that_the_text_asks_for_is_named_with_its_article_when_it_is_missing(
    bodies: dict[str, Any],
) -> None:
    with morning():
        kept = begun(bodies, "wg", "item-list")
        said = refused(kept, "page.compiled", effective_on=DAY, duties=answers("wg")["duties"])
        assert (
            "重点用能单位节能监察：缺“承办机构”" in said
            and "缺“权限”" in said
            and "公示规定 第五条第一项" in said
        )
        assert "缺“职责”" not in said


@clause("LX-A5.1", "LX-A11.4", "LM-1.2.3", "WG-A5.2", "CX-1.2.2")
@pytest.mark.parametrize("code", OFFICER_HEADS)
def test_officers_are_listed_with_a_certificate_that_is_valid_today(
    bodies: dict[str, Any], code: str
) -> None:
    with morning():
        gone = Certificate.objects.filter(agency=bodies[code]).order_by("pk").first()
        assert gone is not None
        gone.state = Certificate.SUSPENDED
        gone.save()
        kept = begun(bodies, code, "officer-list").compile()
    table = blocks(kept)[0]
    numbers = {cell for row in table["rows"] for cell in row}
    assert sorted(table["head"]) == sorted(OFFICER_HEADS[code]) and gone.number not in numbers
    assert (
        len(table["rows"])
        == Certificate.objects.filter(agency=bodies[code], state=Certificate.VALID).count()
        > 0
    )


@clause("LX-A11.2", "LM-1.2", "WG-A5.3", "CX-1.2.2")
@pytest.mark.parametrize(
    "code,head", [("lx", "对象"), ("lm", "抽查对象"), ("wg", "抽查主体"), ("cx", "抽查主体")]
)
def test_the_list_of_random_checks_tells_body_and_objects_apart(
    bodies: dict[str, Any], code: str, head: str
) -> None:
    with morning():
        kept = begun(bodies, code, "random-list").compile()
    table = blocks(kept)[0]
    column = table["head"].index(head)
    assert {"依据", "抽查依据"} & set(table["head"]) and all(
        row[column] not in ("", "—") for row in table["rows"]
    )
    body = next(n for n, name in enumerate(table["head"]) if name == "抽查主体")
    assert {row[body] for row in table["rows"]} == {bodies[code].name}


def test_an_item_without_a_manner_of_checking_is_asked_for_it(bodies: dict[str, Any]) -> None:
    row = Item.objects.get(agency=bodies["lx"], code="jc-xf")
    row.details = {**row.details, "random": {"objects": "责任单位"}}
    row.save()
    with morning():
        kept = begun(bodies, "lx", "random-list")
        assert "缺“方式”" in refused(kept, "page.compiled", effective_on=DAY)
        kept.compile(manner="随机抽取")
    assert "随机抽取" in blocks(kept)[0]["rows"][0]


@clause("CX-1.2.1")
def test_the_agency_publishes_who_enforces(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "cx", "body-list").compile().publish()
    assert "长治市信访局" in live(kept).body


@clause("WG-A5.p1")
def test_lists_are_compiled_by_the_policy_unit_and_by_nobody_else(bodies: dict[str, Any]) -> None:
    with morning():
        said = heard(lambda: begun(bodies, "wg", "item-list", by="张三"))
        assert "由政策法规科统一编制" in said and "公示规定 第五条第二款、第三款" in said
        kept = begun(bodies, "wg", "item-list")
        kept.compile(**answers("wg"))
    assert blocks(kept)


@clause("WG-A5.p1", "WG-A5.p2")
def test_guides_are_compiled_by_the_window_and_published_by_the_handling_side(
    bodies: dict[str, Any],
) -> None:
    with morning():
        assert "由为民服务中心窗口统一编制" in heard(lambda: begun(bodies, "wg", "guide", "xk-jn"))
        kept = begun(bodies, "wg", "guide", "xk-jn", by="窦敏").compile()
        assert "由为民服务中心窗口统一编制" in refused(
            kept, "page.compiled", by="房敏", effective_on=DAY
        )
        kept.play.step("publication.proposed", confirmed="on")
        kept.play.step("publication.approved")
        kept.play.approve()
        kept.play.step("publication.published:guide", by="房敏", channel="own-site")
    assert live(kept).of == "guide"


def test_where_the_text_names_no_compiler_whoever_keeps_lists_compiles(
    bodies: dict[str, Any],
) -> None:
    with morning():
        kept = begun(bodies, "lg", "item-list", by="侯野").compile(**answers("lg"))
    assert blocks(kept)


@clause("LM-1.2.1")
def test_the_list_of_items_is_filed_before_it_goes_public(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "lm", "item-list").compile(**answers("lm"))
        kept.play.step("publication.proposed", confirmed="on")
        kept.play.step("publication.approved")
        kept.play.approve()
        said = refused(kept, "publication.published:item-list", channel="own-site")
        assert "备案审核" in said and "实施方案 二（一）2（1）" in said
        assert "请上传备案回执扫描件" in refused(
            kept, "filing.receipted", organ="陵川县司法局", number="1号", on=DAY
        )
        kept.file("陵司备〔2026〕1号")
        kept.play.step("publication.published:item-list", channel="own-site")
    assert live(kept)


@clause("LM-1.2.1")
def test_a_list_that_was_changed_is_filed_anew(bodies: dict[str, Any]) -> None:
    with morning():
        kept = (
            begun(bodies, "lm", "item-list")
            .compile(**answers("lm"))
            .file("陵司备〔2026〕1号")
            .publish()
        )
    with morning(DAY + timedelta(days=1)):
        kept.compile(**{**answers("lm"), "duties": "改过的职责"})
        kept.play.step("publication.proposed", confirmed="on")
        kept.play.step("publication.approved")
        kept.play.approve()
        assert "备案审核" in refused(kept, "publication.published:item-list", channel="own-site")


@clause("LX-A11.1", "LX-A11.2", "LX-A11.3")
@pytest.mark.parametrize("kind", ["item-list", "random-list", "flow-chart"])
def test_nothing_is_published_that_nobody_reviewed(bodies: dict[str, Any], kind: str) -> None:
    with morning():
        kept = begun(bodies, "lx", kind, "jc-xf" if kind == "flow-chart" else "").compile(
            **(answers("lx") if kind == "item-list" else {})
        )
        assert "还没有到这一步" in refused(
            kept, f"publication.published:{kind}", channel="own-site"
        )
        kept.play.step("publication.proposed", confirmed="on")
        kept.play.step("publication.approved")
        assert "还没有到这一步" in refused(
            kept, f"publication.published:{kind}", channel="own-site"
        )
        kept.play.agree(HEADS["lx"])
        kept.play.step(f"publication.published:{kind}", channel="own-site")
    assert live(kept)


def test_the_one_who_compiled_never_approves(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "lx", "officer-list").compile()
        kept.play.step("publication.proposed", confirmed="on")
        kept.play.step("publication.approved")
        assert "不能审批自己报的事项" in heard(lambda: kept.play.agree("焦专"))


def test_an_equal_version_and_a_second_page_of_a_kind_are_refused(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "lx", "officer-list").compile()
        assert "内容与上一版完全一样" in refused(kept, "page.compiled", effective_on=DAY)
        assert "已经建立" in heard(lambda: begun(bodies, "lx", "officer-list"))


@clause("LX-A11", "LM-1.2.1", "LG-1.1")
def test_an_item_is_tied_to_its_entry_in_the_list_of_powers_and_a_mismatch_is_shown(
    bodies: dict[str, Any],
) -> None:
    row = Item.objects.get(agency=bodies["lg"], code="jc-jn")
    row.details = {**row.details, "ledger": {"code": "QZ-01", "name": "节能监察（旧名）"}}
    row.save()
    with morning():
        kept = begun(bodies, "lg", "item-list").compile(**answers("lg"))
    table, against = blocks(kept)
    assert "权责清单编码" in table["head"] and against["rows"] == [
        ["重点用能单位节能监察", "QZ-01", "节能监察（旧名）"]
    ]


@clause("WG-A5.6", "WG-A6.4")
def test_other_information_goes_public_only_with_the_article_that_asks_for_it(
    bodies: dict[str, Any],
) -> None:
    with morning():
        kept = begun(bodies, "wg", "other-information", title="检修公告", by="张三")
        assert "请写明公开的依据" in refused(kept, "page.compiled", effective_on=DAY, text="内容")
        kept.compile(basis="《电力法》第二十九条", text="内容")
    assert ["公开的依据", "《电力法》第二十九条"] in blocks(kept)[0]["rows"]


@clause("CX-1.1.1", "LM-1.1")
def test_the_agency_own_measures_are_published_with_number_day_and_interpreter(
    bodies: dict[str, Any],
) -> None:
    with morning():
        kept = (
            begun(bodies, "cx", "measure", title="行政执法公示办法")
            .compile(number="长信发〔2020〕1号", text="第一条\n第二条")
            .publish()
        )
    body = json.loads(live(kept).body)
    assert ["施行日期", "原文没有写明"] in body["blocks"][0]["rows"] and body["blocks"][1][
        "paras"
    ] == ["第一条", "第二条"]


@clause("LX-A5.3")
def test_powers_and_scope_of_inspection_are_public_item_by_item(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "lx", "powers")
        assert "请写明执法权限、范围" in refused(
            kept, "page.compiled", effective_on=DAY, duties="督查"
        )
        kept.compile(duties="督查", powers="查阅资料、实地走访").publish()
    assert "查阅资料" in live(kept).body and "信访事项实地督查检查" in live(kept).body


def test_a_page_is_retired_only_after_it_was_taken_down(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "lg", "recording-list").compile().publish()
        assert "请先撤下" in refused(kept, "page.retired", reason="合并")
        kept.play.step("publication.withdrawn", cause="no-longer", reason="合并到新清单")
        kept.play.approve()
        kept.play.step("page.retired", reason="合并")
    assert not Publication.objects.filter(
        record=kept.page.record_id, state=Publication.LIVE
    ).exists()
