"""A kind of matter is one whole object: no half kind is registered, and the words of the rules,
the lists of powers and the registered kinds agree.
"""

from __future__ import annotations

import ast
import re
from copy import copy
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from mingzheng.catalogue import categories
from mingzheng.catalogue import pages as page_kinds
from mingzheng.core.regimes import vocabulary
from mingzheng.core.steps import Procedure
from mingzheng.documents import kinds as papers
from mingzheng.procedures import matter_kinds, registry, tables
from mingzheng.procedures.matter_kinds import Category, Kind, lacking
from mingzheng.site import registrations
from tests.house.reading import modules, tree

PENALTY, PAGE = matter_kinds.find("penalty"), matter_kinds.find("page")
# Words of the rules whose matters no chapter carries yet. This list may only shrink.
TO_COME = {"supervision": "信访事项实地督查"}
CODES = {kind.code for kind in matter_kinds.every()}


def listing(text: str) -> list[int]:
    """Lines on which several kinds stand side by side and nothing else: a table of kinds."""
    found = []
    for node in ast.walk(tree(text)):
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            each = node.elts
        elif isinstance(node, ast.Dict):
            each = [key for key in node.keys if key]
        else:
            continue
        said = [part.value if isinstance(part, ast.Constant) else None for part in each]
        if len(set(said)) > 1 and set(said) <= CODES:
            found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    "part,empty",
    [
        ("facts", None),
        ("panels", ()),
        ("panels", (None,)),
        ("offer", None),
        ("order", 0),
        ("order", -1),
        ("number", 0),
        ("number", -1),
        ("categories", ()),
        ("usual", None),
        ("openings", ()),
        ("decisions", ()),
        ("heads", ()),
        ("heads", ("违法事实", "处罚结果")),
        ("heads", ("违法事实", "", "处罚结果")),
    ],
)
def test_a_half_kind_is_refused_and_what_it_lacks_is_named(part: str, empty: Any) -> None:
    half = replace(PENALTY, **{part: empty})
    assert lacking(half) == [part]
    with pytest.raises(ValueError, match=f"registered twice|lacks: .*{part}"):
        matter_kinds.register(half)


def test_a_kind_without_facts_cannot_even_be_written() -> None:
    whole: dict[str, Any] = {"code": "page", "panels": PAGE.panels, "facts": PAGE.facts}
    Kind(**whole)
    for part in whole:
        with pytest.raises(TypeError, match=part):
            Kind(**{name: value for name, value in whole.items() if name != part})


def test_everything_that_is_missing_is_named_at_once() -> None:
    bare = Kind(code="supervision", panels=(), facts=PENALTY.facts)
    with pytest.raises(ValueError) as caught:
        matter_kinds.register(bare)
    for part in ("panels", "offer", "order", "categories", "usual", "openings", "decisions"):
        assert part in str(caught.value)
    assert matter_kinds.known("supervision") is None


def test_the_agencys_own_affairs_need_no_openings_and_no_table() -> None:
    assert lacking(PAGE) == [] and not PAGE.enforcement


def test_a_kind_that_is_no_word_of_the_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="a word of the vocabulary"):
        matter_kinds.register(replace(PENALTY, code="fining"))


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Another kind with a table of its own and all the rest of a penalty."""
    monkeypatch.setattr(tables, "_tables", dict(tables._tables))
    return replace(
        PENALTY,
        code="supervision",
        openings=(replace(PENALTY.openings[0], kind="supervision"),),
        usual=tables.register_procedure(Procedure("twin", "", "supervision", (), (), (), "")),
    )


def test_a_kind_takes_no_word_number_or_opening_of_another(twin: Kind) -> None:
    with pytest.raises(ValueError, match=r"number 1.*opening penalty.*order 20.*word 行政处罚"):
        matter_kinds.register(twin)
    own: dict[str, Any] = {
        "number": 10**6,
        "order": 10**6,
        "categories": (Category("实地督查"),),
        "openings": (replace(twin.openings[0], code="supervision"),),
    }
    for part, said in (
        ("number", "number 1"),
        ("order", "order 20"),
        ("categories", "word 行政处罚"),
        ("openings", "opening penalty"),
    ):
        with pytest.raises(ValueError, match=f"takes what another has: {said}$"):
            matter_kinds.register(
                replace(twin, **{name: value for name, value in own.items() if name != part})
            )


def test_two_tables_of_one_code_are_refused() -> None:
    assert PENALTY.usual is not None
    with pytest.raises(ValueError, match="two tables of steps are called penalty-ordinary"):
        tables.register_procedure(copy(PENALTY.usual))


def test_openings_and_table_of_a_kind_are_its_own() -> None:
    licence = matter_kinds.find("licence")
    assert lacking(replace(PENALTY, openings=licence.openings[:1])) == [
        "openings: licence begins a matter of licence"
    ]
    assert lacking(replace(PENALTY, usual=licence.usual)) == [
        "usual: licence is a table of licence"
    ]


BUTTON = PENALTY.openings[0]


@pytest.mark.parametrize(
    "unfit,said",
    [
        ({"openings": (BUTTON, BUTTON)}, "openings: two are called penalty"),
        ({"openings": (replace(BUTTON, form=None),)}, "openings: penalty has no form"),
        ({"openings": (replace(BUTTON, run=None),)}, "openings: penalty has no run"),
        ({"openings": (replace(BUTTON, name=""),)}, "openings: penalty has no name"),
        ({"openings": (replace(BUTTON, roles=frozenset()),)}, "openings: penalty has no roles"),
        ({"categories": (Category(""),)}, "categories: one has no word"),
        ({"categories": (Category("行政处罚", also=("",)),)}, "categories: one has no word"),
        (
            {"categories": (Category("行政处罚", sort="a"), Category("行政处罚", sort="b"))},
            "categories: 行政处罚 stands twice",
        ),
        (
            {"categories": (Category("行政处罚"), Category("治安处罚"))},
            "categories: two are told apart by the sort “”",
        ),
        ({"usual": copy(PENALTY.usual)}, "usual: penalty-ordinary is no registered table"),
        ({"decisions": ("penalty-decison",)}, "decisions: penalty-decison is no paper"),
    ],
)
def test_a_part_that_leads_nowhere_is_no_part(unfit: dict[str, Any], said: str) -> None:
    assert lacking(replace(PENALTY, **unfit)) == [said]


def test_a_kind_of_page_that_is_not_there_keeps_the_web_process_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        matter_kinds._kinds, "penalty", replace(PENALTY, pages=("benchmark", "benchmrk"))
    )
    with pytest.raises(ImproperlyConfigured, match="penalty names benchmrk"):
        registrations.refuse_half()
    assert registrations.faults() == ["the kind penalty names benchmrk, which is no kind of page"]


def test_every_word_of_the_rules_is_a_registered_kind_or_stands_among_those_to_come() -> None:
    registered = {kind.code for kind in matter_kinds.every()}
    assert set(vocabulary().facts["kind"].choices) == registered | set(TO_COME)
    assert not registered & set(TO_COME)


def test_every_table_of_steps_and_every_opening_is_of_a_registered_kind() -> None:
    assert {table.kind for table in registry.procedures()} <= {
        kind.code for kind in matter_kinds.every()
    }
    assert {each.kind for each in registry.openings()} == {
        kind.code for kind in matter_kinds.enforcement()
    }


@pytest.mark.parametrize("kind", matter_kinds.enforcement(), ids=lambda kind: str(kind.code))
def test_what_a_kind_names_is_there(kind: Kind) -> None:
    assert kind.usual in registry.procedures()
    assert all(papers.find(code).sealed for code in kind.decisions)
    assert set(kind.pages) <= set(page_kinds.PAGE_KINDS)


def test_the_ten_categories_are_words_of_kinds_and_the_eleventh_is_no_power() -> None:
    for word in (*categories.STATUTORY, categories.SERVICES):
        meant = categories.meant(word)
        assert meant, word
        assert categories.word_of(meant[0], {"sort": meant[1]}) == word
    assert matter_kinds.known(categories.SERVICE) is None
    assert categories.words()[: len(categories.STATUTORY)] == list(categories.STATUTORY)


def test_a_list_of_kinds_is_noticed() -> None:
    assert listing('KINDS = ("penalty", "licence")') and listing('{"page": 1, "coercion": 2}')
    assert not listing('SOURCES = ("inspection", "complaint")') and not listing('("penalty",)')


def test_no_module_lists_kinds_beside_the_registered_ones() -> None:
    """A table of kinds anywhere else would have to be remembered whenever a kind is added."""
    # Modules of a package that are called like kinds; questions that the public asks by name.
    named = re.compile(r"^cases/\w+/(\w+/)?__init__\.py$|^portal/rules_views\.py$")
    found = [
        f"{path}:{line}"
        for path, text in modules()
        if not named.search(path)
        for line in listing(text)
    ]
    assert not found
