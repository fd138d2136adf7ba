"""Pictures: pixels only, marked places painted over; no EXIF, thumbnail, profile, further frames
or hidden transparency.
"""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageOps

from mingzheng.core.redaction.files.shapes import MOST_PIXELS, Refused, Seen

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


def rebuilt(data: bytes, seen: Seen) -> tuple[bytes, str, str, tuple[str, ...]]:
    """The picture decoded and written anew; refused until a person has looked and marked."""
    if seen.regions is None:
        raise Refused(
            "图片里的文字系统认不出，请人工看过并标出要遮盖的位置；没有要遮盖的，也请确认"
        )
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused(f"图片超过 {MOST_PIXELS // 10_000} 万像素，请缩小后再公示")
            lossy = opened.format in ("JPEG", "WEBP")
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except Refused:
        raise
    # The readers raise whatever they like at broken input; all of it means the same.
    except Exception:
        raise Refused("图片已损坏或者不是图片，请重新保存后上传") from None
    # What lay under full transparency was never seen.
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    brush = ImageDraw.Draw(flat)
    for each in seen.regions:
        brush.rectangle(
            (
                each.left * flat.width,
                each.top * flat.height,
                each.right * flat.width,
                each.bottom * flat.height,
            ),
            fill="black",
        )
    out = io.BytesIO()
    if lossy:
        flat.save(out, "JPEG", quality=90)
        return out.getvalue(), "image/jpeg", "jpg", ()
    flat.save(out, "PNG")
    return out.getvalue(), "image/png", "png", ()
