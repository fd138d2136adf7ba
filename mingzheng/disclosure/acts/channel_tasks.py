"""What is still to be done on the channels of others: opened by the act that wants it, finished by
that channel's receipt.
"""

from __future__ import annotations

from mingzheng.disclosure.models import ChannelTask, Publication
from mingzheng.records.models import Act, Record

# What a task says of itself while an attempt is on its way.
SENDING = "正在送"


def open_one(record: Record, found: Publication, channel: str, what: str, act: Act) -> ChannelTask:
    """国办发〔2018〕118号 二（四）: somebody else's channel has to show, or to take down, this
    text; once for each.
    """
    made: ChannelTask = ChannelTask.objects.filter(
        publication=found, channel=channel, what=what, state=ChannelTask.OPEN
    ).first() or ChannelTask.objects.create(
        record=record,
        publication=found,
        agency_id=found.agency_id,
        channel=channel,
        what=what,
        act=act,
    )
    return made


def finish(record: Record, channel: str, what: str, act: Act) -> None:
    """国办发〔2018〕118号 二（四）: the channel confirmed it; whatever waited for that is done."""
    ChannelTask.objects.filter(
        record=record, channel=channel, what=what, state__in=(ChannelTask.OPEN, ChannelTask.REFUSED)
    ).update(state=ChannelTask.DONE, next_at=None, said="", done_by=act)


def drop_ups(record: Record) -> dict[str, Publication]:
    """《行政处罚法》第四十八条第二款: nothing more is brought anywhere; answers where a delivery
    may have arrived unconfirmed.
    """
    waiting = ChannelTask.objects.filter(
        record=record,
        what__in=(ChannelTask.UP, ChannelTask.REPORT),
        state__in=(ChannelTask.OPEN, ChannelTask.REFUSED),
    )
    tried = {
        row.channel: row.publication
        for row in waiting.filter(what=ChannelTask.UP, tries__gt=0).select_related("publication")
    }
    # An attempt that is on its way keeps its time: what takes it down waits for that.
    waiting.exclude(said=SENDING).update(state=ChannelTask.DROPPED, next_at=None)
    waiting.filter(said=SENDING).update(state=ChannelTask.DROPPED)
    return tried
