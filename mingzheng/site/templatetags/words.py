"""Dates, money and small marks as the field writes them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mingzheng.core import clock, nouns
from mingzheng.procedures import chapters
from mingzheng.records import words

register = template.Library()


@register.filter
def cday(value: date | datetime | str | None) -> str:
    """2026年11月21日."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        value = clock.local(value).date()
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def mday(value: date | datetime | str | None) -> str:
    """11月21日; with the year when it is another one."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        value = clock.local(value).date()
    short = f"{value.month}月{value.day}日"
    return short if value.year == clock.today().year else f"{value.year}年{short}"


@register.filter
def weekday(value: date | None) -> str:
    """星期二."""
    return "星期" + "一二三四五六日"[value.weekday()] if value else ""


@register.filter
def ctime(value: datetime | None) -> str:
    """11月21日 09:30."""
    return f"{mday(value)} {clock.local(value):%H:%M}" if value else ""


@register.filter
def seconds(ms: int | None) -> str:
    """Milliseconds as whole seconds."""
    return "" if ms is None else str(round(ms / 1000))


@register.filter
def yuan(fen: int | None) -> str:
    """分 as yuan with separators."""
    if fen is None:
        return ""
    return f"{fen / 100:,.2f}" if fen % 100 else f"{fen // 100:,}"


@register.filter
def act_name(act: Any) -> str:
    """The Chinese name of an act."""
    return words.act_name(act.kind, act.of)


@register.filter
def owner_name(owner: str) -> str:
    """Who owes something."""
    return words.owner_name(owner)


@register.filter
def channel_name(channel: str) -> str:
    """A channel."""
    return words.channel_name(channel)


@register.filter
def role_name(role: str) -> str:
    """A role."""
    return words.role_name(role)


@register.filter
def loads(text: str) -> Any:
    """Stored JSON as values."""
    return json.loads(text)


@register.filter
def get(table: Any, key: Any) -> Any:
    """One value of a table, or nothing."""
    return table.get(key) if hasattr(table, "get") else None


@register.simple_tag
def word(name: str) -> str:
    """The noun of a page, by the name of its address."""
    return nouns.word(name)


@register.simple_tag
def line_of(kind: str) -> str:
    """The page of the menu under which matters of this kind are listed."""
    return chapters.line_of(kind)


@register.simple_tag(takes_context=True)
def beside(context: Context, template: str, shown: dict[str, Any]) -> SafeString:
    """A panel that a chapter brings to a matter's page, given only what the chapter read."""
    return mark_safe(render_to_string(template, shown, request=context["request"]))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A symbol of the icon sheet; decoration unless it has a label."""
    if label:
        return format_html(
            '<svg class="i" role="img" aria-label="{}"><use href="/static/icons.svg#{}"/></svg>',
            label,
            name,
        )
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="/static/icons.svg#{}"/></svg>', name
    )


@register.inclusion_tag("site/light.html")
def light(shown: Any, pill: bool = False, how: str = "") -> dict[str, Any]:
    """A light: shape, words and colour together; `how` links to 怎么算的."""
    return {"light": shown, "pill": pill, "how": how}
