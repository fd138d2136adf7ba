"""What outsiders may hold against the ledger: publications, papers, heads, witnesses, time stamps.
Plain frozen values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mingzheng.core import clock
from mingzheng.core.canonical import canonical, commitment
from mingzheng.core.ledger.notes import NATIONAL, Note, read_line
from mingzheng.disclosure.models import Publication
from mingzheng.documents.models import Document
from mingzheng.records.acts import committed
from mingzheng.records.models import Act, Cosignature, Head, TimeStamp
from mingzheng.records.seal import keys, policy
from mingzheng.records.seal.reading import seals

STAMPS_SHOWN = 7


@dataclass(frozen=True)
class Sealed:
    """An act that opens something to the public: since when it is sealed (None: 存证中), and the
    SHA-256 it names.
    """

    act: int
    on: date | None
    sha256: str


@dataclass(frozen=True)
class WitnessHead:
    """The newest head that a witness cosigned: `note` carries its line; all empty before the
    first.
    """

    name: str
    role: str
    vkey: str
    size: int
    at: datetime | None
    age: str
    note: str


@dataclass(frozen=True)
class Stamped:
    """A daily time stamp over a head."""

    id: int
    authority: str
    at: datetime
    size: int


@dataclass(frozen=True)
class Ledger:
    """The ledger as it stands: public key, SM2 key where it has one, newest head, witnesses with
    the quorum asked of them, time stamps.
    """

    vkey: str
    sm2_vkey: str
    origin: str
    size: int
    signed_at: datetime | None
    note: str
    witnesses: tuple[WitnessHead, ...]
    quorum: int
    stamps: tuple[Stamped, ...]


def act_of_publication(row: Publication) -> Act | None:
    """The act that opens a publication, or its withdrawal; None for one older than such acts."""
    of = "withdrawn" if row.state == Publication.WITHDRAWN else "published"
    return _act(row.record_id, "publication.sealed", row.code, of)


def settled(row: Publication) -> bool:
    """Whether its page will say the same tomorrow: the act that opens it is under a signed head,
    or there is none.
    """
    act = act_of_publication(row)
    return act is None or bool(seals([act.pk])[act.pk])


def act_of_paper(made: Document) -> Act | None:
    """The act that opens a paper's PDF; None while it is being made."""
    return _act(made.record_id, "document.rendered", str(made.pk), made.kind)


def _act(record: int, kind: str, subject: str, of: str) -> Act | None:
    found: Act | None = (
        Act.objects.select_related("content")
        .filter(record=record, kind=kind, subject=subject, of=of)
        .order_by("-pk")
        .first()
    )
    return found


def sealed(act: Act | None) -> Sealed | None:
    """What the act names and since when; None where it is missing, erased or not what was
    committed to.
    """
    if act is None or not hasattr(act, "content"):
        return None
    content = json.loads(act.content.body)
    if commitment(bytes(act.content.salt), canonical(committed(act, content))) != bytes(
        act.commitment
    ):
        return None
    seal = seals([act.pk])[act.pk]
    return Sealed(
        act.pk, clock.local(seal.signed_at).date() if seal else None, str(content.get("sha256", ""))
    )


def ledger() -> Ledger:
    """Everything the verification page shows of the ledger; PolicyFault when witnesses.toml cannot
    be used.
    """
    wanted, key = policy.read(), keys.verifier()
    head = Head.objects.order_by("-size").first()
    stamps = TimeStamp.objects.select_related("head").order_by("-stamped_at")[:STAMPS_SHOWN]
    return Ledger(
        str(key or ""),
        str(keys.verifier(NATIONAL) or ""),
        key.name if key else "",
        head.size if head else 0,
        clock.local(head.signed_at) if head else None,
        _note(head) if head else "",
        tuple(_witness(each) for each in wanted.witnesses),
        wanted.quorum,
        tuple(
            Stamped(each.pk, each.authority, clock.local(each.stamped_at), each.head.size)
            for each in stamps
        ),
    )


def _note(head: Head, *witnesses: str) -> str:
    rows = head.cosignatures.order_by("pk")
    lines = rows.filter(witness__in=witnesses) if witnesses else rows
    return str(
        Note.read(head.note).with_lines(tuple(read_line(each.line.rstrip("\n")) for each in lines))
    )


def note_of(size: int) -> str | None:
    """The signed head of this size with its cosignatures; None where there is none."""
    head = Head.objects.filter(pk=size).first()
    return None if head is None else _note(head)


def _witness(each: policy.Witness) -> WitnessHead:
    row = (
        Cosignature.objects.select_related("head")
        .filter(witness=each.name)
        .order_by("-head__size")
        .first()
    )
    if row is None:
        return WitnessHead(
            each.name, policy.WITNESS_ROLES[each.role], str(each.key), 0, None, "", ""
        )
    return WitnessHead(
        each.name,
        policy.WITNESS_ROLES[each.role],
        str(each.key),
        row.head.size,
        clock.local(row.stamped_at),
        _age(clock.now() - row.stamped_at),
        _note(row.head, each.name),
    )


def _age(since: timedelta) -> str:
    minutes = max(0, int(since.total_seconds() // 60))
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f"{minutes} 分钟前"
    return f"{minutes // 60} 小时前" if minutes < 48 * 60 else f"{minutes // 1440} 天前"
