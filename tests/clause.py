"""Marks a test with the clauses of the source documents that it proves."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., Any])


def clause(*ids: str) -> Callable[[Test], Test]:
    """@clause("WG-A7.1"): the pytest marker `clause` with these ids."""
    if not ids:
        raise ValueError("clause() needs at least one clause id")
    return pytest.mark.clause(*ids)
