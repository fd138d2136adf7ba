"""The file that each channel takes: made from the approved public text and nothing else, so that
no channel shows more than another.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from mingzheng.core.canonical import canonical
from mingzheng.disclosure import redaction
from mingzheng.disclosure.channels import double_publication, tables
from mingzheng.disclosure.models import Publication
from mingzheng.documents import render

# Every entry of a package bears this time, so that the same text makes the same bytes.
STILL = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Package:
    """A file for a channel: its name (no party's name in it), media type and bytes."""

    name: str
    media: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint of the bytes, as 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


def parts(row: Publication) -> list[tuple[str, str]]:
    """(head, text) of what the public reads, in order."""
    body = json.loads(row.body)
    heads = ("当事人", *redaction.heads(row.kind))
    found = [
        ("文书号", row.number),
        *(
            (head, str(body.get(name, "")))
            for head, name in zip(heads, redaction.BODY, strict=True)
        ),
    ]
    for block in body.get("blocks", ()):
        found += _lines(block)
    return [
        (head, text) for head, text in [*found, ("救济途径", str(body.get("remedy", "")))] if text
    ]


def _lines(block: dict[str, Any]) -> list[tuple[str, str]]:
    if block["kind"] == "table":
        return [
            (
                "",
                "；".join(
                    f"{head}：{cell}"
                    for head, cell in zip(block["head"], row, strict=False)
                    if cell
                ),
            )
            for row in block["rows"]
        ]
    if block["kind"] == "fields":
        return [(str(label), str(text)) for label, text in block["rows"]]
    return [(str(block.get("head", "")), "\n".join(block.get("paras", ())))]


def address(row: Publication) -> str:
    """The public page."""
    return settings.PUBLIC_URL + reverse("portal:item", args=[row.code])


def column(row: Publication) -> Package:
    """For a column of a government site: a page that stands alone, the data, and the fingerprint
    to check both by.
    """
    body = json.loads(row.body)
    lines = "\n".join(
        f"<dt>{html.escape(head)}</dt><dd>{html.escape(text).replace(chr(10), '<br>')}</dd>"
        for head, text in parts(row)
    )
    page = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{html.escape(row.title)}</title></head>"
        f"<body><h1>{html.escape(row.title)}</h1><p>{html.escape(body['organ'])}</p>"
        f'<dl>{lines}</dl><p>核对：<a href="{address(row)}">{address(row)}</a></p></body></html>'
    )
    manifest = {
        "code": row.code,
        "organ": body["organ"],
        "title": row.title,
        "published_on": str(row.published_on or ""),
        "sha256": row.text_hash,
        "page": address(row),
        "proof": f"{address(row)}/proof",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in (
            ("index.html", page.encode()),
            ("data.json", canonical(body).encode()),
            ("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode()),
        ):
            book.writestr(zipfile.ZipInfo(name, STILL), data, zipfile.ZIP_DEFLATED)
    return Package(f"{row.code}.zip", "application/zip", out.getvalue())


def article(row: Publication) -> Package:
    """For an article of a public account: the editor keeps styles only where they stand on the
    element itself.
    """
    style = "font-size:16px;line-height:1.75;color:#1a1a1a;margin:0 0 12px"
    lines = "".join(
        f'<p style="{style}"><strong>{html.escape(head)}{"：" if head else ""}</strong>'
        f"{html.escape(text).replace(chr(10), '<br>')}</p>"
        for head, text in parts(row)
    )
    text = (
        f'<section><h2 style="font-size:20px;margin:0 0 16px">{html.escape(row.title)}</h2>{lines}'
        f'<p style="{style}">原文核对：{address(row)}</p></section>'
    )
    return Package(f"{row.code}.html", "text/html", text.encode())


def sheet(row: Publication) -> Package:
    """For a notice board: A4 with the code that opens the page."""
    body = json.loads(row.body)
    on = row.published_on or row.decided_on
    pdf, _ = render.pdf(
        {
            "title": row.title,
            "number": row.number,
            "layout": "form",
            "sealed": False,
            "issued": on.isoformat(),
            "date": f"{on:%Y年%-m月%-d日}",
            "fingerprint": row.text_hash[:16],
            "qr": address(row),
            "organ": body["organ"],
            "elements": {},
            "fields": [[head or "内容", text] for head, text in parts(row) if head != "文书号"],
        }
    )
    return Package(f"{row.code}.pdf", "application/pdf", pdf)


def credit(row: Publication) -> Package:
    """For the credit platform: this decision as a row of the standard's columns."""
    made = double_publication.of_publication(row)
    if made is None:
        return column(row)
    wanted = double_publication.columns(row.agency_id, row.record.pack, row.kind, row.decided_on)
    return Package(
        f"{row.code}.xlsx",
        tables.XLSX,
        tables.workbook(double_publication.kinds()[row.kind], wanted, [made.columns]),
    )


# What a channel takes; one that is not named takes the column package.
MAKERS: dict[str, Callable[[Publication], Package]] = {
    "new-media": article,
    "notice-board": sheet,
    "window-board": sheet,
    "hall": sheet,
    "credit-china": credit,
    "press": article,
}


def make(row: Publication, channel: str) -> Package:
    """The file that this channel takes."""
    return MAKERS.get(channel, column)(row)
