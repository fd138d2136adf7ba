"""A signature written with a finger or a pen: points in time, checked, and drawn by us as a
path.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import forms

# Enough for any name; a pad samples some hundred points a second. Limits of a drawing, not of law.
POINTS, SIDE, STROKES = 20_000, 4_000, 400


@dataclass(frozen=True)
class Written:
    """Strokes as [[x, y, t]…]: pixels of the pad and ms since the first touch; `width` × `height`
    of the pad.
    """

    strokes: tuple[tuple[tuple[int, int, int], ...], ...]
    width: int
    height: int

    @property
    def path(self) -> str:
        """The drawing as SVG path data: only letters of ours and integers."""
        return " ".join(
            "M" + " L".join(f"{x} {y}" for x, y, _ in stroke) for stroke in self.strokes
        )

    @property
    def svg(self) -> str:
        """The drawing as an SVG picture, black ink on nothing."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width}'
            f' {self.height}"><path d="{self.path}" fill="none" stroke="#1A1A1A"'
            f' stroke-width="{max(self.height // 45, 2)}" stroke-linecap="round"'
            ' stroke-linejoin="round"/></svg>'
        )

    def kept(self) -> dict[str, Any]:
        """As it is kept in the record."""
        return {
            "strokes": [[list(point) for point in stroke] for stroke in self.strokes],
            "width": self.width,
            "height": self.height,
        }


def read(text: str) -> Written | None:
    """The pad's JSON, or None when nothing was written; ValidationError when it is no drawing."""
    if not text.strip():
        return None
    try:
        said = json.loads(text)
        strokes = tuple(
            tuple((int(x), int(y), int(t)) for x, y, t in stroke)
            for stroke in said["strokes"]
            if stroke
        )
        width, height = int(said["width"]), int(said["height"])
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise forms.ValidationError("签名没有读出来，请擦掉重签。") from error
    points = [point for stroke in strokes for point in stroke]
    if not points:
        return None
    fits = (
        0 < width <= SIDE
        and 0 < height <= SIDE
        and len(strokes) <= STROKES
        and len(points) <= POINTS
    )
    if not fits or any(
        not (0 <= x <= width and 0 <= y <= height and 0 <= t < 3_600_000) for x, y, t in points
    ):
        raise forms.ValidationError("签名没有读出来，请擦掉重签。")
    if len(points) < 8:
        raise forms.ValidationError("签名太短，像是误触，请擦掉重签。")
    return Written(strokes, width, height)


class StrokeField(forms.CharField):
    """A signature pad; cleaned to Written or None."""

    widget = forms.HiddenInput(attrs={"data-pad": ""})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=600_000, **options)

    def clean(self, value: Any) -> Written | None:
        """Read what the pad sent."""
        return read(str(super().clean(value) or ""))
