"""As a witness: the answers of the protocol. Asking witnesses: those who are down, talk rubbish or
say that we forked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from mingzheng.core.ledger.checkpoint import Checkpoint
from mingzheng.core.ledger.notes import Note, Signer, Verifier, b64, read_line
from mingzheng.core.ledger.suite import EMPTY
from mingzheng.core.ledger.tiles import Directory, Tiles
from mingzheng.core.ledger.tree import consistency, span
from mingzheng.core.ledger.writing import Log
from mingzheng.records.models import Cosignature, WitnessedLog, WitnessState
from mingzheng.records.seal import keys, policy, reading, scrutiny, seal_pending, witness_client
from mingzheng.records.seal.rollback_guard import SealRefused
from tests.ledger.building import KEY, WITNESS, act, entry, log_of


@pytest.fixture
def theirs(ledger: Path, tmp_path: Path) -> Log:
    """Somebody else's log of 300 entries, which this installation witnesses."""
    (ledger / "witnesses.toml").write_text(
        f'[[log]]\nname = "某县"\nvkey = "{KEY.verifier}"\n', encoding="utf-8"
    )
    return log_of(tmp_path / "theirs", 300)


def body(
    log: Log,
    old: int,
    size: int,
    *,
    key: Signer = KEY,
    root: bytes | None = None,
    path: list[bytes] | None = None,
) -> str:
    """A submission as the protocol writes it."""
    nodes = Tiles(Directory(log.folder), log.size)
    text = Checkpoint(KEY.name, size, root or span(nodes, 0, size)).text
    steps = consistency(nodes, old, size) if path is None else path
    return "".join(
        [
            f"old {old}\n",
            *(f"{b64(step)}\n" for step in steps),
            "\n",
            str(Note(text, (key.sign(text),))),
        ]
    )


def submit(text: str) -> Any:
    """POST it."""
    return Client().post("/witness/add-checkpoint", data=text.encode(), content_type="text/plain")


def test_a_consistent_head_is_cosigned(theirs: Log) -> None:
    for old, size in ((0, 100), (100, 256), (256, 300), (300, 300)):
        answer = submit(body(theirs, old, size))
        assert answer.status_code == 200, answer.content.decode()
        key = Verifier.read(Client().get("/witness/vkey").content.decode())
        text = Checkpoint(KEY.name, size, span(Tiles(Directory(theirs.folder), 300), 0, size)).text
        assert (
            Note(text, (read_line(answer.content.decode().rstrip("\n")),)).check(key)
            > 1_700_000_000
        )
    shown = Client().get(f"/witness/{hashlib.sha256(KEY.name.encode()).hexdigest()}/checkpoint")
    assert shown.status_code == 200
    assert (
        Note.read(shown.content).check(KEY.verifier) == 0
        and Note.read(shown.content).check(key) > 0
    )


def test_a_size_that_is_not_the_last_one_is_a_conflict(theirs: Log) -> None:
    assert submit(body(theirs, 0, 100)).status_code == 200
    for old in (0, 50):
        answer = submit(body(theirs, old, 300))
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (
            409,
            b"100\n",
            "text/x.tlog.size",
        )
    assert WitnessedLog.objects.get().size == 100


def test_a_head_that_does_not_follow_is_not_cosigned_and_kept_as_evidence(theirs: Log) -> None:
    assert submit(body(theirs, 0, 100)).status_code == 200
    other = body(theirs, 100, 200, root=bytes(32))
    assert submit(other).status_code == 422
    assert submit(body(theirs, 100, 100, root=bytes(32))).status_code == 422
    row = WitnessedLog.objects.get()
    assert row.size == 100 and Note.read(row.forked).check(KEY.verifier) == 0
    assert any("不一致的检查点" in line for line in scrutiny.complaints())


def test_proofs_where_none_belongs_and_trees_that_are_not_empty_are_refused(theirs: Log) -> None:
    assert submit(body(theirs, 0, 100, path=[bytes(32)])).status_code == 422
    assert submit(body(theirs, 0, 0, root=bytes(32))).status_code == 422
    assert submit(body(theirs, 0, 0, root=EMPTY)).status_code == 200


def test_who_is_unknown_and_who_did_not_sign_is_told_apart(theirs: Log, ledger: Path) -> None:
    stranger = Signer(KEY.name, 1, bytes(32))
    assert submit(body(theirs, 0, 100, key=stranger)).status_code == 403
    good = body(theirs, 0, 100)
    assert submit(good.replace("\n100\n", "\n101\n")).status_code == 403
    (ledger / "witnesses.toml").write_text("", encoding="utf-8")
    assert submit(good).status_code == 404
    assert Client().get(f"/witness/{'0' * 64}/checkpoint").status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "old 1",
        "old 01\n\n",
        "old -1\n\nx",
        "new 0\n\n",
        "old 0\n!!\n\n",
        "old 0\nAAAA\n\n",
        "old 0\n" + "A" * 43 + "=\n" * 64 + "\n",
    ],
)
def test_what_is_not_a_submission_is_bad(ledger: Path, bad: str) -> None:
    assert submit(bad).status_code == 400


def test_an_old_size_above_the_new_one_and_too_much_are_bad(theirs: Log) -> None:
    assert submit(body(theirs, 0, 100).replace("old 0", "old 101")).status_code == 400
    # Refused by what it announces, before it is read.
    assert submit("x" * 300_000).status_code == 413
    assert Client().get("/witness/add-checkpoint").status_code == 405


# What follows is the other side: we ask.


@contextmanager
def answering(reply: Callable[[str, bytes], tuple[int, bytes]]) -> Iterator[str]:
    """A web server that answers as told: (path, body) → (status, body)."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            status, found = reply(
                self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0))
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        do_GET = do_POST = _answer

        def log_message(self, *_: Any) -> None:
            self.close_connection = True

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def trust(url: str) -> None:
    """Write the policy: one witness, the judicial bureau."""
    (Path(settings.DATA) / "witnesses.toml").write_text(
        f'quorum = 1\n[[witness]]\nname = "市司法局"\nurl = "{url}"\nvkey ='
        f' "{WITNESS.verifier}"\nrole = "judicial"\n',
        encoding="utf-8",
    )


@pytest.fixture
def own(bodies: dict[str, Any], ledger: Path) -> Any:
    """Our own record, sealed."""
    seal_pending()
    return bodies["wg"].record


def complaint() -> str:
    """What the doctor says of the ledger."""
    return "\n".join(scrutiny.complaints())


def honest(path: str, sent: bytes) -> tuple[int, bytes]:
    """A witness that signs whatever comes."""
    text = Note.read(sent.decode().partition("\n\n")[2]).text
    return 200, f"— unknown.example AAAAAAA=\n{WITNESS.sign(text, 1_790_000_000)}".encode()


def test_cosignatures_are_kept_and_the_sealer_publishes_them(own: Any) -> None:
    one = act(own)
    seal_pending()
    with answering(honest) as url:
        trust(url)
        witness_client.ask_all()
        witness_client.ask_all()
    assert Cosignature.objects.count() == 1 and complaint() == ""
    seal_pending()
    note = Note.read((Path(settings.LOG) / "checkpoint").read_bytes())
    assert note.check(WITNESS.verifier) == 1_790_000_000 and len(note.lines) == 2
    act(own)
    seal_pending()
    assert WITNESS.name in reading.proof(one)


def test_a_witness_that_is_down_holds_nothing_up(own: Any) -> None:
    trust("http://127.0.0.1:9")
    witness_client.ask_all()
    assert "市司法局”没有见证：连不上" in complaint()
    act(own)
    assert seal_pending() > 0


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ((200, b"\xff\x00 rubbish"), "没有能核对的见证签名"),
        ((200, b""), "没有能核对的见证签名"),
        ((409, b"many\n"), "读不通"),
        ((500, b""), "对方回答 500"),
        ((404, b""), "没有登记"),
        ((403, b""), "不认可"),
        ((422, b""), "不一致"),
        ((409, b"99999999\n"), "对方称已见证到 99999999 条"),
    ],
)
def test_a_witness_that_answers_rubbish_is_complained_of_and_stops_nothing(
    own: Any, reply: tuple[int, bytes], words: str
) -> None:
    with answering(lambda *_: reply) as url:
        trust(url)
        witness_client.ask_all()
    assert words in complaint() and not Cosignature.objects.exists()
    act(own)
    assert seal_pending() > 0


def test_a_signature_over_something_else_is_not_kept(own: Any) -> None:
    with answering(lambda *_: (200, str(WITNESS.sign("another text\n", 1)).encode())) as url:
        trust(url)
        witness_client.ask_all()
    assert not Cosignature.objects.exists() and "没有能核对的见证签名" in complaint()


def test_a_witness_that_shows_our_own_newer_head_stops_the_sealer(own: Any) -> None:
    signer = keys.ledger(begun=True)
    text = Checkpoint(signer.name, 10_000_000, bytes(32)).text
    shown = str(Note(text, (signer.sign(text),))).encode()
    with answering(
        lambda path, _: (200, shown) if path.endswith("/checkpoint") else (409, b"10000000\n")
    ) as url:
        trust(url)
        witness_client.look_around()
    assert WitnessState.objects.get().shown
    act(own)
    with pytest.raises(SealRefused, match="出示了本机签过的 10000000 条"):
        seal_pending()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("quorum = 1", "quorum"),
        ("[[witness", "读不出来"),
        ('[[witness]]\nname = "x"', "缺少"),
        ('[[log]]\nvkey = "x"', "不是公钥"),
        (f'[[log]]\nvkey = "{WITNESS.verifier}"', "类型不对"),
    ],
)
def test_a_policy_that_cannot_be_used_says_why(ledger: Path, text: str, words: str) -> None:
    (ledger / "witnesses.toml").write_text(text, encoding="utf-8")
    with pytest.raises(policy.PolicyFault, match=words):
        policy.read()
    assert words in complaint()


def test_entries_are_the_same_in_every_run() -> None:
    assert entry(1) == entry(1) != entry(2)
