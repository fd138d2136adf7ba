"""A chapter plugs in: what it says of itself appears, and half of it is refused."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path, reverse

from mingzheng.core import nouns
from mingzheng.procedures import chapters
from mingzheng.procedures.chapters import Chapter, Entry, Panel, Scene, Seen, Setting, Tie
from mingzheng.records.models import Record
from mingzheng.site import registrations, urls
from tests.house.reading import ROOT, modules

PAGES = "tests_toy_urls"
# Papers of the house that no chapter owns.
OF_THE_HOUSE = {"clauses.md", "dependencies.md", "running.md", "security.md", "settings.md"}


def toys(request: HttpRequest) -> HttpResponse:
    """The toy chapter's page."""
    return HttpResponse("toys")


def shown(record: Record) -> dict[str, object] | None:
    """The toy chapter's box on the page of every matter."""
    return {"panel": {"title": "玩具箱", "lines": (("玩具", f"三件，{record.kind}"),)}}


TOY = Chapter(
    "toys",
    pages=PAGES,
    nouns={"toys:toys": "玩具登记"},
    menu=(Entry("toys:toys", 25, "box", waiting=lambda seen: 7),),
    panels=(Panel(35, "desk/panel.html", shown),),
    ties=(Tie("toy", "玩具所属的案件", "本案的玩具"),),
)


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that registers a chapter as its `apps.py` would, until the test is over."""
    module = ModuleType(PAGES)
    module.app_name = "toys"  # type: ignore[attr-defined]
    module.urlpatterns = [path("toys", toys, name="toys")]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, PAGES, module)
    monkeypatch.setattr(chapters, "_chapters", dict(chapters._chapters))
    monkeypatch.setattr(nouns, "_words", dict(nouns._words))

    def registered(chapter: Chapter) -> None:
        chapters.register(chapter)
        monkeypatch.setattr(urls, "urlpatterns", urls.table())
        clear_url_caches()

    yield registered
    clear_url_caches()


@pytest.mark.django_db
def test_a_new_chapter_appears_and_no_list_was_edited(
    plug: Any, bodies: dict[str, Any], desk: Client, matter: Record
) -> None:
    plug(TOY)
    assert desk.get("/desk/toys").content == b"toys"
    page = desk.get(f"/desk/cases/{matter.pk}").content.decode()
    line = page[page.index('href="/desk/toys"') : page.index("玩具登记") + 40]
    assert "icons.svg#box" in line and "<em>7</em>" in " ".join(line.split()).replace(" >", ">")
    assert page.index("执法案件") < page.index("玩具登记") < page.index("玩具箱")
    assert f"三件，{matter.kind}" in page
    assert chapters.tie("toy", "penalty").back == "本案的玩具"
    registrations.refuse_half()


def test_what_a_chapter_may_bring_is_there() -> None:
    assert not registrations.faults()


HALF = {
    "an entry without an address": (
        Chapter("half", nouns={"half:gone": "半"}, menu=(Entry("half:gone", 26, "box"),)),
        "half:gone, which is no address",
    ),
    "a noun without an address": (Chapter("half", nouns={"half:gone": "半"}), "no address"),
    "a picture that is not drawn": (
        Chapter("toys", PAGES, {"toys:toys": "半"}, (Entry("toys:toys", 26, "unicorn"),)),
        "unicorn",
    ),
    "a panel without a template": (
        Chapter("half", panels=(Panel(36, "desk/gone.html", shown),)),
        "desk/gone.html",
    ),
    "pages of another chapter": (Chapter("half", PAGES), "app_name"),
}
LACKING = {
    "a scene that is not there": (
        Chapter("half", scenes=(Scene(9, "mingzheng.gone.play"),)),
        "play",
    ),
    "a paper that is not there": (Chapter("half", docs=("docs/gone.md",)), "docs/gone.md"),
    "a setting that nobody can read about": (
        Chapter("half", settings=(Setting("MINGZHENG_HALF", "半"),)),
        "MINGZHENG_HALF",
    ),
}


@pytest.mark.parametrize("half", HALF)
def test_half_a_registration_keeps_the_web_process_from_starting(plug: Any, half: str) -> None:
    chapter, said = HALF[half]
    plug(chapter)
    with pytest.raises(ImproperlyConfigured, match=said):
        registrations.refuse_half()


@pytest.mark.parametrize("half", LACKING)
def test_half_a_registration_is_found_by_the_check(plug: Any, half: str) -> None:
    chapter, said = LACKING[half]
    plug(chapter)
    assert [fault for fault in registrations.faults() if said in fault]


@pytest.mark.parametrize(
    ("again", "said"),
    [
        (Chapter("cases"), "twice"),
        (Chapter("half", menu=(Entry("half:page", 26, "box"),)), "no noun"),
        (
            Chapter("half", nouns={"half:page": "半"}, menu=(Entry("half:page", 20, "box"),)),
            "place 20 of the menu, which is taken",
        ),
        (
            Chapter(
                "half",
                nouns={"half:one": "一", "half:two": "二"},
                menu=(Entry("half:one", 26, "box"), Entry("half:two", 26, "box")),
            ),
            "half:two takes place 26 of the menu, which is taken",
        ),
        (
            Chapter(
                "half",
                nouns={"half:one": "一"},
                menu=(Entry("half:one", 26, "box"), Entry("half:one", 27, "box")),
            ),
            "half:one stands in the menu twice",
        ),
        (Chapter("half", nouns={"desk:cases": "别的叫法"}), "already called"),
    ],
)
def test_what_contradicts_another_chapter_is_refused_at_once(
    plug: Any, again: Chapter, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        plug(again)


def test_whoever_may_not_has_no_line(bodies: dict[str, Any]) -> None:
    """The menu asks each chapter; nobody else decides."""
    seen = Seen(by=None, body=bodies["wg"], powers=set())  # type: ignore[arg-type]
    entry = next(each for each in chapters.menu() if each.page == "cases:licences")
    assert not entry.shown(seen) and reverse(entry.page) == "/desk/licences"


def test_every_paper_belongs_to_a_chapter_or_to_the_house() -> None:
    owned = {doc for chapter in chapters.every() for doc in chapter.docs}
    papers = {each.name for each in (ROOT / "docs").glob("*.md")}
    assert papers == {doc.rpartition("/")[2] for doc in owned if doc.count("/") == 1} | OF_THE_HOUSE


def test_every_setting_is_listed() -> None:
    """docs/settings.md names each variable that the product reads, and no other."""
    read = {each.variable for chapter in chapters.every() for each in chapter.settings} | {
        name
        for _, text in modules()
        for name in re.findall(r"environ\.get\(\s*\"([A-Z_]+)\"", text)
        if name.startswith("MINGZHENG_") or name == "DATABASE_URL"
    }
    listed = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", listed, re.M)) == read
