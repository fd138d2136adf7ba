"""Word files: the text as it is seen, deletions, comments and hidden words left out, in a new
plain document.
"""

from __future__ import annotations

import re
from xml.parsers import expat
from xml.sax.saxutils import escape

from mingzheng.core.redaction.files.shapes import Refused, Seen, packed, part, parts_of

# What is never seen: deleted and moved passages, instructions of fields, the older form of a
# drawing, comments.
_UNSEEN = frozenset(
    {
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "delInstrText",
        "Fallback",
        "comment",
        "annotation",
        "docPr",
        "cNvPr",
        "txbxStyle",
    }
)
_ON = ("1", "true", "on", None)
_TEXTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def rebuilt(data: bytes, seen: Seen) -> tuple[bytes, str, str, tuple[str, ...]]:
    """A new document of the visible text; pictures, headers and footers are not taken over."""
    held = parts_of(data)
    if "word/document.xml" not in held.namelist():
        raise Refused("这不是 Word（docx）文件，请另存为 docx 后上传")
    hidden = _Styles(part(held, "word/styles.xml")).hidden()
    text = "\n".join(
        filter(
            None,
            (_Text(part(held, name), hidden).text() for name in _TEXTS if name in held.namelist()),
        )
    )
    pictured = any(name.startswith("word/media/") for name in held.namelist())
    note = (
        ("文件里的图片、页眉、页脚没有带入公示文件；需要公示的图片请单独上传",) if pictured else ()
    )
    return _written(seen.covered(text)), _DOCX, "docx", note


class _Reader:
    """Reads one part; a document type declaration is refused, so that no entity grows or reaches
    outside.
    """

    def __init__(self, said: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
            self.start,
            self.end,
            self.data,
        )
        parser.StartDoctypeDeclHandler = self.doctype
        if said:
            try:
                parser.Parse(said, True)
            except expat.ExpatError:
                raise Refused("Word 文件已损坏，请重新保存后上传") from None

    def doctype(self, *_: object) -> None:
        """No part of an office file has one."""
        raise Refused("Word 文件里有外部声明，请重新保存后上传")

    def start(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""
        self.opened(
            name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in given.items()}
        )

    def end(self, name: str) -> None:
        """An element ends."""
        self.closed(name.rpartition(" ")[2])

    def opened(self, name: str, given: dict[str, str]) -> None:
        """An element of this local name begins."""
        raise TypeError(name)

    def closed(self, name: str) -> None:
        """An element of this local name ends."""

    def data(self, said: str) -> None:
        """Characters."""


class _Styles(_Reader):
    """Which styles hide their text, by themselves or by what they are based on."""

    def __init__(self, said: bytes) -> None:
        self.based: dict[str, str] = {}
        self.own: set[str] = set()
        self.at = ""
        super().__init__(said)

    def opened(self, name: str, given: dict[str, str]) -> None:
        """Remember what a style hides and what it is based on."""
        if name == "style":
            self.at = given.get("styleId", "")
        elif name == "basedOn":
            self.based[self.at] = given.get("val", "")
        elif _hides(name, given):
            self.own.add(self.at)

    def hidden(self) -> set[str]:
        """Ids of the styles whose text is not seen."""
        out = set(self.own)
        for _ in self.based:
            out |= {style for style, base in self.based.items() if base in out}
        return out


def _hides(name: str, given: dict[str, str]) -> bool:
    value = given.get("val")
    return (
        name in ("vanish", "specVanish", "webHidden")
        and value in _ON
        or name == "color"
        and (value or "").upper() in ("FFFFFF", "FEFEFE")
        or name == "sz"
        and (value or "").isdigit()
        and int(str(value)) <= 4
    )


class _Text(_Reader):
    """The visible text of a part: a line a paragraph, cells of a row apart by tabs."""

    def __init__(self, said: bytes, hidden: set[str]) -> None:
        self.styles, self.skipping = hidden, 0
        self.runs: list[tuple[list[str], list[bool]]] = []
        self.out: list[str] = []
        self.within: list[str] = []
        super().__init__(said)

    def text(self) -> str:
        """The text."""
        return re.sub(r"\n{3,}", "\n\n", "".join(self.out)).strip("\n")

    def opened(self, name: str, given: dict[str, str]) -> None:
        """A run collects its words until its end, when it is known whether they are seen."""
        self.within.append(name)
        if self.skipping or name in _UNSEEN:
            self.skipping += 1
        elif name == "r":
            self.runs.append(([], []))
        elif name in ("tab", "br", "cr") and "tabs" not in self.within:
            self._say("\t" if name == "tab" else "\n")
        elif name == "noBreakHyphen":
            self._say("-")
        elif (
            self.runs
            and "rPr" in self.within
            and (_hides(name, given) or name == "rStyle" and given.get("val") in self.styles)
        ):
            self.runs[-1][1].append(True)

    def closed(self, name: str) -> None:
        """Words of a hidden run are dropped here."""
        self.within.pop()
        if self.skipping:
            self.skipping -= 1
        elif name == "r" and self.runs:
            said, hides = self.runs.pop()
            if not hides:
                self._say("".join(said))
        elif name in ("p", "tr"):
            self._say("\n")
        elif name == "tc":
            self._say("\t")

    def data(self, said: str) -> None:
        """Words stand in elements called t."""
        if not self.skipping and self.within and self.within[-1] == "t":
            self._say(said)

    def _say(self, said: str) -> None:
        (self.runs[-1][0] if self.runs else self.out).append(said)


def _line(line: str) -> str:
    return "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(cell)}</w:t>' for cell in line.split("\t")
    )


def _written(text: str) -> bytes:
    lines = "".join(
        f"<w:p><w:r>{_line(line)}</w:r></w:p>" for line in _UNWRITABLE.sub("", text).split("\n")
    )
    types = "http://schemas.openxmlformats.org/package/2006"
    return packed(
        (
            (
                "[Content_Types].xml",
                f'{_HEAD}<Types xmlns="{types}/content-types"><Default Extension="rels"'
                ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default'
                f' Extension="xml" ContentType="{_DOCX}.main+xml"/></Types>'.encode(),
            ),
            (
                "_rels/.rels",
                f'{_HEAD}<Relationships xmlns="{types}/relationships"><Relationship Id="r1"'
                ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
                ' Target="word/document.xml"/></Relationships>'.encode(),
            ),
            (
                "word/document.xml",
                f"{_HEAD}<w:document {_NS}><w:body>{lines}</w:body></w:document>".encode(),
            ),
        )
    )
