"""Renditions, made in the sandboxed process: a small picture, a curve of loudness, a copy that
every browser plays.

Everything is written anew: no place, device or trailing bytes of the original come along.
"""

from __future__ import annotations

import array
import io
from typing import Any, BinaryIO, cast

import av
from PIL import Image, ImageDraw, ImageOps

PICTURES = ["JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF"]
SMALL, LARGE = 480, 2560
BARS, BAR_HEIGHT = 300, 96
# Below this length all of a sound is decoded, above it a sample at each bar.
_WHOLE_MS = 120_000
_MP4 = {"h264", "hevc", "av1", "aac", "mp3", "opus", "flac"}
_WEBM = {"vp8", "vp9", "av1", "opus", "vorbis"}
_ALONE = {"mp3": ("mp3", "audio/mpeg"), "flac": ("flac", "audio/flac"), "wav": ("wav", "audio/wav")}


def opened(given: BinaryIO, found: str) -> Any:
    """The container, its reader forced, with no protocol by which it could open anything else."""
    given.seek(0)
    return av.open(
        given,
        format=found,
        metadata_errors="replace",
        container_options=(
            {"protocol_whitelist": "none", "enable_drefs": "0", "max_streams": "32"}
            if found == "mp4"
            else {"protocol_whitelist": "none", "max_streams": "32"}
        ),
    )


def streams(container: Any) -> tuple[Any, Any]:
    """The first film and the first sound; a cover picture is no film."""
    film = next(
        (
            each
            for each in container.streams.video
            if each.codec_context is not None and not int(each.disposition) & 0x400
        ),
        None,
    )
    sound = next((each for each in container.streams.audio if each.codec_context is not None), None)
    for each in (film, sound):
        if each is not None:
            each.codec_context.thread_count = 1
    return film, sound


def measured(given: BinaryIO, found: str) -> int | None:
    """Length in ms by the last packet: what a browser records says nothing of its length."""
    end = 0.0
    with opened(given, found) as container:
        for packet in container.demux():
            if packet.pts is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return round(end * 1000) or None


def make(task: str, given: BinaryIO, made: BinaryIO | None, found: str) -> dict[str, Any]:
    """Write the rendition; {"type": media type}, or {} where this file has none of that kind."""
    assert made is not None
    if found == "picture":
        return (
            _photo(given, made, SMALL if task == "thumbnail" else LARGE)
            if task != "waveform"
            else {}
        )
    tasks = {"thumbnail": _still, "waveform": _curve, "playable": _playable}
    return tasks[task](given, made, found)


def _photo(given: BinaryIO, made: BinaryIO, edge: int) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(given, formats=PICTURES) as image:
        image.draft("RGB", (edge, edge))
        return _jpeg(image, made, edge)


def _jpeg(image: Image.Image, made: BinaryIO, edge: int) -> dict[str, Any]:
    image.thumbnail((edge, edge))
    upright = ImageOps.exif_transpose(image)
    plain = Image.new("RGB", upright.size, "white")
    shown = upright.convert("RGBA")
    plain.paste(shown, mask=shown.getchannel("A"))
    plain.save(made, "JPEG", quality=82)
    return {"type": "image/jpeg"}


def _still(given: BinaryIO, made: BinaryIO, found: str) -> dict[str, Any]:
    with opened(given, found) as container:
        film, _ = streams(container)
        if film is None:
            return {}
        if container.duration:
            # A tenth in: the first picture is often black.
            container.seek(container.duration // 10, backward=True)
        frame = next(iter(container.decode(film)))
        image = frame.to_image()
        turned = getattr(frame, "rotation", 0)
        return _jpeg(image.rotate(turned, expand=True) if turned else image, made, SMALL)


def _curve(given: BinaryIO, made: BinaryIO, found: str) -> dict[str, Any]:
    with opened(given, found) as container:
        _, sound = streams(container)
        if sound is None:
            return {}
        length = (container.duration or 0) // 1000 or measured(given, found) or 0
    if not length:
        return {}
    loud = _all(given, found, length) if length <= _WHOLE_MS else _sampled(given, found, length)
    _draw(loud).save(made, "PNG")
    return {"type": "image/png"}


def _all(given: BinaryIO, found: str, length: int) -> list[int]:
    loud = [0] * BARS
    with opened(given, found) as container:
        _, sound = streams(container)
        for frame in container.decode(sound):
            bar = min(BARS - 1, max(0, int((frame.time or 0) * 1000 * BARS / length)))
            loud[bar] = max(loud[bar], _peak(frame))
    return loud


def _sampled(given: BinaryIO, found: str, length: int) -> list[int]:
    loud = [0] * BARS
    with opened(given, found) as container:
        _, sound = streams(container)
        for bar in range(BARS):
            container.seek(length * 1000 * bar // BARS, backward=True)
            loud[bar] = max(
                (_peak(frame) for frame, _ in zip(container.decode(sound), range(4), strict=False)),
                default=0,
            )
    return loud


def _peak(frame: Any) -> int:
    peak = 0
    for plain in av.AudioResampler(format="s16", layout="mono", rate=8000).resample(frame):
        samples = array.array("h", bytes(cast(Any, plain.planes[0]))[: plain.samples * 2])
        peak = max(peak, *(abs(each) for each in (max(samples), min(samples)))) if samples else peak
    return peak


def _draw(loud: list[int]) -> Image.Image:
    image = Image.new("RGBA", (BARS * 2, BAR_HEIGHT), (0, 0, 0, 0))
    pen, middle = ImageDraw.Draw(image), BAR_HEIGHT // 2
    for bar, peak in enumerate(loud):
        half = max(1, peak * (middle - 2) // 32768)
        pen.line([(bar * 2, middle - half), (bar * 2, middle + half)], fill=(42, 82, 120, 255))
    return image


def _playable(given: BinaryIO, made: BinaryIO, found: str) -> dict[str, Any]:
    with opened(given, found) as container:
        chosen = [each for each in streams(container) if each is not None]
        codecs = {
            each.codec_context.name.removeprefix("lib").removesuffix("_at") for each in chosen
        }
        target = _target(found, codecs, any(each.type == "video" for each in chosen))
        if not target:
            return {}
        name, media_type = target
        options = (
            {"movflags": "frag_keyframe+empty_moov+default_base_moof"} if name == "mp4" else {}
        )
        with av.open(cast(io.BytesIO, made), "w", format=name, options=options) as copy:
            ways = {each.index: copy.add_stream_from_template(each) for each in chosen}
            for packet in container.demux(chosen):
                if packet.dts is not None:
                    packet.stream = ways[packet.stream.index]
                    copy.mux(packet)
    return {"type": media_type}


def _target(found: str, codecs: set[str], film: bool) -> tuple[str, str] | None:
    codecs = {
        (
            "vorbis"
            if each.startswith("vorbis")
            else (
                "opus"
                if each.startswith("opus")
                else (
                    "av1"
                    if "av1" in each or "dav1d" in each
                    else "vp9"
                    if "vpx-vp9" in each
                    else "vp8"
                    if "vpx" in each
                    else each
                )
            )
        )
        for each in codecs
    }
    alone = _ALONE.get(found)
    if alone and not film:
        return (
            alone
            if codecs <= {"mp3", "mp3float", "flac", "pcm_s16le", "pcm_u8", "pcm_s24le"}
            else None
        )
    codecs = {"mp3" if each == "mp3float" else each for each in codecs}
    side = "video" if film else "audio"
    if found in ("matroska", "ogg") and codecs <= _WEBM:
        return "webm", f"{side}/webm"
    return ("mp4", f"{side}/mp4") if codecs <= _MP4 else None
