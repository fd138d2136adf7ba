"""What a sender says about a file before sending it: the header Upload-Metadata, read without
trusting it.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from mingzheng.core import given
from mingzheng.desk.receiving import Cannot
from mingzheng.evidence.acts.transfers import Wanted
from mingzheng.evidence.models import Upload
from mingzheng.records.ids import public_code
from mingzheng.records.models import Record

_HASH = re.compile(r"[0-9a-f]{64}")
_RECORD = re.compile(r"[0-9]{1,19}")
_NUMBER = re.compile(r"-?[0-9]{1,15}")


def read(header: str, length: int) -> Wanted:
    """`client`, `filename`, `filetype`, `sha256`, `record`, `captured_at`, `device`, `place`,
    `clock_offset_ms`, `source`, `slices`.

    Cannot (400, 404) where the header is no metadata, a hash is no hash, or the record does not
    exist.
    """
    said = _pairs(header)
    sha256 = said.get("sha256", "").lower()
    if sha256 and not _HASH.fullmatch(sha256):
        raise Cannot(400, "文件指纹的写法不对，没有开始上传。请刷新页面后重试。")
    record = None
    if wanted := said.get("record", ""):
        known = _RECORD.fullmatch(wanted) and int(wanted) < 1 << 63
        record = Record.objects.filter(pk=int(wanted)).first() if known else None
        if record is None:
            raise Cannot(404, "没有找到这件案子。")
    return Wanted(
        client=said.get("client", "")[:100] or public_code(),
        length=length,
        name=said.get("filename", ""),
        media_type=said.get("filetype", "")[:100],
        sha256=sha256,
        record=record,
        meta=_meta(said),
    )


def _pairs(header: str) -> dict[str, str]:
    said = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            text = base64.b64decode(value, validate=True).decode(errors="replace")
        except (binascii.Error, ValueError) as error:
            raise Cannot(400, "文件说明的写法不对，没有开始上传。请刷新页面后重试。") from error
        said[name] = text if name == "filename" else text.replace("\0", "")
    return said


def _meta(said: dict[str, str]) -> dict[str, Any]:
    meta: dict[str, Any] = {
        name: said[name][:200] for name in ("device", "place", "slices") if said.get(name)
    }
    meta["source"] = said["source"] if said.get("source") in Upload.SOURCES else "desk"
    if captured := said.get("captured_at", "")[:60]:
        # A clock that tells nonsense never costs the file.
        moment = given.moment(captured)
        meta["captured_at" if moment else "captured_at_given"] = (
            moment.isoformat() if moment else captured
        )
    if _NUMBER.fullmatch(said.get("clock_offset_ms", "")):
        meta["clock_offset_ms"] = int(said["clock_offset_ms"])
    return meta
