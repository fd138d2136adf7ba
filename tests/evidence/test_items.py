"""Evidence items: the eight kinds, carriers, monitoring, custody, sealing; originals leave by an
approved act.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mingzheng.agencies.models import Account, Agency
from mingzheng.desk.identity import enter
from mingzheng.evidence.models import Custody, Item
from mingzheng.records import store
from mingzheng.records.models import Act, Attachment
from mingzheng.site.demo import clips
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, refused

DATA = {
    "kind_of_evidence": "电子数据",
    "name": "用能台账导出文件",
    "origin": "能源管理系统",
    "proves": "未按规定报送",
}
MONITOR = {
    "name": "噪声自动监测记录",
    "site": "厂界北侧",
    "published_on": "2025-12-01",
    "standard": "HJ 906 检定证书 2026-031",
    "legal_review": "王审",
    "technical_review": "赵工",
    "checked": "真实、清晰、完整、准确",
    "proves": "夜间超标",
}


def picture() -> list[Any]:
    """A scanned page."""
    return [(clips.kept("photo", mark="书证"), "台账.jpg", "证据")]


def investigated(bodies: dict[str, Agency]) -> Any:
    """A case under investigation."""
    return case(bodies).go("investigated")


def collected(journey: Any, **said: Any) -> Item:
    """One documentary item."""
    do(
        journey,
        "evidence.taken:documentary",
        officers=journey.play.officers_ids(),
        files=picture(),
        **{
            "kind_of_evidence": "书证",
            "name": "能源台账复印件",
            "origin": "当事人提供，原件核对无误",
            "proves": "未按规定报送",
            **said,
        },
    )
    found: Item = Item.objects.filter(record=journey.play.record).order_by("-number").first()  # type: ignore[assignment]
    return found


def test_electronic_data_says_from_which_carrier_and_how(bodies: dict[str, Agency]) -> None:
    journey = investigated(bodies)
    words = refused(
        journey,
        "evidence.taken:documentary",
        officers=journey.play.officers_ids(),
        files=picture(),
        **DATA,
    )
    assert "原始载体" in words and "怎样提取" in words
    words = refused(
        journey,
        "evidence.taken:documentary",
        officers=journey.play.officers_ids(),
        files=picture(),
        **DATA,
        carrier="财务室台式机",
        extracted="只读拷贝",
        original="none",
    )
    assert "写明原因" in words
    item = collected(
        journey,
        **DATA,
        carrier="财务室台式机",
        extracted="只读拷贝，校验指纹一致",
        original="returned",
    )
    assert item.carrier["carrier"] == "财务室台式机"


def test_items_are_numbered_within_the_matter(bodies: dict[str, Agency]) -> None:
    journey = investigated(bodies)
    first = collected(journey).number
    assert collected(journey).number == first + 1


def test_monitoring_needs_both_reviews_by_two_people_and_a_published_place(
    bodies: dict[str, Agency],
) -> None:
    """处罚法41."""
    journey = investigated(bodies)
    off = journey.play.officers_ids()
    assert "不能是同一个人" in refused(
        journey,
        "evidence.taken:monitoring",
        officers=off,
        files=picture(),
        **{**MONITOR, "technical_review": "王审"},
    )
    late = (journey.day + timedelta(days=1)).isoformat()
    assert "先向社会公布" in refused(
        journey,
        "evidence.taken:monitoring",
        officers=off,
        files=picture(),
        **{**MONITOR, "published_on": late},
    )
    do(journey, "evidence.taken:monitoring", officers=off, files=picture(), **MONITOR)
    assert (
        Item.objects.filter(record=journey.play.record).latest("number").monitoring["legal_review"]
        == "王审"
    )


def test_every_hand_it_passes_through_is_a_link_of_the_chain(bodies: dict[str, Agency]) -> None:
    journey = investigated(bodies)
    item = collected(journey)
    do(
        journey,
        "evidence.moved",
        item=item.pk,
        giver="张三",
        taker="周管",
        place="物证室 2 柜",
        why="统一保管",
    )
    item.refresh_from_db()
    assert (item.keeper, item.place) == ("周管", "物证室 2 柜") and Custody.objects.get(
        item=item
    ).giver == "张三"


def test_an_item_of_another_matter_cannot_be_moved_here(bodies: dict[str, Agency]) -> None:
    journey, other = investigated(bodies), investigated(bodies)
    foreign = collected(other)
    collected(journey)
    assert "只能从列出的选项" in refused(
        journey, "evidence.moved", item=foreign.pk, giver="甲", taker="乙", place="柜", why="因"
    )


def test_a_sealed_item_carries_its_strip_and_is_not_sealed_twice(bodies: dict[str, Agency]) -> None:
    journey = investigated(bodies)
    item = collected(journey)
    said = {
        "officers": journey.play.officers_ids(),
        "item": item.pk,
        "seal_number": "F-0007",
        "present": "当事人和见证人",
        "place": "物证室",
    }
    do(journey, "evidence.sealed", **said)
    item.refresh_from_db()
    assert item.seal_number == "F-0007"
    assert "只能从列出的选项" in refused(journey, "evidence.sealed", **said)


@pytest.fixture
def desk(bodies: dict[str, Agency]) -> Any:
    """A browser of a person."""

    def of(name: str) -> Client:
        client = Client()
        session = client.session
        request = type("R", (), {"session": session, "META": {}})()
        enter(request, Account.objects.get(person__name=name))  # type: ignore[arg-type]
        session.save()
        client.cookies["sessionid"] = session.session_key
        return client

    return of


@pytest.mark.sql
def test_an_original_leaves_only_by_an_approved_act_and_each_time_is_recorded(
    bodies: dict[str, Agency], desk: Any
) -> None:
    journey = investigated(bodies)
    item = collected(journey)
    sha = item.files.get().blob_id
    original = Attachment.objects.get(record=journey.play.record, blob_id=sha)
    client = desk(journey.play.officers[0])
    with at(journey.day, 18):
        answer = client.get(f"/desk/files/{original.pk}")
    assert answer.status_code == 403 and "报批" in answer.content.decode()
    do(journey, "original.released", file=sha, to="县人民法院", why="诉讼举证")
    with at(journey.day, 18):
        journey.play.approve()
        before = Act.objects.filter(kind="original.read").count()
        answer = client.get(f"/desk/files/{original.pk}")
        assert answer.status_code == 200 and answer.content == store.read(sha)
        assert (
            answer["Content-Disposition"].startswith("attachment")
            and Act.objects.filter(kind="original.read").count() == before + 1
        )


def test_another_agency_finds_no_evidence_page(bodies: dict[str, Agency], desk: Any) -> None:
    """Line 28 of the ways around."""
    journey = investigated(bodies)
    collected(journey)
    from mingzheng.site.demo import stories

    with at(journey.day, 18):
        assert (
            desk(stories.OFFICERS["lm"][0])
            .get(f"/desk/cases/{journey.play.record.pk}/evidence")
            .status_code
            == 404
        )
        assert (
            desk(journey.play.officers[0])
            .get(f"/desk/cases/{journey.play.record.pk}/evidence")
            .status_code
            == 200
        )
