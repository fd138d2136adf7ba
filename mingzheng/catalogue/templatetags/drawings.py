"""Drawings of pages in templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from mingzheng.catalogue import drawing

register = template.Library()


@register.simple_tag
def chart(block: Mapping[str, Any]) -> SafeString:
    """The flow chart of a block as SVG; every text in it is escaped where it is drawn."""
    return mark_safe(drawing.svg(block))


@register.filter
def beside(row: Sequence[str], head: Sequence[str]) -> list[tuple[str, str]]:
    """(name of the column, cell) of a row: on a narrow screen every cell says what it is."""
    return list(zip(head, row, strict=True))
