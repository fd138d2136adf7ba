"""A file for the public is made anew from what can be seen in the old one; nothing of the old file
is taken over as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mingzheng.core.redaction.files import pages, pictures, sheets, words
from mingzheng.core.redaction.files.shapes import MOST_BYTES, Refused, Region, Seen, SpansOf
from mingzheng.core.redaction.files.shapes import Rebuilt as Rebuilt

__all__ = ["Rebuilt", "Refused", "Region", "rebuild"]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rebuild(
    data: bytes,
    media: str,
    spans_of: SpansOf,
    said: Mapping[str, str],
    regions: Sequence[Region] | None = None,
    number: int = 1,
) -> Rebuilt:
    """The public form of a file of this media type, its `number`-th attachment.

    `spans_of` finds what is covered in a text, `said` how each kind then reads. `regions` are
    the places that a person marked: None where nobody looked, () where somebody looked and
    found nothing to mark. Refused says in Chinese what to do instead.
    """
    if len(data) > MOST_BYTES:
        raise Refused(f"文件超过 {MOST_BYTES >> 20} MB，请压缩或者拆分后再公示")
    maker = _MAKERS.get(media)
    if maker is None:
        raise Refused(
            "这种文件不能重制，请另存为 PDF、Word（docx）、Excel（xlsx）、图片或者纯文本后上传"
        )
    made, kind, extension, notes = maker(
        data, Seen(spans_of, dict(said), None if regions is None else tuple(regions))
    )
    return Rebuilt(made, kind, f"公示附件{number}.{extension}", notes)


def _text(data: bytes, seen: Seen) -> tuple[bytes, str, str, tuple[str, ...]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return seen.covered(text).encode(), "text/plain", "txt", ()
    raise Refused("文字的编码认不出，请另存为 UTF-8 的文本后上传")


_MAKERS: Mapping[str, Callable[[bytes, Seen], tuple[bytes, str, str, tuple[str, ...]]]] = {
    "application/pdf": pages.rebuilt,
    DOCX: words.rebuilt,
    XLSX: sheets.rebuilt,
    "text/plain": _text,
    **dict.fromkeys(
        ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff"),
        pictures.rebuilt,
    ),
}
