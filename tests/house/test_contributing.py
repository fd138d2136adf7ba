"""CONTRIBUTING.md is followed to the letter, in a copy of the tree: each of its five additions works,
and what is left out is named by the command of which the page says so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mingzheng.procedures import chapters, matter_kinds
from tests import places
from tests.house import test_every_gate_is_refused as gates
from tests.scenes import founded

ROOT = Path(__file__).resolve().parents[2]
# A block, and before it the line that says where it goes; one without a file is an illustration.
BLOCK = re.compile(r"(?P<lead>[^\n]+(?:\n[^\n]+)*):\n\n```(?P<lang>\w+)\n(?P<text>.*?)```", re.S)
ADDITION = re.compile(r"^### \d · (.+)$", re.M)
NEEDED = ("mingzheng", "law", "tests", "docs", "pyproject.toml", "run.py", "CONTRIBUTING.md")


@dataclass(frozen=True)
class Block:
    """A piece of the page: the file it belongs to, where in it, and what."""

    file: str
    place: str
    anchor: str
    text: str

    def put(self, root: Path) -> None:
        """Do to the file what the page says."""
        path = root / self.file
        if self.place == "new":
            assert not path.exists(), self.file
            path.write_text(self.text, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        if self.place == "end":
            path.write_text(text + self.text, encoding="utf-8")
            return
        assert self.anchor in text, f"{self.file}: {self.anchor}"
        found = text.index(self.anchor)
        if self.place == "above":
            at, added = text.rindex("\n", 0, found) + 1, self.text
        elif self.place == "below":
            at, added = text.index("\n", found) + 1, self.text
        else:
            at, added = found + len(self.anchor), self.text.rstrip("\n")
        path.write_text(text[:at] + added + text[at:], encoding="utf-8")


def additions(page: str) -> dict[str, list[Block]]:
    """The five additions, each with its blocks in order."""
    heads = list(ADDITION.finditer(page))
    ends = [head.start() for head in heads[1:]] + [len(page)]
    return {
        head[1]: [
            block
            for found in BLOCK.finditer(page[head.end() : end])
            if (block := _block(found["lead"], found["text"]))
        ]
        for head, end in zip(heads, ends, strict=True)
    }


def _block(lead: str, text: str) -> Block | None:
    said = " ".join(lead.split("\n"))
    if new := re.search(r"New file `([^`]+)`$", said):
        return Block(new[1], "new", "", text)
    if end := re.search(r"[Aa]t the end of `([^`]+)`$", said):
        return Block(end[1], "end", "", text)
    if place := re.search(r"[Ii]n `([^`]+)`, (below|above|behind) `([^`]+)`$", said):
        return Block(place[1], place[2], place[3], text)
    return None


# The house tests of which the page says that they judge a step and a kind.
HELD = ("tests/house/test_steps_and_verbs.py", "tests/house/test_kinds.py")
# The test of which the page says that it takes a new channel.
CHANNELS = (
    "tests/disclosure/test_channels.py::test_every_channel_takes_the_approved_text_and_no_more"
)
PAGE = additions((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))


def copied(to: Path) -> Path:
    """The tree, as a newcomer has it."""
    left = shutil.ignore_patterns("__pycache__", ".mypy_cache", "pictures")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, to / name, ignore=left)
        else:
            shutil.copy(ROOT / name, to / name)
    return to


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Path:
    """A copy in which every block of the page stands where the page says, and the one command that
    it asks for was run.
    """
    root = copied(tmp_path_factory.mktemp("followed"))
    for blocks in PAGE.values():
        for block in blocks:
            block.put(root)
    made = run(root, "-m", "tests.supply")
    assert made.returncode == 0, made.stderr
    _hand_over(root)
    return root


def _hand_over(root: Path) -> None:
    """The founded database of this tree serves the copy, whose tables are the same."""
    ours = founded.KEPT / f"{founded.content()}.sqlite3"
    theirs = root / ".pytest_cache" / "founded"
    theirs.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(founded, "ROOT", root)
        if ours.exists():
            shutil.copy(ours, theirs / f"{founded.content()}.sqlite3")


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command of the page, in the copy."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MINGZHENG_", "PYTEST_", "DJANGO_")) and name != "DATABASE_URL"
    }
    data = root / "data"
    return subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env={
            **env,
            "PYTHONPATH": str(root),
            "MINGZHENG_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings",
        },
        capture_output=True,
        text=True,
        timeout=300,
    )


@contextmanager
def slipped(root: Path, *slips: tuple[str, str, str]) -> Iterator[None]:
    """(file, what the page says, what somebody wrote instead), in the copy for a while."""
    before = {file: (root / file).read_text(encoding="utf-8") for file, _, _ in slips}
    try:
        for file, said, wrong in slips:
            assert said in (root / file).read_text(encoding="utf-8"), (file, said)
            path = root / file
            path.write_text(path.read_text(encoding="utf-8").replace(said, wrong), encoding="utf-8")
        yield
    finally:
        for file, text in before.items():
            (root / file).write_text(text, encoding="utf-8")


PACK, EXAMPLE = "law/example-township/township.toml", "law/examples/refusals-township.toml"
CHECK = ("-m", "mingzheng", "law", "check", "law")
START = ("-c", "import django; django.setup()")


def test_the_page_has_five_additions_and_each_names_its_files() -> None:
    assert [name.split()[1] for name in PAGE] == ["gate", "step", "kind", "channel", "page"]
    for name, blocks in PAGE.items():
        assert len(blocks) >= 2, name
        for block in blocks:
            assert (ROOT / block.file).exists() != (block.place == "new"), block.file


def test_what_is_taken_is_listed_and_the_examples_are_in_nobodys_way() -> None:
    listed = places.taken()
    assert "  20 desk:cases 执法案件 (case)" in listed and "  20   1 penalty 行政处罚" in listed
    assert " unlock " not in listed[-1] and " lock " in listed[-1]
    menu = max(each.place for each in chapters.menu())
    kinds = [(each.order, each.number) for each in matter_kinds.enforcement()]
    said = "".join(block.text for blocks in PAGE.values() for block in blocks)
    for name, least in (
        ('Entry("archive:register", ', menu),
        ("order=", max(order for order, _ in kinds)),
        ("number=", max(number for _, number in kinds)),
    ):
        found = re.search(re.escape(name) + r"(\d+),", said)
        assert found and int(found[1]) > 2 * least, name


def test_a_block_whose_place_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one\n", encoding="utf-8")
    Block("a.py", "below", "one", "two\n").put(tmp_path)
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == "one\ntwo\n"
    with pytest.raises(AssertionError, match="three"):
        Block("a.py", "below", "three", "four\n").put(tmp_path)


def test_every_addition_works_in_the_product(followed: Path) -> None:
    # Reading every module of the product once more is left to whoever adds to it.
    held = ("-k", "not module", "tests/house/newcomer.py", *HELD, CHANNELS)
    made = run(followed, "-m", "pytest", "-q", "-x", *held)
    assert made.returncode == 0, made.stdout[-3000:]


def test_the_rules_of_the_page_pass_the_check(followed: Path) -> None:
    made = run(followed, *CHECK)
    assert made.returncode == 0 and made.stdout.startswith("通过"), made.stdout + made.stderr


def test_the_code_of_the_page_is_as_the_formatter_and_the_linter_want_it(followed: Path) -> None:
    files = sorted({b.file for blocks in PAGE.values() for b in blocks if b.file.endswith(".py")})
    formatted = run(followed, "-m", "ruff", "format", *files)
    checked = run(followed, "-m", "ruff", "check", *files)
    assert not formatted.returncode and not checked.returncode, checked.stdout


def test_what_is_misspelt_is_named_by_the_check(followed: Path) -> None:
    with slipped(
        followed,
        (PACK, '"publication.withheld"]]', '"publication.withhold"]]'),
        (PACK, '"led-screen"', '"led-scren"'),
    ):
        made = run(followed, *CHECK)
    assert made.returncode == 1
    assert "publication.withhold" in made.stderr and "led-scren" in made.stderr


def test_a_word_that_nothing_does_yet_is_named_by_the_check(followed: Path) -> None:
    supplied = "mingzheng/core/regimes/supplied.toml"
    with slipped(followed, (supplied, '"party.revisited"', '"party.re-visited"')):
        made = run(followed, *CHECK)
    assert made.returncode == 1 and "party.revisited" in made.stderr


def test_an_example_that_comes_out_otherwise_is_named_by_the_check(followed: Path) -> None:
    with slipped(followed, (EXAMPLE, "decision.executed", "publication.published")):
        made = run(followed, *CHECK)
    assert made.returncode == 1 and "处罚决定没有公开，不能结案" in made.stderr


def test_a_gate_without_its_example_is_named(
    followed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "LAW", followed / "law")
    monkeypatch.setattr(
        gates, "GATES", {row["id"]: gates.acts_before(row) for row in gates.tables("gate")}
    )
    refusing = [row for row in gates.tables("example") if row.get("missing")]
    monkeypatch.setattr(gates, "REFUSING", refusing)
    gates.test_every_gate_of_every_pack_is_refused_by_an_example()
    less = [row for row in refusing if row["missing"] != ["township/closing"]]
    monkeypatch.setattr(gates, "REFUSING", less)
    with pytest.raises(AssertionError, match="township/closing"):
        gates.test_every_gate_of_every_pack_is_refused_by_an_example()


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (
            ("mingzheng/cases/kinds/advice.py", "        openings=(start,),\n", ""),
            "the kind advice lacks: openings",
        ),
        (
            (
                "mingzheng/archive/apps.py",
                'nouns={"archive:register": "案卷登记簿"},',
                "",
            ),
            "archive:register stands in the menu and has no noun",
        ),
    ],
)
def test_half_an_addition_does_not_start(
    followed: Path, slip: tuple[str, str, str], said: str
) -> None:
    with slipped(followed, slip):
        made = run(followed, *START)
    assert made.returncode and said in made.stderr
