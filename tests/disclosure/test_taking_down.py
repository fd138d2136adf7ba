"""Off the channels of others: told at once, over only with their receipt; nothing that came late
outlives it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mingzheng.disclosure.access import ordered_down, shown_on
from mingzheng.disclosure.acts import delivering
from mingzheng.disclosure.channels import connections, transports
from mingzheng.disclosure.models import ChannelTask, Publication
from mingzheng.records.models import Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do, duties, refused
from tests.clause import clause
from tests.disclosure.delivery import Site, connected, later, opened, own_only, planned
from tests.disclosure.test_channels import live


@clause("WG-A7.3", "R1.3-10")
def test_taking_down_reaches_the_connected_channel_and_only_its_receipt_ends_the_duty(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    out.mkdir()
    back.mkdir()
    with connected(monkeypatch, tmp_path, way="folder", place=str(out), receipts=str(back)):
        journey = own_only(bodies)
        with at(journey.day, 11):
            later()
            (sent,) = out.glob("*.zip")
            (back / f"{sent.stem}.json").write_text('{"receipt": "公2026-1"}')
            later()
        assert "notice-board" in shown_on(journey.play.record)
        with at(journey.forward(1), 9):
            journey.play.step(
                "publication.withdrawn",
                cause="wrong",
                reason=f"{journey.play.party['name']}的信息有误。",
            )
        with at(journey.day, 10):
            journey.play.approve()
        assert Publication.objects.get(record=journey.play.record).state == Publication.WITHDRAWN
        assert (
            list(shown_on(journey.play.record))
            == ["notice-board"]
            == list(ordered_down(journey.play.record))
        )
        with at(journey.day, 11):
            later()
        (fresh,) = [path for path in out.glob("*.zip") if path.stem != sent.stem]
        order, files = opened(fresh.read_bytes())
        assert (
            order["do"] == "take-down"
            and files == {}
            and order["seq"] > opened(sent.read_bytes())[0]["seq"]
        )
        assert journey.play.party["name"] not in order["reason"] and order["cause"] == "wrong"
        assert "notice-board" in shown_on(journey.play.record), "放进目录不等于撤下"
        (back / f"{fresh.stem}.json").write_text('{"receipt": "撤2026-1"}')
        with at(journey.day, 12):
            later()
        assert shown_on(journey.play.record) == {} and ordered_down(journey.play.record) == {}
        assert not duties(journey, "publication/withdrawal", Duty.OPEN) and list(verify_all()) == []


def test_what_may_have_arrived_unconfirmed_is_taken_down_too(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        Site.answers = [(202, {})]
        with at(journey.day, 11):
            later()
        with at(journey.day, 12):
            journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
            journey.play.approve()
        assert (
            ChannelTask.objects.get(record=journey.play.record, what=ChannelTask.UP).state
            == ChannelTask.DROPPED
        )
        with at(journey.day, 13):
            later()
        assert [opened(package)[0]["do"] for _, package in Site.came] == ["show", "take-down"]
        assert ordered_down(journey.play.record) == {}


def test_taking_down_waits_for_an_attempt_that_is_on_its_way(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        with at(journey.day, 11):
            up = delivering._begin(ChannelTask.objects.get(record=journey.play.record).pk)
            assert up is not None
            journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
            journey.play.approve()
            planned()
            assert Site.came == []
            assert transports.send(
                connections.of(up.agency_id)["notice-board"], up.key, b"late"
            ).receipt
            with pytest.MonkeyPatch.context() as patch:
                soon = timezone.now() + timedelta(minutes=5)
                patch.setattr(timezone, "now", lambda: soon)
                planned()
        assert [package == b"late" for _, package in Site.came] == [True, False] and ordered_down(
            journey.play.record
        ) == {}


def test_a_former_text_must_be_off_a_channel_before_a_new_one_comes(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    journey = case(bodies, "fc", fine="500").go("published")
    with at(journey.forward(1), 9):
        journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
        journey.play.approve()
        journey.play.propose()
        journey.play.step("publication.approved")
        journey.play.approve()
        journey.play.step("publication.published:decision", channel="own-site")
    assert "还没有撤下" in refused(
        journey, "publication.published:decision", channel="notice-board", receipt="1"
    )
    do(journey, "publication.withdrawn:confirmed", channel="notice-board", receipt="撤1", hour=11)
    do(journey, "publication.published:decision", channel="notice-board", receipt="发2", hour=12)
    assert shown_on(journey.play.record)["notice-board"] == live(journey)


def test_a_new_text_waits_until_the_former_one_is_off_a_connected_channel(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place=site, kinds=["penalty"]):
        journey = own_only(bodies)
        with at(journey.day, 11):
            later()
            Site.answers = [(202, {}), (503, {})]
            journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
            journey.play.approve()
            later()
        with at(journey.day, 12):
            journey.play.propose()
            journey.play.step("publication.approved")
            journey.play.approve()
            journey.play.step("publication.published:decision", channel="own-site")
            later()
            assert [opened(package)[0]["do"] for _, package in Site.came] == [
                "show",
                "take-down",
                "take-down",
            ]
            later()
            later()
        assert [opened(package)[0]["do"] for _, package in Site.came[3:]] == ["take-down", "show"]
        assert (
            shown_on(journey.play.record)["notice-board"] == live(journey)
            and ordered_down(journey.play.record) == {}
        )


def test_an_errand_keeps_what_it_was_for(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place=site):
        pk = ChannelTask.objects.get(record=own_only(bodies).play.record).pk
        for statement in (
            f"UPDATE disclosure_channeltask SET channel = 'x' WHERE id = {pk}",
            f"DELETE FROM disclosure_channeltask WHERE id = {pk}",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_rules_adopted_before_there_were_orders_end_them_too(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mingzheng.records import law

    journey = case(bodies, "fc", fine="500").go("published")
    with at(journey.forward(1), 9):
        journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
        journey.play.approve()
    assert list(ordered_down(journey.play.record)) == ["notice-board"]
    void = law.void
    monkeypatch.setattr(
        law,
        "void",
        lambda standing, by: (
            None if standing.kind == "publication.take-down-ordered" else void(standing, by)
        ),
    )
    do(journey, "publication.withdrawn:confirmed", channel="notice-board", receipt="撤1", hour=11)
    assert ordered_down(journey.play.record) == {} and shown_on(journey.play.record) == {}
