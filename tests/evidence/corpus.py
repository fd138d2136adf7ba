"""Files as they come from devices, and files that mean harm; every one made on the spot."""

from __future__ import annotations

import array
import io
import math
import struct
import zipfile
import zlib
from fractions import Fraction
from functools import cache
from typing import Any

import av
from PIL import Image

SIZE, RATE = (320, 240), 48000


@cache
def film(
    form: str = "mp4", picture: str = "libx264", sound: str = "aac", seconds: int = 2, **said: str
) -> bytes:
    """A small recording with a moving picture and a tone; either may be left out."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        container.metadata.update(said)
        video: Any = container.add_stream(picture, rate=10) if picture else None
        audio: Any = container.add_stream(sound, rate=RATE) if sound else None
        if video:
            video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
            for number in range(seconds * 10):
                container.mux(
                    video.encode(
                        av.VideoFrame.from_image(
                            Image.new("RGB", SIZE, (number * 12 % 255, 80, 120))
                        )
                    )
                )
            container.mux(video.encode())
        if audio:
            _tone(container, audio, seconds)
    return out.getvalue()


def _tone(container: Any, audio: Any, seconds: int) -> None:
    context = audio.codec_context
    fit = av.AudioResampler(
        format=context.format.name,
        layout=context.layout.name,
        rate=RATE,
        frame_size=context.frame_size or 1024,
    )
    samples = array.array("h", [int(20000 * math.sin(each / 20)) for each in range(960)]).tobytes()
    for number in range(seconds * RATE // 960):
        frame = av.AudioFrame(format="s16", layout="mono", samples=960)
        frame.sample_rate, frame.pts, frame.time_base = RATE, number * 960, Fraction(1, RATE)
        frame.planes[0].update(samples)
        for each in fit.resample(frame):
            container.mux(audio.encode(each))
    container.mux(audio.encode())


@cache
def photo(width: int = 800, height: int = 600, form: str = "JPEG", located: bool = False) -> bytes:
    """A picture; `located` writes time, place and device into it."""
    image = Image.effect_noise((width, height), 60).convert("RGB")
    exif = Image.Exif()
    if located:
        exif[0x010F] = "SECRETDEVICE"
        exif.get_ifd(0x8769).update({0x9003: "2026:04:07 09:30:00", 0x9011: "+08:00"})
        exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 43.0, 12.0), 3: "E", 4: (116.0, 29.0, 24.0)})
    out = io.BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()


@cache
def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of some kilobytes that wants gigabytes: one packed block of black lines, again and
    again, as packing each would take a quarter of a minute.
    """
    packer, size = zlib.compressobj(9, zlib.DEFLATED, -15), width * 3 + 1
    block = packer.compress(bytes(size * 100)) + packer.flush(zlib.Z_FULL_FLUSH)
    # Of nothing but zeros the checksum is one, and how many there are.
    total = struct.pack(">HH", size * height % 65521, 1)
    lines = b"\x78\xda" + block * (height // 100) + b"\x03\x00" + total
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", lines)
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def playlist(address: str) -> bytes:
    """What an HLS player would follow."""
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{address}\n#EXT-X-ENDLIST\n".encode()


def archive(**members: bytes) -> bytes:
    """A zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, body in members.items():
            kept.writestr(name.replace("__", "/"), body)
    return out.getvalue()


def hostile(address: str = "http://127.0.0.1:9/x.ts") -> dict[str, bytes]:
    """Name as given → content. None of these may be shown as it is, reach anything, or take the
    server down.
    """
    script = b"<script>fetch('/desk')</script>"
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + script + b"</svg>"
    xxe = b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>"
    lol = (
        b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b"]><l>&j;</l>"
    )
    whole = film()
    return {
        "page.jpg": b"<!doctype html><html>" + script,
        "drawing.svg.jpg": svg,
        "gif.html.gif": b"GIF89a/*" + script + b"*/=1;",
        "bmp.html.bmp": b"BM" + script,
        "entity.xml": xxe,
        "laughs.svg": lol,
        "bomb.png": bomb(),
        "deep.zip": archive(a=bytes(30_000_000)),
        "../../etc/cron.d/x.zip": archive(**{"..__..__etc__passwd": b"root"}),
        "list.mp4": playlist(address),
        "list.m3u8": playlist("file:///etc/passwd"),
        "concat.mp4": b"ffconcat version 1.0\nfile /etc/passwd\n",
        "sdp.mp4": (
            b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"
        ),
        "dash.mp4": b"<?xml version='1.0'?><MPD><BaseURL>" + address.encode() + b"</BaseURL></MPD>",
        "cut.mp4": whole[: len(whole) // 2],
        "cut.jpg": photo()[:4000],
        "cut.webm": film("webm", "libvpx", "libopus")[:300],
        "boxes.mp4": struct.pack(">I", 8) + b"ftyp" + (struct.pack(">I", 8) + b"free") * 50_000,
        "zero.mp4": b"\0\0\0\x20ftypisom" + bytes(5000),
        "mov.mp4": whole.replace(b"moov", b"zoov"),
        "huge.mp4": whole[:48] + struct.pack(">I", 0xFFFFFFF0) + b"moov" + bytes(64),
        "=cmd|' /C calc'!A0.csv": b"=cmd|' /C calc'!A0,1\n",
        "exe\u202egpj.jpg": b"MZ" + bytes(900),
        "长" * 300 + ".jpg": b"x",
        "nul\0byte.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "mouse.mvg": b"push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1:9/x'",
        "page.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        "sheet.xlsx": archive(**{"xl__workbook.xml": xxe}),
        "id3.mp3": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(2000),
        "sync.aac": b"\xff\xf1" * 3000,
        "ebml.mkv": b"\x1aE\xdf\xa3" + b"\xff" * 3000,
        "riff.wav": (
            b"RIFF\xff\xff\xff\xffWAVEfmt"
            b" \x10\0\0\0\x01\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xffdata\xff\xff\xff\xff"
        ),
    }
