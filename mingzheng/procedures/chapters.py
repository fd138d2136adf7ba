"""What a chapter brings to the house, said by the chapter itself in its `apps.py`.

Nothing is looked for: a chapter calls `register` once, and floors 4 and 5 read what was said.
What stands on a higher floor than the chapter (its pages, its scenes of the demo) is named by a
dotted string, as Django's `include` does, and is imported by whoever needs it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mingzheng.agencies.models import Agency
from mingzheng.core import nouns
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record


@dataclass(frozen=True)
class Seen:
    """Who looks at the menu: the identity, its agency, the kinds of matter the agency may take up,
    and what waits under each tab of the workbench.
    """

    by: Actor
    body: Agency
    powers: set[str]
    counts: Mapping[str, int] = field(default_factory=dict)


def _everybody(seen: Seen) -> bool:
    return True


def _nothing(seen: Seen) -> int:
    return 0


@dataclass(frozen=True)
class Entry:
    """A line of the desk's menu.

    `page` is the name of its address, whose noun is its word; `place` the smaller the higher;
    `shown` says who has it, `waiting` the number beside it; matters of `kinds` are listed under it.
    """

    page: str
    place: int
    icon: str
    shown: Callable[[Seen], bool] = _everybody
    waiting: Callable[[Seen], int] = _nothing
    kinds: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What a page calls itself to be marked as open in the menu."""
        return self.page.partition(":")[2]


@dataclass(frozen=True)
class Panel:
    """A box in the right column of a matter's page: `read` gives the template what it shows, or
    nothing where there is nothing to show.
    """

    place: int
    template: str
    read: Callable[[Record], dict[str, object] | None]


@dataclass(frozen=True)
class Tie:
    """What a link between two matters is called, seen from its source and from its target; with
    `of` only on the page of a matter of that kind.
    """

    kind: str
    forth: str
    back: str
    of: str = ""


@dataclass(frozen=True)
class Scene:
    """A part of the demo: a function that takes the agencies made; it may yield (done, of)."""

    place: int
    play: str


@dataclass(frozen=True)
class Setting:
    """A variable of the environment that only this chapter reads."""

    variable: str
    says: str
    default: Callable[[], str] = str

    def read(self) -> str:
        """What the operator set."""
        return os.environ.get(self.variable) or self.default()


@dataclass(frozen=True)
class Chapter:
    """All that one chapter brings."""

    code: str
    pages: str = ""
    nouns: Mapping[str, str] = field(default_factory=dict)
    menu: tuple[Entry, ...] = ()
    panels: tuple[Panel, ...] = ()
    ties: tuple[Tie, ...] = ()
    scenes: tuple[Scene, ...] = ()
    settings: tuple[Setting, ...] = ()
    docs: tuple[str, ...] = ()


_chapters: dict[str, Chapter] = {}


def register(chapter: Chapter) -> None:
    """Take in a chapter; what contradicts another is refused at once."""
    if chapter.code in _chapters:
        raise ValueError(f"chapter {chapter.code} is registered twice")
    pages, places = {entry.page for entry in menu()}, {entry.place for entry in menu()}
    for entry in chapter.menu:
        if entry.page not in chapter.nouns:
            raise ValueError(f"{entry.page} stands in the menu and has no noun")
        if entry.page in pages:
            raise ValueError(f"{entry.page} stands in the menu twice")
        if entry.place in places:
            raise ValueError(f"{entry.page} takes place {entry.place} of the menu, which is taken")
        pages.add(entry.page)
        places.add(entry.place)
    nouns.register(chapter.nouns)
    _chapters[chapter.code] = chapter


def every() -> tuple[Chapter, ...]:
    """Every chapter, in the order of INSTALLED_APPS."""
    return tuple(_chapters.values())


def menu() -> list[Entry]:
    """Every line of the menu, from top to bottom."""
    return sorted(
        (entry for chapter in every() for entry in chapter.menu), key=lambda entry: entry.place
    )


def panels() -> list[Panel]:
    """Every panel of a matter's page, from top to bottom."""
    return sorted(
        (panel for chapter in every() for panel in chapter.panels), key=lambda panel: panel.place
    )


def scenes() -> list[Scene]:
    """The demo, from its first scene to its last."""
    return sorted(
        (scene for chapter in every() for scene in chapter.scenes), key=lambda scene: scene.place
    )


def line_of(kind: str) -> str:
    """The page under which matters of this kind are listed."""
    return next((entry.page for entry in menu() if kind in entry.kinds), "desk:cases")


def tie(kind: str, of: str) -> Tie:
    """What a link is called on the page of a matter of kind `of`."""
    known = [tie for chapter in every() for tie in chapter.ties if tie.kind == kind]
    return next(
        (tie for tie in known if tie.of == of),
        next((tie for tie in known if not tie.of), Tie(kind, kind, kind)),
    )
