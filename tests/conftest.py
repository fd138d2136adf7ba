"""What every test may ask for: the standing bodies, founded once a run, and the people of the
cast.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

_BEFORE = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` adds the long runs."""
    parser.addoption(
        "--long", action="store_true", help="also the long fault, tamper and scale runs"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Passwords are hashed the quick way: nothing here tests the strength of a hash. Whoever goes
    through a door of the product is counted.
    """
    from mingzheng.records import unit
    from tests.scenes import doors, founded

    unit.strict = True
    settings.PASSWORD_HASHERS = founded.HASHERS
    # The cast signs in as in the demo; tests/site/test_second_factor.py asks for more.
    settings.ACCOUNT_POLICY = False
    doors.watch()


def pytest_sessionstart(session: pytest.Session) -> None:
    """What is loaded now stays for the whole run: the collector need not look at it each time,
    which took a tenth of the run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long runs are left out, not skipped, unless asked for; the longest files come first."""
    from tests.scenes import order

    if not config.getoption("--long"):
        kept = [item for item in items if item.get_closest_marker("long") is None]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
    order.longest_first(items)


_took: list[tuple[str, float]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """How long each file takes is remembered for the order of the next run."""
    _took.append((report.nodeid, report.duration))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The files that were run whole, written once by whoever leads the workers."""
    from tests.scenes import order

    config = session.config
    picked = config.option.keyword or config.option.markexpr or "::" in "".join(config.args)
    if not hasattr(config, "workerinput") and not picked:
        order.remember(order.timed(_took))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Where the doors stood before the fixtures of a test."""
    from tests.scenes import doors

    item.stash[_BEFORE] = doors.count()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that says it goes a user's way and went none fails."""
    from tests.scenes import doors

    done = yield
    marked = item.get_closest_marker("clause") is not None
    if said := doors.fault(item.nodeid, marked, item.stash[_BEFORE]):
        pytest.fail(said, pytrace=False)
    return done


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database with every body of the demo's cast; each test then runs in a transaction
    of its own.
    """
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from mingzheng.site.demo import founding
    from tests.scenes import filmed, founded, played

    request.getfixturevalue("django_db_modify_db_settings")
    made: list[Any] = []

    def make() -> None:
        made.extend(setup_databases(verbosity=0, interactive=False))
        founding.found_all()

    with django_db_blocker.unblock():
        founded.from_file(make) if connection.vendor == "sqlite" else make()
    played.install()
    filmed.install()
    yield
    if made:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def bodies(db: None) -> dict[str, Any]:
    """The bodies of the cast by code: wg, lm, lg, lx, cx, fc, the governments and the judicial
    bureaus.
    """
    from mingzheng.agencies.models import Agency

    return {body.code: body for body in Agency.objects.all()}


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


def _asked_here(request: pytest.FixtureRequest) -> set[str]:
    """What the test asks for itself or through fixtures of the project; what pytest-django asks
    for on its own behalf (its monkeypatch, for every test) does not count.
    """
    known = request.node._fixtureinfo
    open_ = [*known.argnames]
    for mark in request.node.iter_markers("usefixtures"):
        open_ += mark.args
    for name, found in known.name2fixturedefs.items():
        if found[-1].baseid and found[-1]._autouse:
            open_.append(name)
    asked: set[str] = set()
    while open_:
        name = open_.pop()
        if name not in asked:
            asked.add(name)
            for each in known.name2fixturedefs.get(name, ()):
                open_ += each.argnames
    return asked


@pytest.fixture(autouse=True)
def unspent() -> None:
    """Nothing is counted from one test to the next: the counters are no rows that go back."""
    from mingzheng.limits import counters

    counters.place().unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def scenes(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test of a clause plays goes through the officers' pages; what many tests begin with
    is played once and copied.
    """
    asked = set(request.fixturenames)
    if not asked & {"db", "django_db_setup"} and not request.node.get_closest_marker("django_db"):
        yield
        return
    from tests.scenes import pages, played

    if "db" in asked:
        request.getfixturevalue("db")
    clause = request.node.get_closest_marker("clause") is not None
    replaces = "db" not in asked or bool(_asked_here(request) & played.REPLACING)
    with (
        pytest.MonkeyPatch.context() as patch,
        played.copied(replaces, "pages" if clause else ""),
    ):
        if clause:
            pages.walk_in(patch)
        yield
