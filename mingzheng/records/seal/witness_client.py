"""Asking the witnesses: our newest head goes to each, what they sign is verified and kept; the
sealer publishes it.

A witness that is down, answers rubbish or claims what it cannot show is complained of and
otherwise ignored. One that shows a head which our own key signed and which we no longer know
stops the sealer: then our data are an old backup.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from mingzheng.core import clock
from mingzheng.core.ledger.checkpoint import DECIMAL, opened
from mingzheng.core.ledger.notes import Note, NoteFault, b64, read_line
from mingzheng.core.ledger.tiles import Directory, Missing, Tiles
from mingzheng.core.ledger.tree import consistency
from mingzheng.records.models import Cosignature, Head, WitnessState
from mingzheng.records.seal import keys, policy
from mingzheng.records.seal.policy import Witness
from mingzheng.records.unit import work

TIMEOUT = 5.0
LIMIT = 1 << 18


class Trouble(Exception):
    """What a witness did instead of signing, in Chinese."""


@dataclass(frozen=True)
class Reply:
    """Status and body of an HTTP answer."""

    status: int
    body: bytes


def ask_all() -> None:
    """Submit the newest head to every witness that has not signed it."""
    head = Head.objects.order_by("-size").first()
    for witness in policy.read().witnesses:
        if (
            head is not None
            and not Cosignature.objects.filter(head=head, witness=witness.name).exists()
        ):
            ask(witness, head)


def ask(witness: Witness, head: Head) -> None:
    """Submit one head to one witness; what came of it is in WitnessState."""
    known = WitnessState.objects.filter(pk=witness.name).first()
    shown = known.shown if known else ""
    size = known.size if known else 0
    try:
        size, lines = _submit(witness, head, size)
        _keep(witness, head, lines)
        trouble = ""
    except Trouble as fault:
        trouble = str(fault)
        shown = look(witness) or shown
    WitnessState.objects.update_or_create(
        pk=witness.name,
        defaults={"size": size, "asked_at": clock.now(), "trouble": trouble, "shown": shown},
    )


def look_around() -> None:
    """Before the sealer begins: has a witness seen a head of ours that we no longer know?"""
    for witness in policy.read().witnesses:
        if shown := look(witness):
            WitnessState.objects.update_or_create(
                pk=witness.name, defaults={"asked_at": clock.now(), "shown": shown}
            )


def look(witness: Witness) -> str:
    """The head of ours that the witness can show, when our key signed it and our record does not
    have it; else empty.
    """
    key = keys.verifier()
    if key is None:
        return ""
    try:
        reply = _call(f"{witness.url}/{hashlib.sha256(key.name.encode()).hexdigest()}/checkpoint")
        theirs, note = opened(reply.body, key)
    except (Trouble, NoteFault):
        return ""
    own = Head.objects.filter(pk=theirs.size).values_list("root", flat=True).first()
    return "" if theirs.size == 0 or own is not None and bytes(own) == theirs.root else str(note)


def _submit(witness: Witness, head: Head, old: int) -> tuple[int, str]:
    """The witness's size afterwards, and its signature lines. Trouble when there are none."""
    for _ in range(2):
        reply = _call(f"{witness.url}/add-checkpoint", _body(head, old))
        if reply.status == 200:
            return head.size, reply.body.decode(errors="replace")
        if reply.status != 409:
            break
        text = reply.body.decode(errors="replace").strip()
        if not DECIMAL.fullmatch(text):
            raise Trouble("答复读不通")
        old = int(text)
        if old > head.size:
            raise Trouble(f"对方称已见证到 {old} 条，多于本机的 {head.size} 条")
    raise Trouble(
        {
            403: "对方不认可本机的签名",
            404: "对方没有登记本机的日志",
            422: "对方称本机的检查点与此前见证的不一致",
            409: "对方的记录一直在变，下次再试",
        }.get(reply.status, f"对方回答 {reply.status}")
    )


def _body(head: Head, old: int) -> bytes:
    old = min(old, head.size)
    try:
        path = consistency(Tiles(Directory(Path(settings.LOG)), head.size), old, head.size)
    except Missing as fault:
        raise Trouble(f"本机的日志文件不完整：{fault}") from fault
    return "".join([f"old {old}\n", *(f"{b64(step)}\n" for step in path), "\n", head.note]).encode()


def _keep(witness: Witness, head: Head, lines: str) -> None:
    """Keep the witness's own line, verified; whatever else it sent is ignored."""
    for row in lines.split("\n"):
        try:
            line = read_line(row)
            if (line.name, line.id) != (witness.key.name, witness.key.id):
                continue
            moment = Note.read(head.note).with_lines((line,)).check(witness.key)
        except NoteFault:
            continue
        with work():
            Cosignature.objects.get_or_create(
                head=head,
                witness=witness.name,
                defaults={
                    "line": str(line),
                    "stamped_at": datetime.fromtimestamp(min(moment, 1 << 36), clock.ZONE),
                },
            )
        return
    raise Trouble("答复里没有能核对的见证签名")


def _call(url: str, body: bytes | None = None) -> Reply:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data=body), timeout=TIMEOUT
        ) as answer:
            return Reply(answer.status, answer.read(LIMIT))
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.read(LIMIT))
    except (OSError, ValueError) as error:
        raise Trouble("连不上") from error


def lag(witness: str) -> tuple[int, datetime | None]:
    """How many entries of the newest head the witness has not signed, and when it last signed."""
    newest = Head.objects.order_by("-size").values_list("size", flat=True).first() or 0
    last = Cosignature.objects.filter(witness=witness).order_by("-head_id").first()
    return (newest - last.head_id, last.stamped_at) if last else (newest, None)
