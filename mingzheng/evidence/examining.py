"""What runs in the sandboxed process: what kind of file is this, and can it be shown?

Nothing here trusts a name or a declared type: the first bytes choose the reader, and the reader
is forced, so that a playlist that calls itself a film is never read as a playlist. Django is
not loaded.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
import struct
from datetime import datetime
from typing import Any, BinaryIO

import av
from PIL import ExifTags, Image, MpoImagePlugin, TiffImagePlugin

from mingzheng.evidence import transcoding

MOST_PIXELS = 64_000_000
_PICTURE_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")
_DOCUMENT_HEADS = (b"%PDF-", b"{\\rtf", b"\xd0\xcf\x11\xe0")
_ZIPPED_DOCUMENTS = (b"[Content_Types].xml", b"OFD.xml", b"mimetype", b"word/", b"xl/", b"ppt/")
_FORMATS = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"#!AMR", "amr"),
    (b"ID3", "mp3"),
    (b"\xff\xf1", "aac"),
    (b"\xff\xf9", "aac"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"0&\xb2u\x8ef\xcf\x11", "asf"),
)
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
# Loaded for the readers of pictures, which ask for them late.
_LATE = (MpoImagePlugin, TiffImagePlugin)
_STILL = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc")


def warm() -> None:
    """Both libraries load parts of themselves when first needed, and later there is no opening
    files.
    """
    Image.init()
    for found in pkgutil.walk_packages(av.__path__, "av."):
        if found.name != "av.__main__":
            importlib.import_module(found.name)
    datetime.strptime("2000", "%Y")
    av.logging.set_level(av.logging.PANIC)


def answer(task: str, given: BinaryIO, out: int, told: dict[str, Any]) -> dict[str, Any]:
    """What was found of the file, or the media type of what was made from it."""
    made = open(out, "r+b", buffering=1 << 20) if out >= 0 else None
    head = given.read(4096)
    given.seek(0)
    try:
        said = (
            examine(given, head)
            if task == "examine"
            else transcoding.make(task, given, made, format_of(head))
        )
    except MemoryError:
        said = {"note": "文件展开后过大"}
    # The libraries raise whatever they like at hostile input; all of it means the same.
    except Exception as error:
        said = {"note": "文件不完整或者已损坏", "why": type(error).__name__}
    if made is not None:
        made.flush()
    return said


def format_of(head: bytes) -> str:
    """The reader that the first bytes choose: a format of sound or film, `picture`, `still`,
    `document`, or empty.
    """
    if head.startswith(_PICTURE_HEADS) or head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "picture"
    if head[4:8] in _BOXES:
        if head[8:12] == b"avif":
            return "picture"
        return "still" if head[8:12] in _STILL else "mp4"
    if head[:4] == b"RIFF" and head[8:12] in (b"WAVE", b"AVI "):
        return {b"WAVE": "wav", b"AVI ": "avi"}[head[8:12]]
    if head.startswith(_DOCUMENT_HEADS) or b"%PDF-" in head[:1024]:
        return "document"
    if head.startswith(b"PK\x03\x04"):
        return "document" if any(mark in head for mark in _ZIPPED_DOCUMENTS) else ""
    if head[:1] == b"\x47" and head[188:189] == b"\x47" and head[376:377] == b"\x47":
        return "mpegts"
    return next((name for start, name in _FORMATS if head.startswith(start)), "")


def examine(given: BinaryIO, head: bytes) -> dict[str, Any]:
    """kind, codec, duration_ms, created_at, place, width, height, showable, note."""
    found = format_of(head)
    if found == "picture":
        return _guarded("photo", lambda: _picture(given))
    if found == "still":
        return {"kind": "photo", "codec": "heic", "note": "HEIC 照片已原样保存，平台不能直接显示"}
    if found == "document":
        return {"kind": "document", "note": "文档已原样保存，不在页面中打开"}
    if not found:
        return {
            "kind": "other",
            "note": "不是平台认得的照片、录音或者录像，已原样保存，不在页面中打开",
        }
    return _guarded(
        "audio" if found in ("wav", "mp3", "aac", "flac", "amr") else "video",
        lambda: _media(given, found),
    )


def _guarded(kind: str, look: Any) -> dict[str, Any]:
    try:
        return dict(look())
    except MemoryError:
        return {"kind": kind, "note": "文件展开后过大，已原样保存，不在页面中打开"}
    except Exception as error:
        return {
            "kind": kind,
            "note": "文件不完整或者已损坏，已原样保存，不能显示",
            "why": type(error).__name__,
        }


def _picture(given: BinaryIO) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(given, formats=transcoding.PICTURES) as image:
        width, height, codec = image.width, image.height, (image.format or "").lower()
        seen: dict[str, Any] = {"kind": "photo", "codec": codec, "width": width, "height": height}
        image.draft("RGB", (2048, 2048))
        if image.width * image.height > MOST_PIXELS:
            return {**seen, "note": "图片像素过多，已原样保存，不在页面中打开"}
        image.load()
        with contextlib.suppress(Exception):
            seen |= _exif(image.getexif())
    return {**seen, "showable": True}


def _exif(exif: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    if taken := inner.get(ExifTags.Base.DateTimeOriginal):
        offset = str(inner.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
        moment = datetime.strptime(
            str(taken).strip("\0 ") + offset, "%Y:%m:%d %H:%M:%S" + ("%z" if offset else "")
        )
        seen["created_at"] = moment.isoformat()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if 2 in place and 4 in place:
        degrees = [sum(float(part) / 60**n for n, part in enumerate(place[key])) for key in (2, 4)]
        signs = ["-" if place.get(key) in ("S", "W") else "+" for key in (1, 3)]
        seen["place"] = f"{signs[0]}{degrees[0]:08.5f}{signs[1]}{degrees[1]:09.5f}/"
    return seen


def _media(given: BinaryIO, found: str) -> dict[str, Any]:
    if found == "mp4" and not whole_boxes(given):
        return {"kind": "video", "note": "文件没有传完整就结束了（末尾缺失），已原样保存，不能播放"}
    with transcoding.opened(given, found) as container:
        film, sound = transcoding.streams(container)
        if film is None and sound is None:
            return {"kind": "other", "note": "文件里没有声音也没有图像，已原样保存"}
        seen: dict[str, Any] = {"kind": "video" if film is not None else "audio"}
        names = [stream.codec_context.name for stream in (film, sound) if stream is not None]
        seen["codec"] = "+".join(names)
        if film is not None:
            seen |= {"width": film.codec_context.width, "height": film.codec_context.height}
        said = {**dict(container.metadata), **(dict(film.metadata) if film is not None else {})}
        seen |= {
            "created_at": said.get("creation_time", ""),
            "place": said.get("com.apple.quicktime.location.ISO6709") or said.get("location", ""),
        }
        # What cannot be decoded at its beginning cannot be shown.
        next(iter(container.decode(film if film is not None else sound)))
        seen["duration_ms"] = (
            container.duration // 1000 if container.duration else transcoding.measured(given, found)
        )
        return {**seen, "showable": True}


def whole_boxes(given: BinaryIO) -> bool:
    """Whether the outermost boxes of an MP4 fill the file exactly as far as they say."""
    end, at = given.seek(0, io.SEEK_END), 0
    try:
        while at + 8 <= end:
            given.seek(at)
            head = given.read(16)
            size = int(struct.unpack(">I", head[:4])[0])
            if size == 1:
                size = int(struct.unpack(">Q", head[8:16])[0])
            if size == 0:
                return True
            if size < 8:
                return False
            at += size
        return at == end
    finally:
        given.seek(0)
