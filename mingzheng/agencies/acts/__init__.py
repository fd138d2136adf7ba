"""Found an agency, adopt its rules, appoint people, certify them, open and close their accounts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from mingzheng.agencies.models import (
    Account,
    Agency,
    Certificate,
    Grant,
    Person,
    Post,
    Unit,
)
from mingzheng.agencies.separation import LAW, clash
from mingzheng.core import clock, regimes
from mingzheng.records import acts as record_acts
from mingzheng.records.actors import Actor
from mingzheng.records.acts import Entry
from mingzheng.records.models import Act, AdoptedPack, Record
from mingzheng.records.refusal import refuse
from mingzheng.records.unit import work


def found(name: str, **fields: Any) -> Agency:
    """《行政处罚法》第十七条至第二十四条: register a body with the record that its own affairs go
    on.
    """
    with work():
        agency = Agency.objects.create(name=name, **fields)
        record, _ = record_acts.open_record(
            None,
            title=name,
            kind="agency",
            state="open",
            pack="",
            agency_id=agency.pk,
            entry=Entry(
                kind="agency.founded",
                content={"name": name, "kind": agency.kind, "basis": agency.basis},
            ),
        )
        agency.record = record
        agency.save(update_fields=["record"])
        return agency


def affairs(agency: Agency) -> Record:
    """The locked record of the agency's own affairs."""
    assert agency.record_id is not None
    return record_acts.lock(agency.record_id)


def adopt_pack(agency: Agency, by: Actor | None, pack: str, law: Path) -> AdoptedPack:
    """国办发〔2018〕118号: the agency adopts a rule pack; the text of its whole chain is kept and
    judges from now on.
    """
    regime = regimes.load([law]).regime(pack)
    chain = {each.id for each in regime.chain}
    files = {
        str(path.relative_to(law)): path.read_text(encoding="utf-8")
        for path in sorted(law.rglob("*.toml"))
        if tomllib.loads(path.read_text(encoding="utf-8")).get("pack", {}).get("id") in chain
    }
    with work():
        act = record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind="pack.adopted",
                of=pack,
                content={"pack": pack, "version": regime.version, "files": sorted(files)},
            ),
        )
        made: AdoptedPack = AdoptedPack.objects.create(
            agency_id=agency.pk,
            pack=pack,
            version=regime.version,
            files=files,
            act=act,
            adopted_at=clock.now(),
        )
        return made


def note_export(
    agency: Agency,
    by: Actor,
    what: str,
    rows: int,
    of: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Act:
    """《个人信息保护法》第五十一条: a table with personal data leaves the house; who took it, what
    and how many rows is on the record.

    `of` tells exports of one sort apart, `detail` keeps what else is known of the file (period,
    tables, fingerprint).
    """
    with work():
        return record_acts.append(
            affairs(agency),
            by,
            Entry(
                kind="data.exported", of=of, content={**(detail or {}), "what": what, "rows": rows}
            ),
        )


def note_receipt(agency: Agency, by: Actor, export: int, receipt: str, note: str) -> Act:
    """国办发〔2018〕118号 五: what a platform answered to a file that was taken for it; the newest
    answer counts, none is lost.
    """
    if not receipt:
        raise refuse("请填平台给的回执号；没有回执号的，写平台显示的接收结果。", field="receipt")
    with work():
        record = affairs(agency)
        if not Act.objects.filter(record=record, pk=export, kind="data.exported").exists():
            raise refuse("没有这一次导出，不能登记回执。请从导出记录里选。")
        return record_acts.append(
            record,
            by,
            Entry(
                kind="export.receipted",
                subject=str(export),
                content={"receipt": receipt, "note": note},
            ),
        )


def add_unit(agency: Agency, name: str, role: str) -> Unit:
    """《地方各级人民政府机构设置和编制管理条例》第十条: a section of the body and what it is to
    the rules.
    """
    return Unit.objects.create(agency=agency, name=name, role=role)


def add_person(name: str, legal_qualification: str = "") -> Person:
    """《行政处罚法》第五十八条第二款: a person, with the legal qualification that first-time
    reviewers need.
    """
    return Person.objects.create(name=name, legal_qualification=legal_qualification)


def appoint(person: Person, unit: Unit, title: str, roles: list[str], since: date) -> Post:
    """《公务员法》: put a person into a post with the roles the agency binds to it."""
    if said := clash(roles):
        raise refuse(f"{person.name}：{said}", LAW, title="没有任职")
    return Post.objects.create(
        person=person, agency=unit.agency, unit=unit, title=title, roles=roles, since=since
    )


def end_post(post: Post, by: Actor, on: date) -> Act:
    """《公务员法》: the person leaves this post after `on`; whoever asks has seen to what he
    handled.
    """
    with work():
        act = record_acts.append(
            affairs(post.agency),
            by,
            Entry(
                kind="post.ended",
                subject=str(post.pk),
                content={"person": post.person.name, "title": post.title, "until": on},
            ),
        )
        post.until = on
        post.save(update_fields=["until"])
        return act


def certify(
    person: Person, agency: Agency, number: str, scope: list[str], since: date, until: date
) -> Certificate:
    """《行政处罚法》第四十二条: register an enforcement certificate."""
    return Certificate.objects.create(
        person=person,
        agency=agency,
        number=number,
        scope=scope,
        region=agency.region,
        since=since,
        until=until,
    )


def renew(certificate: Certificate, scope: list[str], since: date, until: date) -> Certificate:
    """《行政处罚法》第四十二条: the same certificate runs for another time or covers other
    matters.
    """
    certificate.scope, certificate.since, certificate.until = scope, since, until
    certificate.save(update_fields=["scope", "since", "until"])
    return certificate


def open_account(person: Person, login: str, password_hash: str, first: bool = False) -> Account:
    """《网络安全法》第二十一条: one account a person, with the hash of a password; a first one is
    changed at once.
    """
    return Account.objects.create(
        login=login, person=person, password=password_hash, must_change=first
    )


def grant(by: Actor, record: Record, person: Person, since: date, until: date, why: str) -> Grant:
    """《行政处罚法》第四十三条: let one person see one record for some days, for a reason."""
    if "head" not in by.roles or by.agency_id != record.agency_id:
        raise refuse("授予查看权限由本机关主要负责人办理。", title="您不能办理这一步")
    with work():
        locked = record_acts.lock(record.pk)
        act = record_acts.append(
            locked,
            by,
            Entry(
                kind="grant.made",
                of="view",
                subject=str(person.pk),
                content={"why": why, "since": since, "until": until},
            ),
        )
        return Grant.objects.create(
            record=locked,
            agency_id=locked.agency_id,
            person=person,
            since=since,
            until=until,
            why=why,
            act=act,
        )
