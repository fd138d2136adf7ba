"""Connected channels: delivered without a hand, again until the receipt is there, taken down likewise; nothing counts before it."""

from __future__ import annotations

import http.server
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from mingzheng.disclosure.access import ordered_down, shown_on
from mingzheng.disclosure.acts import delivering
from mingzheng.disclosure.channels import connections, roads
from mingzheng.disclosure.models import ChannelReceipt, Errand, Publication
from mingzheng.jobs.acts import drain
from mingzheng.jobs.models import Job
from mingzheng.notices.models import Task
from mingzheng.records.models import Act, Duty
from mingzheng.records.verify import verify_all
from mingzheng.site.demo.play import at
from tests.cases.telling import TUESDAY, case, do, duties, refused
from tests.clause import clause
from tests.desk.test_licences import signed_in
from tests.disclosure.test_channels import live


class Site(http.server.BaseHTTPRequestHandler):
    """Another site: it answers as it is told to and keeps what came."""

    came: list[tuple[dict[str, str], bytes]] = []
    answers: list[tuple[int, Any]] = []

    def do_POST(self) -> None:
        """One delivery."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Site.came.append((dict(self.headers), body))
        status, said = Site.answers.pop(0) if Site.answers else (200, {"receipt": f"R-{self.headers['Idempotency-Key'][:6]}"})
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """A real server on this machine."""
    Site.came, Site.answers = [], []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/in"
    server.shutdown()
    server.server_close()


@contextmanager
def connected(settings: Any, folder: Path, **line: Any) -> Iterator[None]:
    """One agency's channel is connected."""
    path = folder / f"channels-{len(list(folder.iterdir()))}.toml"
    said = {"agency": "fc", "channel": "notice-board", **line}
    path.write_text("[[channel]]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in said.items()))
    settings.CHANNELS = str(path)
    yield


def later(minutes: int = 120) -> None:
    """The queue's time passes, and the worker works."""
    Errand.objects.filter(state=Errand.OPEN).exclude(next_at=None).update(next_at=timezone.now() - timedelta(minutes=minutes))
    delivering._away.clear()
    planned()


def planned() -> None:
    """A minute of the queue: keys of jobs name the minute, and the test takes less."""
    Job.objects.filter(kind="publication.deliver").delete()
    delivering.plan()
    drain()


def opened(package: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The order, and the files beside it."""
    book = zipfile.ZipFile(io.BytesIO(package))
    return json.loads(book.read("order.json")), {name: book.read(name) for name in book.namelist() if name != "order.json"}


def own_only(bodies: dict[str, Any], start: date = TUESDAY) -> Any:
    """A decision that stands here, and on no other channel yet."""
    journey = case(bodies, "fc", start=start, fine="500").go("served")
    with at(journey.forward(1), 9):
        journey.play.propose()
        journey.play.step("publication.approved")
        journey.play.approve()
    with at(journey.day, 10):
        journey.play.step("publication.published:decision", channel="own-site")
    return journey


@clause("R1.4-01", "LX-A10")
def test_a_connected_channel_gets_the_approved_text_and_its_receipt_ends_the_duty(
        bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    with connected(settings, tmp_path, way="post", place=site, token_file=str(token)):
        journey = own_only(bodies)
        assert [row.channel for row in duties(journey, "publication/decision", Duty.OPEN)] == ["notice-board"]
        with at(journey.day, 11):
            later()
        (headers, package), = Site.came
        order, files = opened(package)
        row = live(journey)
        assert headers["Authorization"] == "Bearer s3cret" and headers["Idempotency-Key"] == order["key"]
        assert (order["do"], order["code"], order["sha256"]) == ("show", row.code, row.text_hash)
        assert files[order["file"]["name"]].startswith(b"%PDF") and journey.play.party["name"].encode() not in package
        assert shown_on(journey.play.record) == {"own-site": row, "notice-board": row}
        assert not duties(journey, "publication/decision", Duty.OPEN)
        act = Act.objects.filter(record=journey.play.record, kind="publication.published").latest("pk")
        assert act.actor_id is None and ChannelReceipt.objects.get(act=act).receipt == f"R-{order['key'][:6]}"
        with at(journey.day, 12):
            later()
        assert len(Site.came) == 1 and list(verify_all()) == []


@pytest.mark.parametrize("answers", [[(503, {})], [(429, {})], [(202, {})], [(200, {})], [(200, b"<html>")], [(302, {})], [(200, {"receipt": ""})]])
def test_what_is_no_receipt_is_tried_again_with_the_same_key(
        bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str, answers: list[Any]) -> None:
    with connected(settings, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        Site.answers = answers
        with at(journey.day, 11):
            later()
            row = Errand.objects.get(record=journey.play.record)
            assert row.state == Errand.OPEN and row.said and row.next_at > timezone.now()
            assert duties(journey, "publication/decision", Duty.OPEN), "没有回执，期限照走"
            planned()
            assert len(Site.came) == 1, "没到时间不再送"
            later()
        assert [headers["Idempotency-Key"] for headers, _ in Site.came] == [row.key, row.key]
        assert Site.came[0][1] == Site.came[1][1] and not duties(journey, "publication/decision", Duty.OPEN)


def test_a_channel_that_is_away_is_knocked_at_once_a_round(
        bodies: dict[str, Any], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knocked: list[str] = []

    def away(connection: Any, key: str, package: bytes) -> roads.Answer:
        knocked.append(key)
        return roads.Answer(waiting="连接不上：对方没有应答", away=True)

    with connected(settings, tmp_path, way="post", place="https://away.invalid/"):
        for start in (date(2026, 4, 7), date(2026, 4, 8)):
            own_only(bodies, start)
        monkeypatch.setattr(roads, "send", away)
        later()
        assert len(knocked) == 1 and sorted(Errand.objects.values_list("tries", flat=True)) == [0, 1]
        planned()
        assert len(knocked) == 1
        later()
        assert len(knocked) == 2


def test_whoever_handles_it_is_told_once_when_there_is_no_answer(bodies: dict[str, Any], settings: Any, tmp_path: Path) -> None:
    with connected(settings, tmp_path, way="post", place="http://127.0.0.1:9/none"):
        journey = own_only(bodies)
        with at(journey.day, 11):
            for _ in range(5):
                later()
        row = Errand.objects.get(record=journey.play.record)
        assert row.tries == 5 and row.said == "连接不上：对方拒绝连接"
        assert Act.objects.filter(record=journey.play.record, kind="delivery.unanswered").count() == 1
        assert Task.objects.filter(record=journey.play.record, title__contains="还没有回执").exists()
        # A person may bring it there by hand: then nothing more is sent.
        with at(journey.day, 15):
            journey.play.step("publication.published:decision", channel="notice-board", receipt="手工1")
        row.refresh_from_db()
        assert row.state == Errand.DONE and "notice-board" in shown_on(journey.play.record)


def test_a_file_that_cannot_be_made_is_told_like_a_channel_that_does_not_answer(
        bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("fonts")

    with connected(settings, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        with at(journey.day, 11), monkeypatch.context() as patch:
            patch.setattr("mingzheng.disclosure.channels.packages.render.pdf", broken)
            for _ in range(3):
                later()
            row = Errand.objects.get(record=journey.play.record)
            assert Site.came == [] and row.tries == 3 and "做不出来" in row.said and "fonts" not in row.said
        assert Task.objects.filter(record=journey.play.record, title__contains="做不出来").exists()
        with at(journey.day, 12):
            later()
        assert "notice-board" in shown_on(journey.play.record)


def test_what_is_sent_back_waits_for_a_person(bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str) -> None:
    with connected(settings, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        Site.answers = [(422, {"reason": "标题过长\n<script>"})]
        with at(journey.day, 11):
            later()
            later()
        row = Errand.objects.get(record=journey.play.record)
        assert len(Site.came) == 1 and row.state == Errand.REFUSED and row.said == "标题过长<script>"
        assert Task.objects.filter(record=journey.play.record, title__contains="退回").exists()
        with at(journey.day, 12):
            client = signed_in("fc", 1)
            page = client.get("/desk/channels").content.decode()
            assert "标题过长" in page and "<script>标" not in page and f"/desk/channels/again/{row.key}" in page
            assert signed_in("wg", 9).post(f"/desk/channels/again/{row.key}").status_code == 404
            assert client.post(f"/desk/channels/again/{row.key}").status_code == 302
            later()
        assert len(Site.came) == 2 and "notice-board" in shown_on(journey.play.record)
        assert Act.objects.filter(record=journey.play.record, kind="delivery.again").count() == 1


@clause("WG-A7.3", "R1.3-10")
def test_taking_down_reaches_the_connected_channel_and_only_its_receipt_ends_the_duty(
        bodies: dict[str, Any], settings: Any, tmp_path: Path) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    out.mkdir()
    back.mkdir()
    with connected(settings, tmp_path, way="folder", place=str(out), receipts=str(back)):
        journey = own_only(bodies)
        with at(journey.day, 11):
            later()
            sent, = out.glob("*.zip")
            (back / f"{sent.stem}.json").write_text('{"receipt": "公2026-1"}')
            later()
        assert "notice-board" in shown_on(journey.play.record)
        with at(journey.forward(1), 9):
            journey.play.step("publication.withdrawn", cause="wrong", reason=f"{journey.play.party['name']}的信息有误。")
        with at(journey.day, 10):
            journey.play.approve()
        assert Publication.objects.get(record=journey.play.record).state == Publication.WITHDRAWN
        assert list(shown_on(journey.play.record)) == ["notice-board"] == list(ordered_down(journey.play.record))
        with at(journey.day, 11):
            later()
        fresh, = [path for path in out.glob("*.zip") if path.stem != sent.stem]
        order, files = opened(fresh.read_bytes())
        assert order["do"] == "take-down" and files == {} and order["seq"] > opened(sent.read_bytes())[0]["seq"]
        assert journey.play.party["name"] not in order["reason"] and order["cause"] == "wrong"
        assert "notice-board" in shown_on(journey.play.record), "放进目录不等于撤下"
        (back / f"{fresh.stem}.json").write_text('{"receipt": "撤2026-1"}')
        with at(journey.day, 12):
            later()
        assert shown_on(journey.play.record) == {} and ordered_down(journey.play.record) == {}
        assert not duties(journey, "publication/withdrawal", Duty.OPEN) and list(verify_all()) == []


def test_what_may_have_arrived_unconfirmed_is_taken_down_too(bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str) -> None:
    with connected(settings, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        Site.answers = [(202, {})]
        with at(journey.day, 11):
            later()
        with at(journey.day, 12):
            journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
            journey.play.approve()
        assert Errand.objects.get(record=journey.play.record, what=Errand.UP).state == Errand.DROPPED
        with at(journey.day, 13):
            later()
        assert [opened(package)[0]["do"] for _, package in Site.came] == ["show", "take-down"]
        assert ordered_down(journey.play.record) == {}


def test_taking_down_waits_for_an_attempt_that_is_on_its_way(bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str) -> None:
    with connected(settings, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        with at(journey.day, 11):
            up = delivering._begin(Errand.objects.get(record=journey.play.record).pk)
            assert up is not None
            journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
            journey.play.approve()
            planned()
            assert Site.came == []
            assert roads.send(connections.of(up.agency_id)["notice-board"], up.key, b"late").receipt
            with pytest.MonkeyPatch.context() as patch:
                soon = timezone.now() + timedelta(minutes=5)
                patch.setattr(timezone, "now", lambda: soon)
                planned()
        assert [package == b"late" for _, package in Site.came] == [True, False] and ordered_down(journey.play.record) == {}


def test_a_correction_follows_on_the_connected_channel_by_itself(bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str) -> None:
    with connected(settings, tmp_path, way="post", place=site):
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
        act = Act.objects.filter(record=journey.play.record).exclude(kind="publication.sealed").latest("pk")
        assert act.kind == "publication.corrected" and list(verify_all()) == []


def test_a_former_text_must_be_off_a_channel_before_a_new_one_comes(bodies: dict[str, Any], settings: Any, tmp_path: Path) -> None:
    journey = case(bodies, "fc", fine="500").go("published")
    with at(journey.forward(1), 9):
        journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
        journey.play.approve()
        journey.play.propose()
        journey.play.step("publication.approved")
        journey.play.approve()
        journey.play.step("publication.published:decision", channel="own-site")
    assert "还没有撤下" in refused(journey, "publication.published:decision", channel="notice-board", receipt="1")
    do(journey, "publication.withdrawn:confirmed", channel="notice-board", receipt="撤1", hour=11)
    do(journey, "publication.published:decision", channel="notice-board", receipt="发2", hour=12)
    assert shown_on(journey.play.record)["notice-board"] == live(journey)


def test_a_new_text_waits_until_the_former_one_is_off_a_connected_channel(bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str) -> None:
    with connected(settings, tmp_path, way="post", place=site, kinds=["penalty"]):
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
            assert [opened(package)[0]["do"] for _, package in Site.came] == ["show", "take-down", "take-down"]
            later()
            later()
        assert [opened(package)[0]["do"] for _, package in Site.came[3:]] == ["take-down", "show"]
        assert shown_on(journey.play.record)["notice-board"] == live(journey) and ordered_down(journey.play.record) == {}


def test_rules_adopted_before_there_were_orders_end_them_too(bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from mingzheng.records import law

    journey = case(bodies, "fc", fine="500").go("published")
    with at(journey.forward(1), 9):
        journey.play.step("publication.withdrawn", cause="wrong", reason="公示内容有误。")
        journey.play.approve()
    assert list(ordered_down(journey.play.record)) == ["notice-board"]
    void = law.void
    monkeypatch.setattr(law, "void", lambda standing, by: None if standing.kind == "publication.take-down-ordered" else void(standing, by))
    do(journey, "publication.withdrawn:confirmed", channel="notice-board", receipt="撤1", hour=11)
    assert ordered_down(journey.play.record) == {} and shown_on(journey.play.record) == {}


def test_reports_go_to_the_credit_platform_by_themselves(bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str) -> None:
    with connected(settings, tmp_path, way="post", place=site, channel="body/credit-platform", assessed="2026-03-01 第1号"):
        journey = own_only(bodies)
        with at(journey.day, 11):
            later()
        order, files = opened(Site.came[0][1])
        assert order["do"] == "report" and order["file"]["name"].endswith(".xlsx") and len(files) == 1
        assert not [row for row in duties(journey, "credit/report", Duty.OPEN)]
        assert list(shown_on(journey.play.record)) == ["own-site"]


def test_what_a_gate_would_refuse_is_not_sent(bodies: dict[str, Any], settings: Any, tmp_path: Path, site: str) -> None:
    with connected(settings, tmp_path, way="post", place=site):
        journey = own_only(bodies)
        do(journey, "publication.found-wrong", reason="漏写一句。", hour=11)
        with at(journey.day, 12):
            later()
        row = Errand.objects.get(record=journey.play.record)
        assert Site.came == [] and row.state == Errand.OPEN and row.tries == 0 and "审" in row.said


@pytest.mark.parametrize(("line", "said"), [
    ({"way": "post", "place": "http://example.org/in"}, "https"), ({"way": "folder", "place": "/tmp"}, "receipts"),
    ({"channel": "body/credit-platform", "way": "post", "place": "https://x/"}, "影响评估"), ({"way": "fax", "place": "1"}, "way"),
    ({"way": "post", "place": ""}, "place"), ({"way": "post", "place": "https://x/", "extra": 1}, "extra")])
def test_a_connection_that_is_wrong_connects_nothing_and_says_so(
        bodies: dict[str, Any], settings: Any, tmp_path: Path, line: dict[str, Any], said: str) -> None:
    with connected(settings, tmp_path, **line):
        assert connections.of(bodies["fc"].pk) == {} and said in connections.faults()[0]
    settings.CHANNELS = str(tmp_path / "broken.toml")
    (tmp_path / "broken.toml").write_text("[[channel")
    assert connections.of(bodies["fc"].pk) == {} and connections.faults()


def test_what_lies_in_the_exchange_directory_is_not_trusted(tmp_path: Path) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    out.mkdir()
    back.mkdir()
    line = connections.Connection("fc", "notice-board", "folder", str(out), str(back))
    secret = tmp_path / "secret.json"
    secret.write_text('{"receipt": "stolen"}')
    (back / "k1.json").symlink_to(secret)
    assert roads.send(line, "k1", b"x").waiting.startswith("交换目录用不了")
    (back / "k2.json").write_bytes(b"\xff\xfe")
    assert "看不懂" in roads.send(line, "k2", b"x").waiting
    (back / "k3.json").write_text(json.dumps({"receipt": "甲" * 500 + "\x07"}))
    assert roads.send(line, "k3", b"x").receipt == "甲" * 120
    (back / "k4.json").write_text(json.dumps({"refused": "栏目不存在"}))
    assert roads.send(line, "k4", b"x").refused == "栏目不存在"
    assert roads.send(line, "k5", b"x").waiting and (out / "k5.zip").read_bytes() == b"x" and not list(out.glob("*.part"))
    assert roads.send(connections.Connection("fc", "b", "folder", str(tmp_path / "none"), str(back)), "k6", b"x").waiting
