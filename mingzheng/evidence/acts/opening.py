"""What an outsider may be shown of files that came in: their fingerprints and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence

from mingzheng.core.digests import Fingerprint
from mingzheng.procedures.step_context import StepContext
from mingzheng.records import acts as record_acts
from mingzheng.records.models import Act, Blob


def stored(context: StepContext, under: Act, blobs: Sequence[Blob]) -> None:
    """国办发〔2018〕118号 三（三）: files are in the store since now; an act of the platform
    itself, so its proof names no officer.
    """
    if blobs:
        record_acts.append(
            context.record,
            None,
            record_acts.Entry(
                kind="evidence.stored",
                subject=str(under.pk),
                content={
                    "files": [
                        {**Fingerprint(blob.pk, blob.sm3 or "").said, "size": blob.size}
                        for blob in blobs
                    ]
                },
            ),
        )
