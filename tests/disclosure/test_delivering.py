"""Connected channels: delivered without a hand, again until the receipt is there, taken down
likewise; nothing counts before it.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from mingzheng.disclosure.access import shown_on
from mingzheng.disclosure.channels import connections, transports
from mingzheng.disclosure.models import ChannelReceipt, ChannelTask
from mingzheng.notices.models import Task
from mingzheng.records.models import Act, Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at
from mingzheng.site.doctor import complaints
from tests.cases.telling import do, duties
from tests.clause import clause
from tests.disclosure.delivery import Site, connected, later, opened, own_only, planned
from tests.disclosure.test_channels import live
from tests.scenes.pages import signed_in


@clause("R1.4-01", "LX-A10")
def test_a_connected_channel_gets_the_approved_text_and_its_receipt_ends_the_duty(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    with connected(monkeypatch, tmp_path, way="post", place=site, token_file=str(token)):
        journey = own_only(bodies)
        assert [row.channel for row in duties(journey, "publication/decision", Duty.OPEN)] == [
            "notice-board"
        ]
        with at(journey.day, 11):
            later()
        ((headers, package),) = Site.came
        order, files = opened(package)
        row = live(journey)
        assert (
            headers["Authorization"] == "Bearer s3cret"
            and headers["Idempotency-Key"] == order["key"]
        )
        assert (order["do"], order["code"], order["sha256"]) == ("show", row.code, row.text_hash)
        assert (
            files[order["file"]["name"]].startswith(b"%PDF")
            and journey.play.party["name"].encode() not in package
        )
        assert shown_on(journey.play.record) == {"own-site": row, "notice-board": row}
        assert not duties(journey, "publication/decision", Duty.OPEN)
        act = Act.objects.filter(record=journey.play.record, kind="publication.published").latest(
            "pk"
        )
        assert (
            act.actor_id is None
            and ChannelReceipt.objects.get(act=act).receipt == f"R-{order['key'][:6]}"
        )
        with at(journey.day, 12):
            later()
        assert len(Site.came) == 1 and list(verify_all()) == []


@pytest.mark.parametrize(
    "answers",
    [
        [(503, {})],
        [(429, {})],
        [(202, {})],
        [(200, {})],
        [(200, b"<html>")],
        [(302, {})],
        [(200, {"receipt": ""})],
    ],
)
def test_what_is_no_receipt_is_tried_again_with_the_same_key(
    bodies: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    site: str,
    answers: list[Any],
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        Site.answers = answers
        with at(journey.day, 11):
            later()
            row = ChannelTask.objects.get(record=journey.play.record)
            assert row.state == ChannelTask.OPEN and row.said and row.next_at > timezone.now()
            assert duties(journey, "publication/decision", Duty.OPEN), "没有回执，期限照走"
            planned()
            assert len(Site.came) == 1, "没到时间不再送"
            later()
        assert [headers["Idempotency-Key"] for headers, _ in Site.came] == [row.key, row.key]
        assert Site.came[0][1] == Site.came[1][1] and not duties(
            journey, "publication/decision", Duty.OPEN
        )


def test_a_channel_that_is_away_is_knocked_at_once_a_round(
    bodies: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knocked: list[str] = []

    def away(connection: Any, key: str, package: bytes) -> transports.Answer:
        knocked.append(key)
        return transports.Answer(waiting="连接不上：对方没有应答", away=True)

    with connected(monkeypatch, tmp_path, way="post", place="https://away.invalid/"):
        for start in (date(2026, 4, 7), date(2026, 4, 8)):
            own_only(bodies, start)
        monkeypatch.setattr(transports, "send", away)
        later()
        assert len(knocked) == 1 and sorted(
            ChannelTask.objects.values_list("tries", flat=True)
        ) == [
            0,
            1,
        ]
        planned()
        assert len(knocked) == 1
        later()
        assert len(knocked) == 2


def test_whoever_handles_it_is_told_once_when_there_is_no_answer(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place="http://127.0.0.1:9/none"):
        journey = own_only(bodies)
        with at(journey.day, 11):
            for _ in range(5):
                later()
        row = ChannelTask.objects.get(record=journey.play.record)
        assert row.tries == 5 and row.said == "连接不上：对方拒绝连接"
        assert (
            Act.objects.filter(record=journey.play.record, kind="delivery.unanswered").count() == 1
        )
        assert Task.objects.filter(
            record=journey.play.record, title__contains="还没有回执"
        ).exists()
        # A person may bring it there by hand: then nothing more is sent.
        with at(journey.day, 15):
            journey.play.step(
                "publication.published:decision", channel="notice-board", receipt="手工1"
            )
        row.refresh_from_db()
        assert row.state == ChannelTask.DONE and "notice-board" in shown_on(journey.play.record)


def test_a_file_that_cannot_be_made_is_told_like_a_channel_that_does_not_answer(
    bodies: dict[str, Any],
    tmp_path: Path,
    site: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("fonts")

    with connected(monkeypatch, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        with at(journey.day, 11), monkeypatch.context() as patch:
            patch.setattr("mingzheng.disclosure.channels.packages.render.pdf", broken)
            for _ in range(3):
                later()
            row = ChannelTask.objects.get(record=journey.play.record)
            assert (
                Site.came == []
                and row.tries == 3
                and "做不出来" in row.said
                and "fonts" not in row.said
            )
        assert Task.objects.filter(record=journey.play.record, title__contains="做不出来").exists()
        with at(journey.day, 12):
            later()
        assert "notice-board" in shown_on(journey.play.record)


def test_what_is_sent_back_waits_for_a_person(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        Site.answers = [(422, {"reason": "标题过长\n<script>"})]
        with at(journey.day, 11):
            later()
            later()
        row = ChannelTask.objects.get(record=journey.play.record)
        assert (
            len(Site.came) == 1
            and row.state == ChannelTask.REFUSED
            and row.said == "标题过长<script>"
        )
        assert Task.objects.filter(record=journey.play.record, title__contains="退回").exists()
        with at(journey.day, 12):
            client = signed_in("fc", 1)
            page = client.get("/desk/channels").content.decode()
            assert (
                "标题过长" in page
                and "<script>标" not in page
                and f"/desk/channels/again/{row.key}" in page
            )
            assert signed_in("wg", 9).post(f"/desk/channels/again/{row.key}").status_code == 404
            assert client.post(f"/desk/channels/again/{row.key}").status_code == 302
            later()
        assert len(Site.came) == 2 and "notice-board" in shown_on(journey.play.record)
        assert Act.objects.filter(record=journey.play.record, kind="delivery.again").count() == 1


def test_a_correction_follows_on_the_connected_channel_by_itself(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        with at(journey.day, 11):
            later()
        old = live(journey)
        words = json.loads(old.body)["facts"][-6:]
        with at(journey.day, 12):
            journey.play.step("publication.found-wrong", reason="漏写一句。")
            journey.play.propose(amended=f"{words} → {words.rstrip('。')}，已责令改正。")
            journey.play.step("publication.approved")
        with at(journey.day, 13):
            journey.play.approve()
            journey.play.step("publication.corrected", reason="漏写一句。")
        new = live(journey)
        assert shown_on(journey.play.record) == {"own-site": new, "notice-board": old}
        with at(journey.day, 14):
            later()
        order, _ = opened(Site.came[-1][1])
        assert (order["do"], order["code"], order["replaces"]) == ("show", new.code, old.code)
        assert shown_on(journey.play.record) == {"own-site": new, "notice-board": new}
        act = (
            Act.objects.filter(record=journey.play.record)
            .exclude(kind="publication.sealed")
            .latest("pk")
        )
        assert act.kind == "publication.corrected" and list(verify_all()) == []


def test_reports_go_to_the_credit_platform_by_themselves(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    with connected(
        monkeypatch,
        tmp_path,
        way="post",
        place=site,
        channel="body/credit-platform",
        assessed="2026-03-01 第1号",
    ):
        journey = own_only(bodies)
        with at(journey.day, 11):
            later()
        order, files = opened(Site.came[0][1])
        assert (
            order["do"] == "report" and order["file"]["name"].endswith(".xlsx") and len(files) == 1
        )
        assert not [row for row in duties(journey, "credit/report", Duty.OPEN)]
        assert list(shown_on(journey.play.record)) == ["own-site"]


def test_what_a_gate_would_refuse_is_not_sent(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: str
) -> None:
    with connected(monkeypatch, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        do(journey, "publication.found-wrong", reason="漏写一句。", hour=11)
        with at(journey.day, 12):
            later()
        row = ChannelTask.objects.get(record=journey.play.record)
        assert (
            Site.came == []
            and row.state == ChannelTask.OPEN
            and row.tries == 0
            and "审" in row.said
        )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"way": "post", "place": "http://example.org/in"}, "https"),
        ({"way": "folder", "place": "/tmp"}, "receipts"),
        ({"channel": "body/credit-platform", "way": "post", "place": "https://x/"}, "影响评估"),
        ({"way": "fax", "place": "1"}, "way"),
        ({"way": "post", "place": ""}, "place"),
        ({"way": "post", "place": "https://x/", "extra": 1}, "extra"),
        ({"way": "post", "place": "https://x/", "kinds": "penalty"}, "kinds 要写成列表"),
        ({"way": "folder", "place": "/tmp", "receipts": 7}, "receipts要写成带引号的文字"),
    ],
)
def test_a_connection_that_is_wrong_connects_nothing_and_says_so(
    bodies: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    line: dict[str, Any],
    said: str,
) -> None:
    with connected(monkeypatch, tmp_path, **line):
        assert connections.of(bodies["fc"].pk) == {} and said in connections.faults()[0]
    monkeypatch.setenv("MINGZHENG_CHANNELS", str(tmp_path / "broken.toml"))
    (tmp_path / "broken.toml").write_text("[[channel")
    assert connections.of(bodies["fc"].pk) == {} and connections.faults()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"agency": "fx"}, "没有代码为“fx”的机关，请改 agency，现有：cx、"),
        ({"channel": "notice-bord"}, "没有这个渠道，什么都不会送去，请改 channel，可以写：body/"),
        ({"channel": "live"}, "没有这个渠道"),
        ({"kinds": ["penalty", "penality"]}, "kinds 里的penality不是事项种类"),
        ({"place": "/nowhere/out"}, "没有 place 写的目录 /nowhere/out，请建好或者改正"),
        ({"receipts": "/nowhere/in"}, "没有 receipts 写的目录 /nowhere/in，请建好或者改正"),
        ({"token_file": "/nowhere/token"}, "口令文件 /nowhere/token 不在或者读不了"),
    ],
)
def test_the_doctor_names_a_connection_that_leads_nowhere(
    bodies: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    line: dict[str, Any],
    said: str,
) -> None:
    well = {"way": "folder", "place": str(tmp_path), "receipts": str(tmp_path)}
    with connected(monkeypatch, tmp_path, **well):
        assert connections.faults() == ()
    with connected(monkeypatch, tmp_path, **{**well, **line}):
        assert [fault for fault in complaints() if said in fault and fault.endswith("。")]
        assert len(connections.faults()) == 1


def test_the_doctor_names_a_directory_that_may_not_be_used_and_a_channel_written_twice(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    well = {"way": "folder", "place": str(tmp_path), "receipts": str(tmp_path)}
    with connected(monkeypatch, tmp_path, **well):
        file = Path(os.environ["MINGZHENG_CHANNELS"])
        with monkeypatch.context() as patch:
            patch.setattr(connections.os, "access", lambda place, mode: not mode & os.W_OK)
            (said,) = connections.faults()
            assert f"place 写的目录 {tmp_path} 平台不能写入，请改目录的权限" in said
        file.write_text(file.read_text() + "\n" + file.read_text())
        (said,) = connections.faults()
        assert "写了 2 次，只有最后一项起作用" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "没有渠道接通文件"),
        ("[[channels]]\n", "不认识的“channels”，每个渠道写一项 [[channel]]"),
        ("[channel]\nagency = 'fc'\n", "两层方括号"),
    ],
)
def test_a_file_that_connects_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None, said: str
) -> None:
    path = tmp_path / "channels.toml"
    if text is not None:
        path.write_text(text)
    monkeypatch.setenv("MINGZHENG_CHANNELS", str(path))
    assert [fault for fault in connections.faults() if said in fault]
    monkeypatch.delenv("MINGZHENG_CHANNELS")
    assert connections.faults() == ()


def test_what_lies_in_the_exchange_directory_is_not_trusted(tmp_path: Path) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    out.mkdir()
    back.mkdir()
    line = connections.Connection("fc", "notice-board", "folder", str(out), str(back))
    secret = tmp_path / "secret.json"
    secret.write_text('{"receipt": "stolen"}')
    (back / "k1.json").symlink_to(secret)
    assert transports.send(line, "k1", b"x").waiting.startswith("交换目录用不了")
    (back / "k2.json").write_bytes(b"\xff\xfe")
    assert "看不懂" in transports.send(line, "k2", b"x").waiting
    (back / "k3.json").write_text(json.dumps({"receipt": "甲" * 500 + "\x07"}))
    assert transports.send(line, "k3", b"x").receipt == "甲" * 120
    (back / "k4.json").write_text(json.dumps({"refused": "栏目不存在"}))
    assert transports.send(line, "k4", b"x").refused == "栏目不存在"
    assert (
        transports.send(line, "k5", b"x").waiting
        and (out / "k5.zip").read_bytes() == b"x"
        and not list(out.glob("*.part"))
    )
    assert transports.send(
        connections.Connection("fc", "b", "folder", str(tmp_path / "none"), str(back)), "k6", b"x"
    ).waiting
