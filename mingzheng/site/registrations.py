"""Half a registration is refused: what chapters and kinds of matter said must lead to something
that is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.module_loading import import_string

from mingzheng.catalogue.pages import PAGE_KINDS
from mingzheng.procedures import chapters, matter_kinds
from mingzheng.procedures.chapters import Chapter


def refuse_half() -> None:
    """Stop the web process before somebody presses a button that leads nowhere."""
    found = [fault for chapter in chapters.every() for fault in _unreachable(chapter)]
    found += _without_page()
    if found:
        raise ImproperlyConfigured("\n".join(found))


def faults() -> list[str]:
    """Everything that a chapter or a kind said and that is not there."""
    return [
        *(
            fault
            for chapter in chapters.every()
            for fault in (*_unreachable(chapter), *_lacking(chapter))
        ),
        *_without_page(),
    ]


def _without_page() -> Iterator[str]:
    """What a kind names of a floor above it; the rest is refused when it registers."""
    for kind in matter_kinds.every():
        for code in kind.pages:
            if code not in PAGE_KINDS:
                yield f"the kind {kind.code} names {code}, which is no kind of page"


def _unreachable(chapter: Chapter) -> Iterator[str]:
    if chapter.pages and getattr(import_module(chapter.pages), "app_name", "") != chapter.code:
        yield f"{chapter.code}: {chapter.pages} has not the app_name of its chapter"
    known = set(_names(get_resolver()))
    for page in chapter.nouns:
        if page not in known:
            yield f"{chapter.code}: {page} has a noun and no address"
    for entry in chapter.menu:
        try:
            reverse(entry.page)
        except NoReverseMatch:
            yield f"{chapter.code}: the menu leads to {entry.page}, which is no address"
        if entry.icon not in pictures():
            yield f"{chapter.code}: {entry.page} has the picture {entry.icon}, which is not drawn"
    for panel in chapter.panels:
        try:
            get_template(panel.template)
        except TemplateDoesNotExist:
            yield f"{chapter.code}: the template {panel.template} of a panel is not there"


def _lacking(chapter: Chapter) -> Iterator[str]:
    for scene in chapter.scenes:
        try:
            import_string(scene.play)
        except ImportError:
            yield f"{chapter.code}: the scene {scene.play} of the demo is not there"
    for doc in chapter.docs:
        if not (settings.ROOT / doc).is_file():
            yield f"{chapter.code}: {doc} is not there"
    listed = (settings.ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for each in chapter.settings:
        if f"`{each.variable}`" not in listed:
            yield f"{chapter.code}: docs/settings.md does not list {each.variable}"


def _names(within: URLResolver, space: str = "") -> Iterator[str]:
    for each in within.url_patterns:
        if isinstance(each, URLPattern):
            yield f"{space}:{each.name}" if space else str(each.name)
        else:
            yield from _names(each, each.namespace or space)


def pictures() -> set[str]:
    """Every picture that a line of the menu may have."""
    sheet = finders.find("icons.svg")
    assert isinstance(sheet, str)
    return {
        piece.partition('"')[0]
        for piece in Path(sheet).read_text(encoding="utf-8").split('id="')[1:]
    }
