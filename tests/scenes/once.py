"""What depends on nothing but files is proven once for each content of these files.

The proof is a file beside pytest's cache, named by the content. A fresh clone has none and proves
everything; so does `--long`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROVEN = ROOT / ".pytest_cache" / "proven"


def content(places: Iterable[Path]) -> str:
    """The content of files and of everything under folders."""
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@contextmanager
def proof(request: pytest.FixtureRequest, places: Iterable[Path]) -> Iterator[bool]:
    """Whether this test still has to be run on this content; it is proven when nothing fails."""
    key = hashlib.sha256(f"{request.node.nodeid}\0{content(places)}".encode()).hexdigest()
    mark = PROVEN / key[:32]
    if mark.exists() and not request.config.getoption("--long"):
        yield False
        return
    yield True
    PROVEN.mkdir(parents=True, exist_ok=True)
    mark.touch()
