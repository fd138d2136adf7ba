"""Small but real recordings for the demo and the tests: pictures that move, made on the spot."""

from __future__ import annotations

import io
import zlib
from functools import lru_cache

import av
import numpy as np
from PIL import Image, ImageDraw

from mingzheng.records import store

SIZE = (320, 180)


@lru_cache(maxsize=64)
def video(seconds: int = 600, mark: str = "") -> bytes:
    """An MP4 of so many seconds, one picture a second with its running time; `mark` makes another
    file of the same length.
    """
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264", rate=1, options={"preset": "ultrafast", "crf": "40", "tune": "stillimage"}
        )
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for second in range(seconds):
            frame = av.VideoFrame.from_ndarray(_picture(second, mark), format="rgb24")
            frame.pts = second
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def _picture(second: int, mark: str) -> np.ndarray:
    image = Image.new("RGB", SIZE, (38, 56, 60 + zlib.crc32(mark.encode()) % 90))
    pen = ImageDraw.Draw(image)
    pen.rectangle((20 + second % 200, 60, 100 + second % 200, 140), fill=(150, 126, 90))
    pen.text((10, 10), f"REC {second // 60:02d}:{second % 60:02d}", fill=(255, 255, 255))
    return np.asarray(image)


@lru_cache(maxsize=8)
def photo(mark: str = "") -> bytes:
    """A JPEG of a shelf, so to say; `mark` gives the wall another colour."""
    hue = zlib.crc32(mark.encode()) % 90
    image = Image.new("RGB", (640, 480), (196, 186, 110 + hue))
    pen = ImageDraw.Draw(image)
    for row in range(4):
        pen.rectangle((40, 60 + row * 100, 600, 70 + row * 100), fill=(110, 84, 60))
        for box in range(7):
            pen.rectangle(
                (60 + box * 75, 20 + row * 100, 115 + box * 75, 60 + row * 100),
                fill=(90 + box * 20, 120, 150 - row * 20),
            )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def kept(kind: str, seconds: int = 600, mark: str = "") -> store.Stored:
    """A clip or picture that lies in the store."""
    if kind == "video":
        return store.put_bytes(video(seconds, mark), "video/mp4")
    return store.put_bytes(photo(mark), "image/jpeg")
