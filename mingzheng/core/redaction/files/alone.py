"""What runs in the sandboxed process: a foreign file is made anew for the public.

It is told the policy, the kinds and who is known of the matter.
"""

from __future__ import annotations

import io
from typing import Any, BinaryIO

import openpyxl
import pikepdf
import pypdfium2
from PIL import Image

from mingzheng.core.redaction import Known, Policy, Span, find
from mingzheng.core.redaction.files import Refused, Region, rebuild
from mingzheng.core.redaction.names import tables
from mingzheng.core.redaction.sight import Sight

# Office files are written by way of a few small files of one's own.
OWN_FILES = True


def answer(task: str, given: BinaryIO, out: int, told: dict[str, Any]) -> dict[str, Any]:
    """Make the public form of the file, whose media type is the task; or say why there is none."""
    try:
        return made(given.read(), task, told, out)
    except Refused as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"refused": "文件展开后过大，请拆分后再公示"}
    # The libraries raise whatever they like at hostile input; all of it means the same.
    except Exception as error:
        return {"refused": "文件不完整或者已损坏，请重新保存后上传", "why": type(error).__name__}


def warm() -> None:
    """The libraries load parts of themselves when first needed; later the process may not be able
    to read them.
    """
    Image.init()
    tables(), Sight.of("１")
    for encoding in ("cp437", "latin-1", "utf-16-le", "gb18030", "utf-8-sig", "unicode_escape"):
        "x".encode(encoding)
    out, book = io.BytesIO(), openpyxl.Workbook(write_only=True)
    book.create_sheet().append(["x"])
    book.save(out)
    openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    with pikepdf.new() as page:
        page.add_blank_page()
        page.save(made := io.BytesIO())
    pypdfium2.PdfDocument(made.getvalue())[0].render(scale=0.1).to_pil().save(io.BytesIO(), "JPEG")


def made(data: bytes, media: str, told: dict[str, Any], out: int) -> dict[str, Any]:
    """Write the public file; its media type, name and what a person should look at."""
    policy = Policy(told["policy"]["id"], "", frozenset(told["policy"]["shows"]))
    known = [Known(**each) for each in told["known"]]
    regions = None if told["regions"] is None else [Region(**each) for each in told["regions"]]

    def spans(text: str) -> list[Span]:
        return find(text, policy, known)

    rebuilt = rebuild(data, media, spans, told["said"], regions, told["number"])
    with open(out, "wb", closefd=False) as file:
        file.write(rebuilt.data)
    return {"media": rebuilt.media, "name": rebuilt.name, "notes": list(rebuilt.notes)}
