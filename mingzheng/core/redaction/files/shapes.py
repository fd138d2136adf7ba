"""What the makers of public files share: what was marked, what comes out, what is refused, how
much is too much.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mingzheng.core.redaction.masking import cover
from mingzheng.core.redaction.spans import Span

MOST_BYTES = 100 << 20
MOST_UNPACKED = 200 << 20
MOST_PARTS = 4000
MOST_PIXELS = 64_000_000
MOST_PAGES = 300
MOST_CHARACTERS = 5_000_000

SpansOf = Callable[[str], Sequence[Span]]


class Refused(ValueError):
    """The file cannot be made anew; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True)
class Region:
    """A place that a person marked on page `page` (0 the first), as shares of the width and height
    of what is seen upright.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Rebuilt:
    """The public file: its bytes, media type, name, and what a person should look at (Chinese
    sentences).
    """

    data: bytes
    media: str
    name: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What is known of the file before it is opened: how its text is covered, and what a person
    marked.
    """

    spans_of: SpansOf
    said: dict[str, str]
    regions: tuple[Region, ...] | None

    def covered(self, text: str) -> str:
        """A text as the public reads it."""
        if len(text) > MOST_CHARACTERS:
            raise Refused(f"文字超过 {MOST_CHARACTERS // 10_000} 万字，请拆分后再公示")
        return cover(text, self.spans_of(text), self.said)


def parts_of(data: bytes) -> zipfile.ZipFile:
    """The parts of an office file, none of which unpacks to more than is granted."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise Refused("文件已损坏，打不开，请重新保存后上传") from None
    held = packed.infolist()
    if len(held) > MOST_PARTS or sum(part.file_size for part in held) > MOST_UNPACKED:
        raise Refused("文件展开后过大，请拆分后再公示")
    return packed


def part(packed: zipfile.ZipFile, name: str) -> bytes:
    """One part; b"" where there is none. Never more than it declared."""
    try:
        return packed.read(name)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise Refused("文件已损坏或者加了密码，请解除后重新保存上传") from None


def packed(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A package of these parts, the same bytes for the same parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, said in parts:
            package.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), said, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()
