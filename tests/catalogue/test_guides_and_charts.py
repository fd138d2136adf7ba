"""Guides that say everything their text asks for, and charts that are drawn from the very tables
that run the cases.
"""

from __future__ import annotations

import io
import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from django.test import Client

from mingzheng.catalogue import charts, drawing, process_map
from mingzheng.catalogue.models import Item
from mingzheng.core.steps import Procedure, State, Step, Way
from mingzheng.procedures import matter_kinds, registry
from tests.catalogue.telling import DAY, begun, blocks, heard, live, morning, refused, without
from tests.clause import clause, rule

MATTERS = [kind.code for kind in matter_kinds.enforcement()]
# What each agency's own text wants in a guide (公示规定5.5; 实施办法7; 实施方案 二（一）2（2）).
GUIDE = {
    "wg": {
        "办理场所",
        "联系方式",
        "办理时间",
        "申请条件",
        "窗口办事人员",
        "监督投诉渠道",
        "救济权利",
    },
    "lm": {
        "事项名称",
        "依据",
        "受理机构",
        "办理时限",
        "监督方式",
        "责任追究",
        "救济渠道",
        "办公时间",
        "办公地址",
        "办公电话",
    },
    "cx": {
        "事项名称",
        "依据",
        "受理机构",
        "办理时限",
        "救济渠道",
        "监督投诉方式",
        "办公时间",
        "办公地址",
        "办公电话",
    },
}
MORE = {
    "lm": {"accepting": "社会组织股", "accountability": "按《行政许可法》第七章追究"},
    "wg": {},
    "cx": {"accepting": "督查科"},
}
ITEM = {"wg": "xk-jn", "lm": "xk-st", "cx": "jc-xf"}
WINDOW = {"wg": "窦敏"}


def labels(kept: Any) -> set[str]:
    """The labels of a guide's fields."""
    return {row[0] for block in blocks(kept) if block["kind"] == "fields" for row in block["rows"]}


@clause("LM-1.2.2", "WG-A5.5", "CX-1.2.2")
@pytest.mark.parametrize("code", GUIDE)
def test_a_guide_says_everything_that_the_agency_own_text_asks_for(
    bodies: dict[str, Any], code: str
) -> None:
    with morning():
        kept = (
            begun(bodies, code, "guide", ITEM[code], by=WINDOW.get(code, ""))
            .compile(**MORE[code])
            .publish()
        )
    assert labels(kept) >= GUIDE[code]
    steps = next(
        block for block in blocks(kept) if block["kind"] == "table" and block["head"][0] == "步骤"
    )
    assert all(row[-1] for row in steps["rows"]) and live(kept)


@clause("LX-A7", "LX-A11.3")
def test_an_incomplete_guide_cannot_be_compiled_and_every_missing_field_is_named(
    bodies: dict[str, Any],
) -> None:
    asked = {
        "accepting": "督查股",
        "conditions": "有督查任务",
        "quantity": "不限",
        "samples": "检查通知书",
        "decision": "督查意见",
        "supervision": "县司法局",
        "fee": "不收费",
    }
    with morning():
        kept = begun(bodies, "lx", "guide", "jc-xf")
        said = refused(kept, "page.compiled", effective_on=DAY)
        for name in ("受理机构", "条件", "数量", "申请书文本式样", "许可决定", "是否收费"):
            assert f"缺“{name}”" in said
        assert "公示实施办法 第七条" in said
        for key in ("quantity", "fee"):
            assert "不能公示" in refused(
                kept, "page.compiled", effective_on=DAY, **{**asked, key: ""}
            )
        kept.compile(**asked).publish()
    assert {"条件", "数量", "材料目录", "状态查询", "投诉渠道", "办公电话"} <= labels(kept)


@clause("LG-0.1")
def test_a_material_that_no_article_asks_for_keeps_the_guide_from_the_public(
    bodies: dict[str, Any],
) -> None:
    row = Item.objects.get(agency=bodies["lg"], code="xk-jn")
    row.details = {
        **row.details,
        "materials": [*row.details["materials"], {"id": "more", "name": "无犯罪记录证明"}],
    }
    row.save()
    with morning():
        kept = begun(bodies, "lg", "guide", "xk-jn")
        said = refused(kept, "page.compiled", effective_on=DAY, accepting="政策法规股")
        assert "材料“无犯罪记录证明（必交）”没有写明依据" in said and "实施方案 二（一）" in said
        row.details["materials"].pop()
        row.save()
        kept.compile(accepting="政策法规股").publish()
    assert live(kept)


@clause("LG-0.1")
def test_a_step_that_no_article_asks_for_is_no_step_of_a_guide(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = process_map.of_item

    def burdened(item: Item) -> process_map.Road:
        road = held(item)
        more = process_map.Station("另请专家签字", "审查", "承办机构", "", "", (), "", False, False)
        return process_map.Road(road.name, (*road.stations, more), road.materials)

    with morning():
        kept = begun(bodies, "lg", "guide", "xk-jn")
        monkeypatch.setattr(process_map, "of_item", burdened)
        assert "环节“另请专家签字”没有写明依据" in refused(
            kept, "page.compiled", effective_on=DAY, accepting="政策法规股"
        )


def test_answers_are_kept_for_the_next_version(bodies: dict[str, Any]) -> None:
    from mingzheng.catalogue import building

    with morning():
        kept = begun(bodies, "lm", "guide", "xk-st").compile(**MORE["lm"])
        fields = building.asked(kept.page)
    assert fields["accepting"].initial == "社会组织股"


@clause("LX-A5.4", "LX-A11.3", "LM-1.2.2", "WG-A5.4", "CX-1.2.2")
@pytest.mark.parametrize(
    "code,item,matter",
    [("lx", "jc-xf", ""), ("cx", "jc-xf", ""), ("wg", "xk-jn", ""), ("lm", "", "licence")],
)
def test_a_chart_shows_the_main_steps_of_the_table_that_runs_the_cases(
    bodies: dict[str, Any], code: str, item: str, matter: str
) -> None:
    with morning():
        kept = begun(bodies, code, "flow-chart", item, matter=matter).compile()
    drawn, table = blocks(kept)[:2]
    procedure = registry.procedure("licence" if matter or item == "xk-jn" else "inspection")
    names = [
        step.name
        for step in procedure.steps
        if step.main and step.stage != "归档" and step.act != "publication.proposed"
    ]
    assert [each["name"] for each in drawn["stations"]] == names
    assert [row[1].removesuffix("（应当音像记录）") for row in table["rows"]] == names


def test_a_chart_has_time_limits_with_their_unit_from_the_packs(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "lm", "flow-chart", "xk-st").compile()
        usual = begun(bodies, "lm", "flow-chart", matter="licence").compile()
    limits = {each["name"]: each["limit"] for each in blocks(kept)[0]["stations"]}
    general = {each["name"]: each["limit"] for each in blocks(usual)[0]["stations"]}
    # 《社会团体登记管理条例》 sets sixty days where the law on licences sets twenty working days.
    assert (
        limits["准予许可"] == "自受理申请起60日内"
        and general["准予许可"] == "自受理申请起20个工作日内"
    )


def test_the_text_decides_whether_charts_are_drawn_an_item_or_a_kind(
    bodies: dict[str, Any],
) -> None:
    found = {code: charts.per_kind(body) for code, body in bodies.items() if body.pack}
    assert found["lm"] is True and found["wg"] is False and found["lx"] is False


def test_the_drawing_is_readable_without_seeing_it(bodies: dict[str, Any]) -> None:
    with morning():
        kept = begun(bodies, "wg", "flow-chart", "xk-jn").compile()
    drawn = drawing.svg(blocks(kept)[0])
    root = ElementTree.fromstring(drawn)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert root.attrib["role"] == "img" and {"title", "desc", "text"} <= names
    desc = next(element.text for element in root.iter() if element.tag.endswith("desc")) or ""
    assert "第1步受理，政务窗口，自收到申请起5个工作日内" in desc and "主要负责人批准" in desc
    assert "style" not in drawn and "script" not in names


def test_what_a_drawing_is_made_of_is_escaped() -> None:
    box = {
        "name": "<script>x</script>",
        "lane": "<i>",
        "approver": "",
        "limit": "&",
        "recorded": True,
        "gate": True,
    }
    drawn = drawing.svg(
        {
            "title": "<b>",
            "stations": [
                {
                    **box,
                    "branches": [
                        {
                            "when": "<u>",
                            "instead": True,
                            "stations": [box],
                            "leads": "<s>",
                            "branches": [],
                        }
                    ],
                }
            ],
        }
    )
    assert (
        "<script" not in drawn and "<u>" not in drawn and ElementTree.fromstring(drawn) is not None
    )


def test_a_chart_that_was_frozen_before_ways_aside_were_drawn_is_still_drawn() -> None:
    old = {
        "kind": "chart",
        "title": "行政检查流程图",
        "lanes": ["承办机构"],
        "stations": [
            {
                "name": "检查审批",
                "lane": "承办机构",
                "approver": "主要负责人",
                "limit": "",
                "recorded": False,
                "gate": False,
            }
        ],
    }
    assert "检查审批" in drawing.svg(old)


def test_a_long_name_stays_within_its_box() -> None:
    lines = drawing.wrapped("登记征缴、给付、发放完毕", 108, 15)
    assert (
        "".join(lines) == "登记征缴、给付、发放完毕"
        and max(map(len, lines)) <= 8
        and not any(line[0] in drawing.CLOSING for line in lines)
    )


def test_a_chart_hangs_on_the_wall_as_a3(bodies: dict[str, Any], client: Client) -> None:
    with morning():
        kept = begun(bodies, "wg", "flow-chart", "xk-jn").compile().publish()
        answer = client.get(f"/p/{live(kept).code}/sheet")
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        box = [round(float(side) / 72 * 25.4) for side in opened.pages[0].mediabox]
    assert answer["Content-Type"] == "application/pdf" and box == [0, 0, 420, 297]


def test_a_chart_is_of_the_agency_own_item(bodies: dict[str, Any]) -> None:
    from mingzheng.catalogue.acts.pages import open_page
    from mingzheng.site.demo.play import who

    foreign = Item.objects.get(agency=bodies["lm"], code="xk-st")
    with morning():
        assert "请选择是哪一个执法事项" in heard(
            lambda: open_page(who(bodies["lg"], "杨斌"), "flow-chart", foreign)
        )


def test_the_public_page_shows_drawing_and_table_without_inline_style(
    bodies: dict[str, Any], client: Client
) -> None:
    with morning():
        kept = begun(bodies, "wg", "flow-chart", "xk-jn").compile().publish()
        page = client.get(f"/p/{live(kept).code}").content.decode()
    assert "<svg" in page and "文字版" in page and re.search(r"\sstyle=", page) is None
    levels = [int(each) for each in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))


def test_headings_of_a_page_without_titled_blocks_skip_no_level(
    bodies: dict[str, Any], client: Client
) -> None:
    with morning():
        kept = begun(bodies, "lx", "officer-list").compile().publish()
        page = client.get(f"/p/{live(kept).code}").content.decode()
    levels = [int(each) for each in re.findall(r"<h(\d)", page)]
    assert "申请更正" in page and all(after <= before + 1 for before, after in pairwise(levels))


@clause("LX-A7")
def test_a_guide_leads_to_the_query_of_progress(bodies: dict[str, Any], client: Client) -> None:
    with morning():
        kept = begun(bodies, "wg", "guide", "xk-jn", by="窦敏").compile().publish()
        page = client.get(f"/p/{live(kept).code}").content.decode()
    assert 'href="/progress"' in page and "凭编号查询" in page


def test_an_item_that_lost_its_guide_data_is_asked_for_them(bodies: dict[str, Any]) -> None:
    without(Item.objects.get(agency=bodies["wg"], code="xk-jn"), "guide")
    with morning():
        kept = begun(bodies, "wg", "guide", "xk-jn", by="窦敏")
        assert "缺“申请条件”" in refused(kept, "page.compiled", effective_on=DAY)
        kept.compile(conditions="需要节能审查的项目")
    assert "申请条件" in labels(kept)


def ways(block: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every way aside of a drawing by its words."""
    found: dict[str, dict[str, Any]] = {}
    rows = [way for each in block["stations"] for way in each["branches"]]
    while rows:
        way = rows.pop()
        found[way["when"]] = way
        rows += way["branches"]
    return found


@rule("LX-A5.4", "LX-A11.3", "LM-1.2.2", "WG-A5.4", "CX-1.2.2")
@pytest.mark.parametrize(
    "code,matter,wanted",
    [
        (
            "lm",
            "penalty",
            {
                "不符合立案条件": "结束：不予立案",
                "公安机关立案": "结束：已移送",
                "公安机关不予立案": "回第2步 调查终结",
                "期满没有要求": "转第5步 提交法制审核",
                "要求听证": "转第5步 提交法制审核",
                "退回补正": "回第5步 提交法制审核",
                "审核不通过": "回第3步 拟定处理意见",
                "依法不予处罚": "转第8步 送达决定书",
                "没有强制执行权": "回第9步 登记执行完毕",
            },
        ),
        (
            "lm",
            "licence",
            {
                "材料不齐全或者不符合法定形式": "回第1步 受理",
                "依法不受理": "结束：不予受理",
                "不能按期作出决定": "回第4步 准予许可",
                "不符合法定条件": "转第6步 送达决定书",
                "申请人撤回": "结束：已撤回申请",
            },
        ),
        (
            "lm",
            "inspection",
            {
                "因故不检查": "结束：已取消",
                "已经改正": "回第8步 形成检查结果",
                "应当立案": "回第8步 形成检查结果",
            },
        ),
        (
            "lm",
            "coercion",
            {
                "可以不采取强制措施": "结束：不予实施",
                "情况紧急，当场实施": "转第6步 处理查封扣押的财物",
                "不再需要查封、扣押": "结束：退还财物",
            },
        ),
        ("lm", "confirmation", {"不符合登记条件": "结束：不予登记"}),
        ("wg", "other", {"不符合条件": "转第4步 送达决定书"}),
    ],
)
def test_ways_aside_lead_where_the_states_of_the_table_lead(
    bodies: dict[str, Any], code: str, matter: str, wanted: dict[str, str]
) -> None:
    with morning():
        block = charts._drawing(process_map.of_kind(bodies[code], matter))
    found = ways(block)
    assert {when: found[when]["leads"] for when in wanted} == wanted
    for way in found.values():
        assert way["leads"] or way["branches"]


def test_no_way_from_one_state_to_another_is_left_out_of_a_drawing() -> None:
    for table in registry.procedures():
        walked = {key for way in table.ways for key in way.steps}
        lacking = [
            step.name
            for step in table.steps
            if step.to and not step.main and step.key not in walked
        ]
        assert not lacking or table.kind in ("page", "feedback"), f"{table.name}：{lacking}"


@pytest.mark.parametrize(
    "way",
    [
        Way("x", "nowhere"),
        Way("x", "begin", ("nothing",)),
        Way("x", "begin", then="nothing"),
        Way("x", "aside"),
    ],
)
def test_a_way_aside_leaves_a_main_step_and_goes_along_rows_of_its_table(way: Way) -> None:
    steps = (
        Step("begin", "开始", "一", ("open",), to="done", main=True),
        Step("aside", "旁", "一", ("open",)),
    )
    with pytest.raises(ValueError, match="names no step"):
        Procedure(
            "p",
            "p",
            "k",
            (State("open", "开"), State("done", "完", final=True)),
            ("一",),
            steps,
            "open",
            ways=(way,),
        )


def test_a_way_aside_has_limit_and_unit_from_the_packs(bodies: dict[str, Any]) -> None:
    with morning():
        found = ways(charts._drawing(process_map.of_kind(bodies["lm"], "penalty")))
    limits = {each["name"]: each["limit"] for way in found.values() for each in way["stations"]}
    assert "告知后五个工作日内可以要求听证" in limits["登记听证申请"] and limits[
        "移送涉嫌犯罪案件"
    ].endswith("起24小时内")
    assert limits["申请法院强制执行"] == "自救济期限届满起3个月内"


@pytest.mark.parametrize("matter", MATTERS)
def test_no_line_and_no_box_of_a_drawing_crosses_another_box(
    bodies: dict[str, Any], matter: str
) -> None:
    with morning():
        block = charts._drawing(process_map.of_kind(bodies["lm"], matter))
    sheets = [
        ElementTree.fromstring(drawn)
        for drawn in (drawing.svg(block), *drawing.printed(block, 384, 226))
    ]
    for column in [each for root in sheets for each in root if each.tag.endswith("}g")]:
        boxes = [
            tuple(float(each.attrib[key]) for key in ("x", "y", "width", "height"))
            for each in column
            if each.tag.endswith("rect")
        ]
        lines = [
            each.attrib["d"]
            for each in column
            if each.tag.endswith("path") and each.attrib["fill"] == "none"
        ]
        assert boxes and not [
            (a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if overlap(a, b)
        ]
        for line in lines:
            points = [tuple(map(float, part.split())) for part in line[1:].split("L")]
            for (x, y), (u, v) in zip(points, points[1:], strict=False):
                run = (min(x, u), min(y, v), abs(x - u), abs(y - v))
                assert not [box for box in boxes if overlap(run, box)], f"{line} 穿过方框"


@pytest.mark.parametrize("matter", MATTERS)
def test_on_paper_no_word_of_a_drawing_is_smaller_than_seven_points(
    bodies: dict[str, Any], matter: str
) -> None:
    with morning():
        sheets = drawing.printed(
            charts._drawing(process_map.of_kind(bodies["lm"], matter)), 384, 226
        )
    for root in map(ElementTree.fromstring, sheets):
        scale = min(384 / float(root.attrib["width"]), 226 / float(root.attrib["height"]))
        sizes = [
            float(each.attrib["font-size"]) for each in root.iter() if each.tag.endswith("text")
        ]
        assert min(sizes) * scale / 25.4 * 72 >= 6.9, (
            f"{root.attrib['width']}×{root.attrib['height']}"
        )


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two rectangles (x, y, width, height) share more than an edge."""
    return (
        a[0] + a[2] > b[0] + 1
        and b[0] + b[2] > a[0] + 1
        and a[1] + a[3] > b[1] + 1
        and b[1] + b[3] > a[1] + 1
    )


def test_no_line_of_a_chart_is_cut_within_a_number() -> None:
    for width in range(30, 200, 7):
        lines = drawing.wrapped("期限：自申请听证起20个工作日内举行", width, 12)
        assert "".join(lines) == "期限：自申请听证起20个工作日内举行" and any(
            "20个" in line for line in lines
        )
