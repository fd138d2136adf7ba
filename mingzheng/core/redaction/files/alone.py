"""What runs in the sandboxed process: a foreign file is made anew for the public. Answers one line
of JSON.

It is told the policy, the kinds and who is known of the matter; the file comes on descriptor 0,
the public one goes out on another.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import resource
import sys
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
from PIL import Image

from mingzheng.core.redaction import Known, Policy, Span, find
from mingzheng.core.redaction.files import Refused, Region, rebuild
from mingzheng.core.redaction.names import tables
from mingzheng.core.redaction.sight import Sight

# Office files are written by way of a few small files of one's own; nothing else is ever open.
OPEN = 24
NEW_NETWORK = 0x40000000


def main() -> None:
    """argv: media type, descriptor to write to, bytes of memory, seconds, bytes of output,
    descriptor of what it must know.
    """
    media, out, memory, seconds, room, known = sys.argv[1], *map(int, sys.argv[2:7])
    told = json.loads(os.read(known, 1 << 24))
    data = sys.stdin.buffer.read()
    warm()
    confine(memory, seconds, room)
    try:
        answer = made(data, media, told, out)
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"refused": "文件展开后过大，请拆分后再公示"}
    # The libraries raise whatever they like at hostile input; all of it means the same.
    except Exception as error:
        answer = {"refused": "文件不完整或者已损坏，请重新保存后上传", "why": type(error).__name__}
    os.write(1, json.dumps(answer).encode())
    # Not even destructors run on what the file left in memory.
    os._exit(0)


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


def confine(memory: int, seconds: int, room: int) -> None:
    """From here on: no network where that can be had, no more memory, time, output or files than
    granted; never root.
    """
    if os.geteuid() == 0:
        ctypes.CDLL(None).unshare(NEW_NETWORK)
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, room),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN),
    ):
        resource.setrlimit(what, (most, most))
