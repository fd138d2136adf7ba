"""Marks a test with the clauses of the source documents that it proves, and in which sense."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., Any])


def clause(*ids: str) -> Callable[[Test], Test]:
    """@clause("WG-A7.1"): a user's way. The test goes through a page, a request, a command or a
    phone and fails if what the clause asks for no longer happens there. The cases that it plays
    are played through the officers' pages (`tests.scenes.pages`).
    """
    return _marked("clause", ids)


def rule(*ids: str) -> Callable[[Test], Test]:
    """@rule("WG-A7.1"): the rule engine, a function or the record alone keep the clause; nobody
    has shown yet that a user meets it.
    """
    return _marked("rule", ids)


def _marked(name: str, ids: tuple[str, ...]) -> Callable[[Test], Test]:
    if not ids:
        raise ValueError(f"{name}() needs at least one clause or row id")
    return getattr(pytest.mark, name)(*ids)  # type: ignore[no-any-return]
