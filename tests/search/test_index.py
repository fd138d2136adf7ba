"""The index answers what looking through every text would answer, newest first, whatever is
asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mingzheng.disclosure.models import Publication
from mingzheng.portal import indexing, searching
from mingzheng.search import building, grams
from mingzheng.search.building import Doc, build
from mingzheng.search.reading import Asked, Index, current
from mingzheng.site.demo.play import at
from tests.cases.telling import case, do
from tests.search.paging import every_code

LETTERS = "甲乙丙a ＡB😀"
TEXT = st.text(alphabet=LETTERS, max_size=12)


def by_hand(docs: list[Doc], asked: Asked) -> list[int]:
    """Looking through every text."""
    words = [grams.plain(word) for word in asked.words]
    return [
        doc.id
        for doc in docs
        if all(word in grams.plain(doc.text) for word in words)
        and all(getattr(doc, name) == value for name, value in asked.equal)
        and (asked.since is None or doc.day >= asked.since)
        and (asked.until is None or doc.day <= asked.until)
        and (asked.after is None or (doc.day, doc.id) < asked.after)
        and doc.id not in asked.gone
    ]


def index_of(folder: Path, docs: list[Doc]) -> Index:
    """An index of these, as it is read again."""
    build(folder / "index", docs, {"act": 0})
    found = current(folder)
    assert found is not None
    return found


@pytest.mark.parametrize(("piece", "dense"), [(20_000, 32), (3, 2), (3, 10_000)])
@hypothesis_settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(TEXT, min_size=1, max_size=25),
    words=st.lists(st.text(alphabet=LETTERS.replace(" ", ""), min_size=1, max_size=4), max_size=3),
    data=st.data(),
)
def test_the_index_answers_what_looking_through_would(
    tmp_path_factory: pytest.TempPathFactory,
    piece: int,
    dense: int,
    texts: list[str],
    words: list[str],
    data: Any,
) -> None:
    docs = [Doc(1000 - n, text, 500 - n // 3, n % 3, n % 2) for n, text in enumerate(texts)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "PIECE", piece)
        patch.setattr(building, "DENSE", dense)
        index = index_of(tmp_path_factory.mktemp("index"), docs)
    after = data.draw(st.sampled_from([None, *[(doc.day, doc.id) for doc in docs]]))
    asked = Asked(
        tuple(words),
        data.draw(st.sampled_from([(), (("agency", 1),)])),
        data.draw(st.sampled_from([None, 495])),
        None,
        after,
        frozenset(data.draw(st.sampled_from([(), (1000, 998)]))),
    )
    right = by_hand(docs, asked)
    every = by_hand(
        docs, Asked(asked.words, asked.equal, asked.since, asked.until, None, asked.gone)
    )
    answer = index.find(asked, 5, 7)
    assert list(answer.ids) == right[:5] and answer.more == (len(right) > 5)
    assert answer.count == min(len(every), 7) and answer.capped == (len(every) > 7)


def test_a_new_index_takes_the_place_of_the_old_at_once(tmp_path: Path) -> None:
    first = index_of(tmp_path, [Doc(1, "甲乙", 1)])
    second = index_of(tmp_path, [Doc(2, "丙丁", 2)])
    assert first.find(Asked(("甲乙",)), 5, 5).ids == (1,), "whoever has the old one open reads on"
    assert (
        second.find(Asked(("丙丁",)), 5, 5).ids == (2,)
        and not second.find(Asked(("甲乙",)), 5, 5).ids
    )
    index_of(tmp_path, [Doc(3, "戊己", 3)])
    assert len(list(tmp_path.glob("index-*"))) == 2


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """A data directory of the test's own."""
    kept = settings.DATA
    settings.DATA = tmp_path
    yield tmp_path
    settings.DATA = kept


def test_what_came_and_went_since_is_known_at_once(bodies: dict[str, Any], here: Path) -> None:
    first, second = case(bodies).go("published"), case(bodies, fine="9000").go("published")
    indexing.rebuild()
    assert indexing.opened() is not None
    third = case(bodies, fine="8000").go("published")
    asked = searching.ask({"q": "能源"})
    codes = {
        journey: Publication.objects.get(record=journey.play.record, state=Publication.LIVE).code
        for journey in (first, second, third)
    }
    assert {line.code for line in searching.search(asked).lines} == set(
        codes.values()
    ) and searching.search(asked).count == "3"
    second.forward(2)
    do(second, "publication.withdrawn", hour=10, cause="wrong", reason="公示内容有误。")
    with at(second.day, 11):
        second.play.approve()
    assert {line.code for line in searching.search(asked).lines} == {
        codes[first],
        codes[third],
    } and searching.search(asked).count == "2"


def test_the_index_is_built_once_enough_has_changed(
    bodies: dict[str, Any], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case(bodies).go("published")
    assert not indexing.refresh() and indexing.opened() is None
    monkeypatch.setattr(indexing, "FEW", 0)
    assert indexing.refresh() and not indexing.refresh()
    case(bodies, fine="9000").go("published")
    assert indexing.refresh()


def test_pages_follow_each_other_through_index_and_news(
    bodies: dict[str, Any], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [case(bodies, fine=str(1000 + n)).go("published") for n in range(2)]
    indexing.rebuild()
    made += [case(bodies, fine=str(2000 + n)).go("published") for n in range(2)]
    monkeypatch.setattr(searching, "PAGE", 1)
    seen = every_code({"q": "能源"})
    right = (
        Publication.objects.filter(state=Publication.LIVE, form="decision")
        .order_by("-published_on", "-id")
        .values_list("code", flat=True)
    )
    assert seen == list(right) and len(seen) == len(made)
