"""On a channel: the approved text and no other, with the term that its rules give it there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mingzheng.core import clock
from mingzheng.disclosure import covering
from mingzheng.disclosure.access import OWN, newest, ordered_down, shown_on
from mingzheng.disclosure.acts import errands, terms
from mingzheng.disclosure.acts.withholding import require_not_withheld
from mingzheng.disclosure.channels import connections
from mingzheng.disclosure.forms.publishing import PublishForm, TransmitForm
from mingzheng.disclosure.models import ChannelReceipt, Errand, Publication
from mingzheng.pages import acts as page_acts
from mingzheng.procedures.doing import Doing
from mingzheng.procedures.registry import verb
from mingzheng.records import acts as record_acts
from mingzheng.records import store
from mingzheng.records.models import Act, ActContent, Record, Standing
from mingzheng.records.refusal import refuse

LAW48 = "《行政处罚法》第四十八条"


@verb("publication.published:public", PublishForm)
def publish(doing: Doing) -> Act:
    """《行政处罚法》第四十八条第一款: the approved text goes public on a channel; its term is
    computed.
    """
    require_not_withheld(doing.record)
    live, fresh = newest(doing.record, Publication.LIVE), newest(doing.record, Publication.APPROVED)
    if fresh is None:
        return _elsewhere(doing, live)
    # A newer page takes the place of the one that is public; a decision is corrected by its own
    # act.
    if live is not None and (fresh.form != "page" or doing.data["channel"] != OWN):
        return _elsewhere(doing, live)
    return _here(doing, live, fresh)


def _here(doing: Doing, live: Publication | None, fresh: Publication) -> Act:
    """The approved text goes live on this platform, in the place of an older one, and on to every
    channel that is to show it.
    """
    if doing.data["channel"] != OWN:
        raise refuse("请先在本平台发布，再登记其他渠道的回执。", LAW48)
    require_not_ordered_down(doing.record, OWN)
    require_approved(doing.record, fresh)
    require_covered(doing.record, fresh)
    act = _shown(doing, fresh)
    if live is not None:
        supersede(live, act, "有新的版本")
        doing.append(
            kind="page.updated", of="", subject=fresh.text_hash, content={"code": fresh.code}
        )
    go_live(doing.record, fresh, act)
    up(doing.record, fresh, OWN, doing.data["receipt"], act)
    to_the_others(doing.record, fresh, act)
    return act


def _elsewhere(doing: Doing, live: Publication | None) -> Act:
    """What is live here stands on another channel too, as its receipt says."""
    channel = doing.data["channel"]
    if live is None:
        raise refuse("没有批准过的公示稿。未经审批不得发布。", LAW48)
    shown = shown_on(doing.record).get(channel)
    if shown is not None and shown.pk == live.pk:
        raise refuse("这个渠道已经发布过了。", LAW48)
    require_not_ordered_down(doing.record, channel)
    require_covered(doing.record, live)
    act = _shown(doing, live)
    up(doing.record, live, channel, doing.data["receipt"], act)
    return act


def _shown(doing: Doing, found: Publication) -> Act:
    channel, receipt = doing.data["channel"], doing.data["receipt"]
    return doing.append(
        subject=found.text_hash,
        attrs={"channel": channel},
        content={
            "text_hash": found.text_hash,
            "channel": channel,
            "receipt": receipt,
            "code": found.code,
        },
    )


def require_not_ordered_down(record: Record, channel: str) -> None:
    """Refused while the channel has not confirmed that it took the former text down."""
    if channel in ordered_down(record):
        raise refuse("这个渠道上原来的内容还没有撤下。请先登记它的撤下回执。", f"{LAW48}第二款")


def require_approved(record: Record, found: Publication) -> None:
    """Refused unless the newest approval that stands is of this very text."""
    approved = Standing.objects.filter(
        record=record, kind="publication.approved", voided_by=None
    ).last()
    if approved is None or approved.subject != found.text_hash:
        raise refuse("公示稿与批准的文本不一致，不能发布。", LAW48)


def require_covered(record: Record, found: Publication) -> None:
    """Refused while a finder of today still sees in it what nobody released; a page has no
    counterpart to cover.
    """
    if found.form != "decision":
        return
    held = covering.sources_of(record)
    content = (
        ActContent.objects.filter(act=found.proposed_by_id).values_list("body", flat=True).first()
    )
    passages = json.loads(content).get("passages", []) if content else []
    left = held.left_over(
        covering.body_parts(json.loads(found.body)),
        [each["said"] for each in passages if "said" in each],
    )
    if left:
        names = "、".join(sorted({each.name for each in left}))
        raise refuse(
            f"公示稿里还有没遮盖的{names}，不能发布。请重新拟公示。", "《政府信息公开条例》第十五条"
        )


def go_live(record: Record, found: Publication, act: Act) -> None:
    """国办发〔2018〕118号 二（四）: the platform shows it from now on; its seal opens what the
    public reads.
    """
    found.state, found.published_by, found.published_on = Publication.LIVE, act, clock.today()
    found.save(update_fields=["state", "published_by", "published_on"])
    page_acts.show(record, found.code)
    seal(record, found, "published", {"published_on": found.published_on})


def to_the_others(record: Record, found: Publication, act: Act) -> None:
    """国办发〔2018〕118号 二（四）: every connected channel gets it by itself, and whatever showed
    an older text is to show this one.
    """
    older = [channel for channel, shown in shown_on(record).items() if shown.pk != found.pk]
    for channel in dict.fromkeys([*older, *connections.wanted(record, found)]):
        errands.open_one(
            record,
            found,
            channel,
            Errand.REPORT if channel in connections.REPORTED else Errand.UP,
            act,
        )


def up(record: Record, found: Publication, channel: str, receipt: str, act: Act) -> None:
    """It stands on this channel from today, until the day that its rules say, in the place of what
    stood there before.
    """
    before = shown_on(record).get(channel)
    if before is not None and before.pk != found.pk:
        ChannelReceipt.objects.create(
            publication=before,
            agency_id=found.agency_id,
            channel=channel,
            receipt=receipt,
            on=clock.today(),
            down=True,
            act=act,
        )
    errands.finish(record, channel, Errand.UP, act)
    ChannelReceipt.objects.create(
        publication=found,
        agency_id=found.agency_id,
        channel=channel,
        receipt=receipt,
        on=clock.today(),
        act=act,
    )
    until = terms.remember(record, found, channel, act)
    if channel == OWN:
        found.until = until
        found.save(update_fields=["until"])


def supersede(old: Publication, act: Act, reason: str) -> None:
    """A newer version of the line stands where this one stood."""
    old.state, old.withdrawn_by, old.withdrawn_on, old.reason = (
        Publication.REPLACED,
        act,
        clock.today(),
        reason,
    )
    old.save(update_fields=["state", "withdrawn_by", "withdrawn_on", "reason"])


def seal(record: Record, found: Publication, of: str, said: Mapping[str, Any]) -> None:
    """国办发〔2018〕118号 二（四）: the platform's own act over what the public reads: its proof
    names no officer, so anybody may have it.
    """
    version = Publication.objects.filter(
        record=record, published_by__isnull=False, pk__lte=found.pk
    ).count()
    record_acts.append(
        record,
        None,
        record_acts.Entry(
            kind="publication.sealed",
            of=of,
            subject=found.code,
            content={
                "code": found.code,
                "version": version,
                **store.fingerprint([found.body.encode()]).said,
                "sha256": found.text_hash,
                **said,
            },
        ),
    )


@verb("decision.transmitted", TransmitForm)
def transmit(doing: Doing) -> Act:
    """发改办财金〔2018〕424号: the decision is reported to a platform, whose receipt is kept."""
    act = doing.append(attrs={"to": doing.data["to"]})
    errands.finish(doing.record, doing.data["to"], Errand.REPORT, act)
    return act
