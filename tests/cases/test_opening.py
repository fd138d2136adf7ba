"""立案: from a source to an opened case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzheng.agencies.models import Certificate, Handler
from mingzheng.records.models import Duty
from mingzheng.site.demo import parties
from mingzheng.site.demo.play import at, person_id
from tests.cases.telling import TUESDAY, case, do, duties, heard, refused, state
from tests.clause import clause, rule


def register(journey: Any, **more: Any) -> str:
    """The words with which registering the source is refused."""
    with at(journey.day, 9):
        return heard(lambda: journey.play.register(**more))


def test_a_source_opens_the_duty_to_file_promptly(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("registered")
    (owed,) = duties(journey, "case/opening")
    assert state(journey) == "registered" and owed.state == Duty.OPEN and owed.due is None
    assert owed.how["within"] == "promptly"


@pytest.mark.parametrize(
    "more, words",
    [
        ({"identifier": "91370830MA3C7H2Q30"}, "校验位不对"),
        ({"identifier": "91370830MA3C7H2"}, "应为 18 位，现在是 15 位"),
        ({"identifier": ""}, "请填证件号码；确实没有的，在下一格写明原因"),
        ({"representative": ""}, "请填法定代表人或者负责人"),
        ({"conduct_on": "2026-05-01"}, "违法行为日期不能晚于今天"),
        ({"cause": ""}, "请填写案由"),
        ({"item": "0"}, "只能从列出的选项中选择"),
        ({"happened_at": "2026-04-08T09:00"}, "发生时间晚于现在"),
        ({"happened_at": "2026-04-03T09:00"}, "发生日期早于今天，请选择补录原因"),
    ],
)
def test_a_source_with_a_fault_is_refused_with_what_to_mend(
    bodies: dict[str, Any], more: dict[str, str], words: str
) -> None:
    assert words in register(case(bodies), **more)


def test_a_citizen_number_is_checked_to_its_last_digit(bodies: dict[str, Any]) -> None:
    right = parties.citizen(1)["identifier"]
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    assert "身份证号的校验位不对" in register(case(bodies, "fc"), identifier=wrong)
    assert "出生日期不存在" in register(case(bodies, "fc"), identifier="140524198013011235")


def test_the_same_code_under_another_name_is_refused(bodies: dict[str, Any]) -> None:
    case(bodies).go("registered")
    assert "相同的当事人已登记为" in register(
        case(bodies), party_name="另一家公司", not_duplicate="on"
    )


def test_a_source_entered_later_says_why(bodies: dict[str, Any]) -> None:
    journey = case(bodies)
    with at(journey.day, 9):
        record = journey.play.register(happened_at="2026-04-03T09:00", late_reason="paper")
    assert record.acts.earliest("pk").happened_at.date() == date(2026, 4, 3)


@clause("LG-1.2", "WG-A6.1")
def test_filing_needs_two_officers_with_a_valid_certificate(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("registered")
    journey.forward(1)
    clerk = person_id(bodies["wg"], "郝档")
    words = refused(
        journey, "case.opened", officers=[journey.play.officers_ids()[0], clerk], reason="符合条件"
    )
    assert "只能从列出的选项中选择" in words


def test_an_officer_whose_certificate_ends_before_approval_stops_the_filing(
    bodies: dict[str, Any],
) -> None:
    journey = case(bodies).go("proposed")
    Certificate.objects.filter(person__name="李四").update(until=journey.day)
    journey.forward(1)
    with at(journey.day, 9):
        journey.play.agree("秦望舒")
        words = heard(lambda: journey.play.agree("陈局"))
    assert "李四的执法证已于2026年4月8日到期" in words and "第四十二条" in words
    assert state(journey) == "registered"


@pytest.mark.parametrize(
    "change, words",
    [
        ({"until": date(2026, 3, 31)}, "到期，换证前不能从事行政执法活动"),
        ({"state": Certificate.SUSPENDED}, "已暂扣"),
        ({"state": Certificate.REVOKED}, "已注销"),
        ({"scope": ["licence"]}, "执法类别不含这类事项"),
    ],
)
def test_an_officer_without_a_valid_certificate_takes_no_step(
    bodies: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    journey = case(bodies).go("registered")
    Certificate.objects.filter(person__name="张三").update(**change)
    assert words in refused(
        journey, "case.opened", officers=journey.play.officers_ids(), reason="符合条件"
    )


def test_no_investigation_before_the_case_is_opened(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    words = refused(
        journey,
        "party.questioned",
        officers=journey.play.officers_ids(),
        asked="牛晋川",
        relation="负责人",
        place="现场",
        text="问：\n答：",
        signed="signed",
    )
    assert "本案现在处于“线索待处理”" in words and "调查取证" in words


def test_the_same_request_is_not_made_twice(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("proposed")
    assert "正在审批中" in refused(
        journey, "case.opened", officers=journey.play.officers_ids(), reason="符合条件"
    )


def test_declining_ends_the_matter_and_its_duty(bodies: dict[str, Any]) -> None:
    journey = case(bodies).go("registered")
    journey.forward(1)
    do(journey, "case.declined", reason="违法事实不能成立，不予立案。", hour=10)
    with at(journey.day, 11):
        journey.play.approve()
    assert state(journey) == "declined"
    assert duties(journey, "case/opening")[0].state == Duty.DONE
    assert not Duty.objects.filter(record=journey.play.record, state=Duty.OPEN)
    assert "不予立案" in refused(
        journey, "case.opened", officers=journey.play.officers_ids(), reason="符合条件"
    )


@rule("LM-0")
def test_an_agency_without_the_power_opens_nothing(bodies: dict[str, Any]) -> None:
    from mingzheng.catalogue.models import Item

    item = Item.objects.create(
        agency=bodies["lx"],
        code="x",
        name="示例事项",
        kind="penalty",
        broken="甲",
        applied="乙",
        bases=[],
        since=date(2024, 1, 1),
    )
    journey = case(bodies)
    journey.play.body, journey.play.officers, journey.play.item = (
        bodies["lx"],
        ("焦专", "史宁"),
        item.code,
    )
    assert "本机关没有行政处罚的职权" in register(journey)


def test_a_township_opens_only_what_it_was_granted(bodies: dict[str, Any]) -> None:
    journey = case(bodies, "fc").go("opened")
    assert state(journey) == "investigating"
    from mingzheng.catalogue.models import Item

    Item.objects.create(
        agency=bodies["fc"],
        code="jn-82",
        name="未列入目录的事项",
        kind="penalty",
        broken="甲",
        applied="乙",
        bases=[],
        since=date(2024, 1, 1),
    )
    other = case(bodies, "fc", party=parties.citizen(3))
    other.play.item = "jn-82"
    other.go("registered").forward(1)
    assert "只能办理赋权决定列明的处罚事项" in refused(
        other, "case.opened", officers=other.play.officers_ids(), reason="符合条件"
    )


def test_the_officers_named_become_the_handlers(bodies: dict[str, Any]) -> None:
    journey = case(bodies, start=TUESDAY).go("opened")
    held = Handler.objects.filter(record=journey.play.record, until=None).values_list(
        "person__name", flat=True
    )
    assert sorted(held) == ["张三", "李四"]
