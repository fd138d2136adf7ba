"""An address is written once, where its page is named; everything else asks for it by that name.

Files below /static/ are no pages: their address is their name on disk, below `STATIC_URL`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mingzheng.pages import front
from tests.house.reading import PRODUCT, modules, templates, tree

# Who may write an address by hand, and why.
BY_HAND = {
    "pages/front.py": "answers before the framework is asked, on the path that must stay short",
    "records/seal/keys.py": "the published names of ledger and witness, which no address may change",
}


def patterns(
    within: URLResolver, space: str = "", before: str = ""
) -> Iterator[tuple[str, str, str]]:
    """(route, namespace, name) of every address of the product."""
    for each in within.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, space, each.name or ""
        else:
            yield from patterns(each, each.namespace or space, route)


def first_words() -> set[str]:
    """What addresses begin with: desk, p, q, capture …"""
    found = {route.split("/")[0] for route, _, _ in patterns(get_resolver())}
    return {re.escape(word) for word in found if word}


def spelt(text: str) -> list[str]:
    """Addresses of the product that a piece of text spells out."""
    words = "|".join(sorted(first_words()))
    return re.findall(rf"(?:^|(?<=[\s\"'`(=>}}）（]))/(?:{words})(?=$|[/?#\"'`<\s)）])", text)


def strings(text: str) -> Iterator[str]:
    """Every string of a module but docstrings; of one with holes, each piece between them."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def scripts() -> list[tuple[str, str]]:
    """Our own scripts, the service worker among them."""
    return [
        (str(path.relative_to(PRODUCT)), path.read_text(encoding="utf-8"))
        for path in sorted(PRODUCT.rglob("*.js"))
        if "vendor" not in path.parts
    ]


def front_page(text: str) -> list[str]:
    """The front page has no word; in a template it is an attribute that is, or begins with, `/`."""
    return re.findall(r"(?:href|action)=\"/(?:#[^\"]*)?\"", text)


@pytest.mark.parametrize(
    "bad",
    [
        '<a href="/desk/cases">',
        '<form action="/p/{{ code }}">',
        'fetch("/capture/now")',
        "fetch(`/desk/uploads/${code}`)",
        "?next=/capture",
        "form[action='/logout']",
        "/q/",
    ],
)
def test_a_written_address_is_noticed(bad: str) -> None:
    assert spelt(bad)
    assert front_page('<a href="/">') and front_page('<a href="/#units">')


@pytest.mark.parametrize(
    "good", ["{% url 'desk:case' record.pk %}", '"/static/desk.js"', "a/p/b", "</p>", "docs/open"]
)
def test_other_slashes_are_no_addresses(good: str) -> None:
    assert not spelt(good)


def test_templates_and_scripts_ask_for_addresses_by_name() -> None:
    pages = [*templates(), *scripts()]
    assert not [f"{path}: {each}" for path, text in pages for each in spelt(text)]
    assert not [f"{path}: {each}" for path, text in templates() for each in front_page(text)]


def test_code_asks_for_addresses_by_name() -> None:
    found = {
        path: words
        for path, text in modules()
        if not re.search(r"(^|/)urls(\.py|/)", path)
        and (words := [word for piece in strings(text) for word in spelt(piece)])
    }
    assert set(found) == {path for path in BY_HAND if path in found}, found


def test_who_writes_by_hand_still_does() -> None:
    texts = dict(modules())
    assert all(any(spelt(piece) for piece in strings(texts[path])) for path in BY_HAND)


def test_every_address_has_a_name_of_its_own() -> None:
    named = [(space, name) for _, space, name in patterns(get_resolver())]
    assert not [route for route, _, name in patterns(get_resolver()) if not name]
    assert len(named) == len(set(named))


def test_the_door_before_the_framework_knows_the_same_address() -> None:
    assert reverse("portal:item", args=["x"]) == f"{front.PREFIX}x"
