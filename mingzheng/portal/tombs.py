"""What stays of a withdrawn publication: when, why, by which rule. No content, ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from mingzheng.agencies.models import Agency
from mingzheng.disclosure import redaction
from mingzheng.disclosure.forms.publishing import WithdrawForm
from mingzheng.disclosure.models import Publication
from mingzheng.portal import versions
from mingzheng.portal.counting import count
from mingzheng.portal.reading import OWN_SITE, Channel, channels, own_duty
from mingzheng.procedures import registry
from mingzheng.records import law
from mingzheng.records.duties import Light
from mingzheng.records.models import Duty
from mingzheng.records.words import plain
from mingzheng.rulebook.naming import kind_name

TERM_ENDED = "term-ended"
# What happened to the decision or the text, by the cause the officer chose.
HAPPENED = {
    "revoked": "decision.revoked",
    "altered": "decision.altered",
    "unlawful": "decision.confirmed-unlawful",
    "invalid": "decision.confirmed-invalid",
    "redo": "decision.ordered-redone",
    "wrong": "publication.found-wrong",
}
TOPICS = ("publication/withdrawal", "publication/correction")


@dataclass(frozen=True)
class Tomb:
    """A withdrawn publication as the public may know it."""

    code: str
    organ: str
    agency: str
    kind: str
    document: str
    number: str
    cause: str
    reason: str
    rules: tuple[tuple[str, str], ...]
    published_on: date
    withdrawn_on: date
    learnt_on: date | None
    light: Light | None
    channels: tuple[Channel, ...]
    successor: str
    replaced: bool = False
    changed: tuple[str, ...] = ()


def tomb(row: Publication) -> Tomb:
    """The tombstone of a withdrawn publication."""
    body = json.loads(row.body)
    duty = own_duty(row, "publication/withdrawal")
    assert (
        row.published_on is not None
        and row.withdrawn_on is not None
        and row.withdrawn_by is not None
    )
    done = duty if row.withdrawn_by.of in HAPPENED else None
    counted = count(done.how, row.withdrawn_on) if done else None
    next_one = Publication.objects.filter(
        record=row.record_id, state=Publication.LIVE, pk__gt=row.pk
    ).first()
    replaced = row.state == Publication.REPLACED
    later = (
        next(
            (
                each
                for each in versions.of_line(row)
                if each.on >= row.withdrawn_on and each.code != row.code
            ),
            None,
        )
        if replaced
        else None
    )
    cause = (
        "公示内容有误，已经更正"
        if replaced
        else causes().get(row.withdrawn_by.of, row.withdrawn_by.of)
    )
    return Tomb(
        row.code,
        body["organ"],
        Agency.objects.get(pk=row.agency_id).code,
        kind_name(row.kind),
        body.get("document", ""),
        row.number,
        cause,
        said(row),
        tuple((plain(source), plain(text)) for source, text in rules(row, done)),
        row.published_on,
        row.withdrawn_on,
        counted.start if counted else None,
        _light(done, row),
        channels(row, down=True),
        next_one.code if next_one else "",
        replaced,
        later.changed if later else (),
    )


def causes() -> dict[str, str]:
    """The causes as the officer chooses them."""
    return {str(key): str(name) for key, name in WithdrawForm.base_fields["cause"].choices}  # type: ignore[attr-defined]


def said(row: Publication) -> str:
    """The reason for the public; a party's own data that slipped into it is covered."""
    return redaction.hidden(row.record, row.reason)


def rules(row: Publication, duty: Duty | None) -> tuple[tuple[str, str], ...]:
    """(article, what it says): the duty that was fulfilled, or the rule that the cause goes by."""
    if duty is not None:
        found = [(duty.source, duty.text)]
        if duty.floor:
            found.append((str(duty.floor["source"]), str(duty.floor.get("text", ""))))
        return tuple(found)
    regime, facts = law.regime(row.record), {**registry.facts_of(row.record), "channel": OWN_SITE}
    assert row.withdrawn_by is not None and row.withdrawn_on is not None
    if row.withdrawn_by.of == TERM_ENDED:
        terms = regime.terms(
            "publication.published", row.published_on or row.withdrawn_on, facts, law.calendar()
        )
        return tuple((term.source, term.text) for term in terms if term.channel in ("", OWN_SITE))
    facts["holds"] = ["publication.published"]
    act = (
        "publication.found-wrong"
        if row.state == Publication.REPLACED
        else HAPPENED.get(row.withdrawn_by.of)
    )
    owed = regime.owed(act, row.withdrawn_on, facts, law.calendar()) if act else []
    return tuple(dict.fromkeys((each.source, each.text) for each in owed if each.topic in TOPICS))


def _light(duty: Duty | None, row: Publication) -> Light | None:
    if duty is None or duty.light_due is None or row.withdrawn_on is None:
        return None
    how = duty.floor["how"] if duty.floor and duty.floor.get("how") else duty.how
    counted = count(how, row.withdrawn_on)
    if counted is None or counted.nth is None:
        return (
            Light("g", "期限内撤下")
            if row.withdrawn_on <= duty.light_due
            else Light("r", "逾期撤下")
        )
    day = f"第 {counted.nth} 个工作日撤下" if counted.nth else "当日撤下"
    return Light("g", f"{day}，期限 {counted.number} 个工作日")
