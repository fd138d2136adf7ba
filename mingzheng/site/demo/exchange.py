"""The demo's other side of a connected channel: an exchange directory that somebody empties, and
who answers with receipts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.disclosure.acts import delivering
from mingzheng.disclosure.channels import connections
from mingzheng.disclosure.models import ChannelTask
from mingzheng.records.models import Record

AGENCY, CHANNEL = "wg", "random-check-platform"


def connect(made: Mapping[str, Agency]) -> None:
    """Connect one channel of one agency by a directory, where the operator has connected
    nothing.
    """
    path, place = Path(connections.FILE.read()), Path(settings.DATA) / "exchange"
    if path.exists():
        return
    for name in ("out", "in"):
        (place / name).mkdir(parents=True, exist_ok=True)
    said = {
        "agency": AGENCY,
        "channel": CHANNEL,
        "way": connections.FOLDER,
        "place": str(place / "out"),
        "receipts": str(place / "in"),
    }
    path.write_text(
        "[[channel]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in said.items())
    )


def deliver(record: Record) -> None:
    """What waits for connected channels goes out, the other side puts its receipt back, and it is
    taken in.
    """
    for row in ChannelTask.objects.filter(record=record, state=ChannelTask.OPEN):
        line = connections.of(row.agency_id).get(row.channel)
        if line is None:
            continue
        delivering.deliver(row.pk)
        (Path(line.receipts) / f"{row.key}.json").write_text(
            json.dumps({"receipt": f"省平台{clock.today():%Y%m%d}-{row.pk}"}, ensure_ascii=False)
        )
        ChannelTask.objects.filter(pk=row.pk).update(next_at=None)
        delivering.deliver(row.pk)
