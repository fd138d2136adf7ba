"""What every test may ask for: the standing bodies, founded once a run, and the people of the
cast.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` adds the long runs."""
    parser.addoption(
        "--long", action="store_true", help="also the long fault, tamper and scale runs"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Passwords are hashed the quick way: nothing here tests the strength of a hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long runs are left out, not skipped, unless asked for."""
    if config.getoption("--long"):
        return
    kept = [item for item in items if item.get_closest_marker("long") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database with every body of the demo's cast; each test then runs in a transaction
    of its own.
    """
    from mingzheng.site.demo import founding

    with django_db_blocker.unblock():
        founding.found_all()
    yield


@pytest.fixture
def bodies(db: None) -> dict[str, Any]:
    """The bodies of the cast by code: wg, lm, lg, lx, cx, fc, the governments and the judicial
    bureaus.
    """
    from mingzheng.agencies.models import Body

    return {body.code: body for body in Body.objects.all()}


@pytest.fixture
def ledger(db: None, tmp_path: Path) -> Iterator[Path]:
    """A ledger of the test's own (the database goes back after each test, a log must not): the
    data directory with log/ and keys/.
    """
    kept = {name: getattr(settings, name) for name in ("DATA", "LOG", "KEYS")}
    settings.DATA, settings.LOG, settings.KEYS = tmp_path, tmp_path / "log", tmp_path / "keys"
    yield tmp_path
    for name, value in kept.items():
        setattr(settings, name, value)
