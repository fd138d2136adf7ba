"""Which publication of a record is meant: the newest one in a state."""

from __future__ import annotations

from mingzheng.disclosure.models import ChannelReceipt, Publication
from mingzheng.records.models import Record, Standing


def newest(record: Record, *states: str) -> Publication | None:
    """The newest publication of the record in one of these states."""
    found: Publication | None = Publication.objects.filter(record=record, state__in=states).order_by("-pk").first()
    return found


def channels_up(found: Publication) -> list[str]:
    """The channels on which it stands now, in the order in which it came up."""
    up: dict[str, bool] = {}
    for channel, down in ChannelReceipt.objects.filter(publication=found).order_by("pk").values_list("channel", "down"):
        up[channel] = not down
    return [channel for channel, here in up.items() if here]


def correcting(record: Record) -> bool:
    """Whether what is public was found wrong, or somebody asked for its correction, since it went public."""
    live = newest(record, Publication.LIVE)
    return live is not None and Standing.objects.filter(
        record=record, kind__in=("publication.found-wrong", "correction.requested"), voided_by=None,
        act_id__gt=live.published_by_id).exists()
