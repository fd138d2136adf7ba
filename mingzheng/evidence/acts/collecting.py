"""Files of body cameras come in: stored, receipted, laid before the officer who filmed, to be put
to their matter.
"""

from __future__ import annotations

from mingzheng.agencies.models import Agency
from mingzheng.core import clock
from mingzheng.evidence import importing, names, receipts
from mingzheng.evidence.acts.transfers import KEEP
from mingzheng.evidence.models import Upload
from mingzheng.jobs.acts import enqueue
from mingzheng.notices import acts as notice_acts
from mingzheng.records import scanning, store
from mingzheng.records.unit import work


def take_in(found: importing.Found, agency: Agency) -> Upload:
    """国办发〔2018〕118号 三（二）: one file is stored whole before its row is written; the
    officer puts it to its matter himself.
    """
    assert found.person is not None and found.at is not None
    with found.path.open("rb") as source:
        chunks = scanning.watched(iter(lambda: source.read(1 << 20), b""))
        kept = store.put(chunks, "application/octet-stream")
    now = clock.now()
    meta = {
        "captured_at": found.at.isoformat(),
        "source": "import",
        "device": found.device.number if found.device else "",
        "matched": found.record.pk if found.record else None,
    }
    with work():
        made: Upload = Upload.objects.create(
            agency_id=agency.pk,
            person_id=found.person.pk,
            client=importing.client(found),
            length=kept.size,
            offset=kept.size,
            name=names.clean(found.path.name),
            given_name=found.path.name,
            sha256=kept.sha256,
            meta=meta,
            state=Upload.STORED,
            blob=store.register(kept),
            created_at=now,
            expires_at=now + KEEP,
            stored_at=now,
        )
        made.receipt = receipts.sign(
            {
                "code": made.code,
                "sha256": kept.sha256,
                "size": kept.size,
                "at": now.isoformat(),
                "name": made.name,
            }
        )
        made.save(update_fields=["receipt"])
        enqueue("media.examine", kept.sha256, agency.pk, sha256=kept.sha256)
        if found.record is not None and found.record.head:
            act = found.record.acts.get(pk=found.record.head)
            notice_acts.give(
                found.record,
                act,
                f"执法记录仪导入：{made.name}，请归入音像记录"[:200],
                person_id=found.person.pk,
            )
    return made
