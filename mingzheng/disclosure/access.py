"""Which publication of a record is meant: the newest one in a state."""

from __future__ import annotations

from mingzheng.disclosure.models import ChannelReceipt, Publication
from mingzheng.records.models import EffectiveAct, Record

OWN_SITE = "own-site"
ORDERED, DOWN = "publication.take-down-ordered", "publication.withdrawn"


def newest(record: Record, *states: str) -> Publication | None:
    """The newest publication of the record in one of these states."""
    found: Publication | None = (
        Publication.objects.filter(record=record, state__in=states).order_by("-pk").first()
    )
    return found


def channels_up(found: Publication) -> list[str]:
    """The channels on which this very text stands now, in the order in which it came up."""
    return [channel for channel, shown in shown_on(found.record).items() if shown.pk == found.pk]


def shown_on(record: Record) -> dict[str, Publication]:
    """Where something of the record stands now, and which text of it: channel → publication, in
    the order in which it came up.
    """
    up: dict[str, Publication] = {}
    for row in (
        ChannelReceipt.objects.filter(publication__record=record)
        .select_related("publication")
        .order_by("pk")
    ):
        if not row.down:
            up[row.channel] = row.publication
        elif row.channel in up and up[row.channel].pk == row.publication_id:
            del up[row.channel]
    return up


def ordered_down(record: Record) -> dict[str, EffectiveAct]:
    """The channels that were told to take something down and have not confirmed it: channel → the
    standing order.
    """
    # Rules adopted before there were orders do not say that a confirmation ends one: so it is read
    # from what followed.
    found: dict[str, EffectiveAct] = {}
    for row in (
        EffectiveAct.objects.filter(record=record, kind__in=(ORDERED, DOWN), voided_by=None)
        .select_related("act")
        .order_by("act_id")
    ):
        if row.kind == ORDERED:
            found[str(row.attrs["channel"])] = row
        else:
            found.pop(str(row.attrs.get("channel")), None)
    return found


def correcting(record: Record) -> bool:
    """Whether what is public was found wrong, or somebody asked for its correction, since it went
    public.
    """
    live = newest(record, Publication.LIVE)
    return (
        live is not None
        and EffectiveAct.objects.filter(
            record=record,
            kind__in=("publication.found-wrong", "correction.requested"),
            voided_by=None,
            act_id__gt=live.published_by_id,
        ).exists()
    )
