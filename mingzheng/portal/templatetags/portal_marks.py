"""Small drawings of the public pages, as SVG so that no inline style is needed."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mingzheng.portal.balance import Balance

register = template.Library()
WIDTH = 1000
GAP = 4
PARTS = (
    ("published", "g", "已公示"),
    ("withheld", "n", "依法不予公开"),
    ("within", "y", "期限内"),
    ("overdue", "r", "超期"),
)


@register.simple_tag
def balance_bar(row: Balance) -> SafeString:
    """The balance as one bar; its numbers stand beside it."""
    shown = [(getattr(row, name), tone, label) for name, tone, label in PARTS if getattr(row, name)]
    if not shown:
        return format_html(
            '<svg class="bbar" viewBox="0 0 {} 12" preserveAspectRatio="none" aria-hidden="true">'
            '<rect class="e" width="{}" height="12"/></svg>',
            WIDTH,
            WIDTH,
        )
    room, at, rects = WIDTH - GAP * (len(shown) - 1), 0.0, []
    for number, tone, _ in shown:
        width = room * number / row.due
        rects.append((tone, f"{at:.1f}", f"{width:.1f}"))
        at += width + GAP
    said = "，".join(f"{label} {number} 件" for number, _, label in shown)
    return format_html(
        '<svg class="bbar" viewBox="0 0 {} 12" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}</svg>',
        WIDTH,
        said,
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="12"/>', rects),
    )


@register.simple_tag
def length_bar(number: int | None, most: int, wide: bool = False) -> SafeString:
    """A bar as long as a limit: decoration beside the number it shows."""
    if not number or not most:
        return SafeString("")
    return format_html(
        '<svg class="lbar{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="e" width="100" height="6"/><rect class="v" width="{}" height="6"/></svg>',
        " w" if wide else "",
        f"{min(100, 100 * number / most):.0f}",
    )
