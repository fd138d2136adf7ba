"""The tree, its tiles and its proofs, against their own definitions and against a second
implementation.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from mingzheng.core.ledger import tree
from mingzheng.core.ledger.hash_cache import Shelf
from mingzheng.core.ledger.notes import COSIGNED, Note, NoteFault, Signer, Verifier
from mingzheng.core.ledger.suite import EMPTY, leaf
from mingzheng.core.ledger.tiles import NAME, Directory, Missing, Tiles, tile_path
from mingzheng.core.ledger.writing import Log
from tests.ledger import independent
from tests.ledger.building import KEY, WITNESS, entry, log_of


def test_batches_of_any_size_give_the_same_tree(tmp_path: Path) -> None:
    log, rnd, roots = Log(tmp_path), random.Random(5), {0: EMPTY}
    for turn in range(24):
        log.append(
            [
                entry(n)
                for n in range(log.size, log.size + rnd.choice([1, 2, 7, 255, 256, 257, 600]))
            ]
        )
        log.lay()
        hashes = [leaf(entry(n)) for n in range(log.size)]
        roots[log.size] = independent.tree_head(hashes)
        assert log.root == roots[log.size]
        if turn % 3 == 0:
            log.settle()
        if turn % 4 == 0:
            log.close()
            log = Log(tmp_path)
        nodes = Tiles(Directory(tmp_path), log.size)
        for index in rnd.sample(range(log.size), min(log.size, 12)):
            path = tree.inclusion(nodes, index, log.size)
            assert tree.root_of(hashes[index], index, log.size, path) == log.root
            assert independent.climb(hashes[index], index, log.size, path) == log.root
            assert (
                tree.root_of(hashes[index - 1], index, log.size, path) != log.root or log.size == 1
            )
        for old, root in roots.items():
            path = tree.consistency(nodes, old, log.size)
            assert tree.consistent(old, log.size, root, log.root, path)
            assert old == 0 or not tree.consistent(old, log.size, bytes(32), log.root, path)


def test_a_proof_that_is_too_long_or_too_short_proves_nothing(tmp_path: Path) -> None:
    log = log_of(tmp_path, 300)
    nodes = Tiles(Directory(tmp_path), 300)
    path = tree.inclusion(nodes, 7, 300)
    assert tree.root_of(leaf(entry(7)), 7, 300, path) == log.root
    for wrong in (path[:-1], [*path, bytes(32)], []):
        assert tree.root_of(leaf(entry(7)), 7, 300, wrong) != log.root
    with pytest.raises(ValueError, match="不在"):
        tree.inclusion(nodes, 300, 300)
    steps = tree.consistency(nodes, 100, 300)
    old = tree.span(nodes, 0, 100)
    assert not tree.consistent(100, 300, old, log.root, steps[:-1]) and not tree.consistent(
        100, 300, old, log.root, [*steps, bytes(32)]
    )


def test_the_shelf_tells_what_the_tiles_tell(tmp_path: Path) -> None:
    log = log_of(tmp_path, 3000)
    nodes = Tiles(Directory(tmp_path), 3000)
    with Shelf(tmp_path, 3000) as shelf:
        for index in (*range(0, 3000, 37), 2999):
            assert tree.inclusion(shelf, index, 3000) == tree.inclusion(nodes, index, 3000)
        assert tree.consistency(shelf, 1234, 3000) == tree.consistency(nodes, 1234, 3000)
    shutil.rmtree(tmp_path / "nodes")
    with Shelf(tmp_path, 3000) as shelf:
        assert tree.root_of(leaf(entry(9)), 9, 3000, tree.inclusion(shelf, 9, 3000)) == log.root


def test_paths_of_tiles_are_spelt_as_the_format_has_them() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 5, 17) == "tile/entries/005.p/17"
    for good in ("0/000", "63/999", "entries/x001/000.p/255"):
        assert NAME.fullmatch(good)
    for bad in (
        "64/000",
        "00/000",
        "0/0",
        "0/000.p/0",
        "0/000.p/256",
        "0/../000",
        "0/x1/000",
        "keys/head",
        "0/000/001",
    ):
        assert not NAME.fullmatch(bad)


def test_another_implementation_reads_what_we_write(tmp_path: Path) -> None:
    for size in (1, 255, 256, 257, 1000):
        log_of(tmp_path / str(size), size)
        vkeys = [str(KEY.verifier), str(WITNESS.verifier)]
        read, found = independent.check_log(independent.directory(tmp_path / str(size)), vkeys, 1)
        assert read == size and found == [entry(n) for n in range(size)]


def test_the_example_of_the_format_verifies() -> None:
    note = (
        "This is an example message.\n\n— example.com/foo"
        " Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu"
        "72IneyaQM=\n"
    )
    key = Verifier.read("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    assert Note.read(note).check(key) == 0 and str(Note.read(note)) == note
    with pytest.raises(NoteFault, match="签名不对"):
        Note.read(note.replace("example message", "example massage")).check(key)


def test_unknown_signatures_are_passed_over_and_a_wrong_known_one_is_not() -> None:
    text, other = "a\n", Signer.make("other.test", 1)
    note = Note(text, (other.sign(text), KEY.sign(text)))
    assert note.check(KEY.verifier) == 0
    forged = Note(text, (KEY.sign("b\n"), KEY.sign(text)))
    with pytest.raises(NoteFault, match="签名不对"):
        forged.check(KEY.verifier)
    with pytest.raises(NoteFault, match="没有"):
        Note(text, (other.sign(text),)).check(KEY.verifier)


def test_a_cosignature_carries_its_time() -> None:
    note = Note("a\n", (WITNESS.sign("a\n", 1_790_000_000),))
    assert note.check(WITNESS.verifier) == 1_790_000_000
    assert Signer.read(str(WITNESS)) == WITNESS and WITNESS.kind == COSIGNED


def test_a_log_whose_tile_is_gone_does_not_open(tmp_path: Path) -> None:
    log_of(tmp_path, 300).close()
    (tmp_path / "tile/0/001.p/44").unlink()
    with pytest.raises(Missing, match="tile/0/001.p/44 不见了"):
        Log(tmp_path)
