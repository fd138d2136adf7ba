"""Published decisions as plain frozen values. Nothing here reads what was not approved for the
public.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.core.canonical import content_hash
from mingzheng.disclosure.models import ChannelReceipt, ChannelTask, Publication
from mingzheng.disclosure.redaction import heads
from mingzheng.portal import proving, versions
from mingzheng.portal.counting import Count, count
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.duties import Light
from mingzheng.records.models import Duty, EffectiveAct
from mingzheng.records.words import channel_name, plain
from mingzheng.rulebook.naming import kind_name

OWN_SITE = "own-site"
# The topics under which packs speak of publishing: decisions and results, and drawn checks.
PUBLISHING = ("publication/decision", "publication/random")
# Milestones that the public may know: the day and nothing else. (kind, qualifiers or none for any,
# what it is called)
MILESTONES = (
    ("application.received", (), "收到申请"),
    ("application.accepted", (), "受理"),
    ("inspection.started", (), "检查开始"),
    ("inspection.ended", (), "检查结束"),
    ("case.opened", (), "立案"),
    ("investigation.ended", (), "调查终结"),
    ("party.notified", ("penalty",), "告知"),
    ("hearing.held", (), "听证"),
    ("decision.made", (), "作出决定"),
    ("decision.served", (), "送达"),
    ("decision.executed", (), "执行完毕"),
    ("result.formed", (), "形成结果"),
    ("certificate.issued", (), "颁发证件"),
)


@dataclass(frozen=True)
class Line:
    """A publication in a list."""

    code: str
    title: str
    organ: str
    agency: str
    kind: str
    number: str
    on: date
    conclusion: str


@dataclass(frozen=True)
class Channel:
    """A channel on which it was shown, or taken down, with its receipt; `on` None: not yet."""

    name: str
    on: date | None
    receipt: str


@dataclass(frozen=True)
class Until:
    """The last day of publication and where it comes from; without a day, why there is none."""

    on: date | None
    source: str
    text: str


@dataclass(frozen=True)
class Milestone:
    """A stage of the case and its day."""

    name: str
    on: date


@dataclass(frozen=True)
class Proof:
    """Whether the shown text is the approved one and the sealed one; `sealed_on` None: 存证中, or
    older than such proofs.
    """

    same: bool
    approved_on: date | None
    sealed_on: date | None
    provable: bool
    fingerprint: str


@dataclass(frozen=True)
class Item:
    """A public decision."""

    code: str
    title: str
    phrases: tuple[str, ...]
    organ: str
    agency: str
    kind: str
    heads: tuple[str, str, str]
    document: str
    number: str
    decided_on: date
    published_on: date
    party: str
    facts: str
    basis: str
    decision: str
    remedy: str
    until: Until
    light: Light | None
    count: Count | None
    floor: Count | None
    source: str
    milestones: tuple[Milestone, ...]
    channels: tuple[Channel, ...]
    proof: Proof
    versions: tuple[versions.Version, ...]
    files: tuple[tuple[int, str], ...] = ()


def line(row: Publication, agencies: dict[int, Agency]) -> Line:
    """One line of a list, from the frozen body."""
    body = json.loads(row.body)
    return Line(
        row.code,
        row.title,
        body["organ"],
        agencies[row.agency_id].code,
        kind_name(row.kind),
        row.number,
        row.published_on or row.decided_on,
        "、".join(name for name in body.get("penalties") or () if name != "其他"),
    )


def newest(limit: int, agency: Agency | None = None) -> list[Line]:
    """The latest publications."""
    rows = Publication.objects.filter(state=Publication.LIVE)
    if agency is not None:
        rows = rows.filter(agency_id=agency.pk)
    agencies = Agency.objects.in_bulk()
    return [line(row, agencies) for row in rows.order_by("-published_on", "-id")[:limit]]


def item(row: Publication) -> Item:
    """Everything the page of a live publication shows."""
    body = json.loads(row.body)
    duty = own_duty(row, *PUBLISHING)
    assert row.published_on is not None
    return Item(
        row.code,
        row.title,
        phrases(row.title, body["party"]),
        body["organ"],
        Agency.objects.get(pk=row.agency_id).code,
        kind_name(row.kind),
        heads(row.kind),
        body.get("document", ""),
        row.number,
        row.decided_on,
        row.published_on,
        body["party"],
        body["facts"],
        body["basis"],
        body["decision"],
        body.get("remedy", ""),
        until(row),
        _light(duty, row.published_on),
        count(duty.how, row.published_on) if duty else None,
        (
            count(duty.floor["how"], row.published_on)
            if duty and duty.floor and duty.floor.get("how")
            else None
        ),
        plain(duty.source) if duty else "",
        milestones(row),
        channels(row),
        proof(row, body),
        versions.of_line(row),
        tuple((int(each["number"]), str(each["name"])) for each in body.get("files", ())),
    )


def phrases(title: str, party: str) -> tuple[str, ...]:
    """The title cut after the party's name, so that a narrow screen breaks the line there."""
    name = party.split("（")[0]
    head, found, rest = title.partition(name)
    return (head + found, rest) if found and rest else (title,)


def own_duty(row: Publication, *topics: str) -> Duty | None:
    """The duty of these topics on this platform, the one that the publication or withdrawal closed
    first.
    """
    found = (
        Duty.objects.filter(record=row.record_id, topic__in=topics)
        .exclude(state=Duty.VOID)
        .order_by("-pk")
    )
    mine = [duty for duty in found if duty.channel in ("", OWN_SITE, "live")]
    acts = {row.published_by_id, row.withdrawn_by_id}
    return next((duty for duty in mine if duty.closed_by_id in acts), mine[0] if mine else None)


def _light(duty: Duty | None, on: date) -> Light | None:
    if duty is None:
        return None
    if duty.light_due is None:
        return Light("g", "已公示")
    return Light("g", "按期公示") if on <= duty.light_due else Light("r", "逾期公示")


def until(row: Publication) -> Until:
    """Until when it stays: the rule that says so, or that the rules leave it open."""
    regime = law.regime(row.record)
    facts = {**registry.facts_of(row.record), "channel": OWN_SITE}
    on = row.published_on or clock.today()
    for term in regime.terms("publication.published", on, facts, law.calendar()):
        if row.until and term.until == row.until and term.channel in ("", OWN_SITE):
            return Until(row.until, plain(term.source), plain(term.text))
    if row.until:
        return Until(row.until, "", "")
    for open_end in regime.unset():
        if open_end.topic == "publication/term" and (
            OWN_SITE in open_end.channels or not open_end.channels
        ):
            return Until(
                None, plain(open_end.source), f"原文写明按“{open_end.refers_to}”执行，没有写期限"
            )
    return Until(None, "", "本机关的规定没有写期限")


def milestones(row: Publication) -> tuple[Milestone, ...]:
    """The days of the stages, from the acts that still stand."""
    found = EffectiveAct.objects.filter(record=row.record_id, voided_by=None).order_by(
        "happened_at"
    )
    days: dict[str, date] = {}
    for standing in found:
        for kind, ofs, name in MILESTONES:
            if standing.kind == kind and (not ofs or standing.of in ofs):
                days[name] = clock.local(standing.happened_at).date()
    return tuple(Milestone(name, days[name]) for _, _, name in MILESTONES if name in days)


def channels(row: Publication, down: bool = False) -> tuple[Channel, ...]:
    """Channels with their receipts, then those that are still owed."""
    done = ChannelReceipt.objects.filter(publication=row, down=down).order_by("pk")
    found = [Channel(shown_channel(each.channel), each.on, each.receipt) for each in done]
    if down:
        # Told to, not yet confirmed: the public may know that too.
        gone = {each.channel for each in done}
        up = dict.fromkeys(
            ChannelReceipt.objects.filter(publication=row, down=False)
            .order_by("pk")
            .values_list("channel", flat=True)
        )
        found += [Channel(shown_channel(name), None, "") for name in up if name not in gone]
    else:
        owed = Duty.objects.filter(
            record=row.record_id, topic__in=PUBLISHING, state=Duty.OPEN
        ).exclude(channel="")
        late = ChannelTask.objects.filter(
            publication=row, what=ChannelTask.UP, state__in=(ChannelTask.OPEN, ChannelTask.REFUSED)
        )
        names = dict.fromkeys(
            [*owed.values_list("channel", flat=True), *late.values_list("channel", flat=True)]
        )
        found += [Channel(shown_channel(name), None, "") for name in names]
    return tuple(found)


def shown_channel(code: str) -> str:
    """本平台 for our own site, else the name of the channel."""
    return "本平台" if code == OWN_SITE else channel_name(code)


def proof(row: Publication, body: dict[str, Any]) -> Proof:
    """Recomputed at every reading: the text, its fingerprint, and what the approval bound."""
    approved, published = row.approved_by, row.published_by
    assert approved is not None and published is not None
    act = proving.act_of_publication(row)
    sealed = proving.sealed(act)
    same = content_hash(body) == row.text_hash == approved.subject == published.subject
    same = same and (act is None or sealed is not None and sealed.sha256 == row.text_hash)
    return Proof(
        same,
        clock.local(approved.happened_at).date(),
        sealed.on if sealed else None,
        sealed is not None,
        row.text_hash,
    )
