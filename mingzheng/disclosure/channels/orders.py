"""What a connected channel is handed: one ZIP with `order.json` and, unless something is to be
taken down, the channel's own file.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

from mingzheng.agencies.models import Agency
from mingzheng.disclosure import redaction
from mingzheng.disclosure.channels import double_publication, packages
from mingzheng.disclosure.models import ChannelReceipt, ChannelTask
from mingzheng.records.models import ActContent

FORMAT = "mingzheng-delivery/1"
DO = {ChannelTask.UP: "show", ChannelTask.DOWN: "take-down", ChannelTask.REPORT: "report"}


def faults(row: ChannelTask) -> tuple[str, ...]:
    """Why a report cannot go out yet, each in a sentence; a page that is public has none."""
    if row.what != ChannelTask.REPORT:
        return ()
    made = double_publication.of_publication(row.publication)
    return made.faults if made else ("这一类决定不用报送",)


def make(row: ChannelTask) -> bytes:
    """The package of a task; the same task makes the same bytes. `seq` rises: of two orders
    about one code the higher holds.
    """
    found, body = row.publication, Agency.objects.get(pk=row.agency_id)
    order: dict[str, Any] = {
        "format": FORMAT,
        "key": row.key,
        "seq": row.pk,
        "do": DO[row.what],
        "channel": row.channel,
        "agency": body.uscc,
        "code": found.code,
        "page": packages.address(found),
        "sha256": found.text_hash,
    }
    if row.what == ChannelTask.UP:
        order["replaces"] = _former(row)
    if row.what == ChannelTask.DOWN:
        said = json.loads(ActContent.objects.get(act=row.act_id).body)
        order |= {"cause": said["cause"], "reason": redaction.hidden(row.record, said["reason"])}
    made = (
        None
        if row.what == ChannelTask.DOWN
        else (
            packages.credit(found)
            if row.what == ChannelTask.REPORT
            else packages.make(found, row.channel)
        )
    )
    if made is not None:
        order["file"] = {
            "name": made.name,
            "media": made.media,
            "sha256": hashlib.sha256(made.data).hexdigest(),
        }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            zipfile.ZipInfo("order.json", packages.STILL),
            json.dumps(order, ensure_ascii=False, indent=1),
        )
        if made is not None:
            book.writestr(
                zipfile.ZipInfo(made.name, packages.STILL), made.data, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _former(row: ChannelTask) -> str:
    """The code of the text that stood on the channel before, which this one replaces; empty for
    none.
    """
    old = (
        ChannelReceipt.objects.filter(publication__record=row.record_id, channel=row.channel)
        .order_by("-pk")
        .first()
    )
    return (
        ""
        if old is None or old.down or old.publication_id == row.publication_id
        else old.publication.code
    )
