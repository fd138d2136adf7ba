"""One flipped bit anywhere in a log is found and placed, and a clean log raises no alarm."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mingzheng.core.command_line import run_ledger
from mingzheng.core.ledger.auditing import verify
from mingzheng.core.ledger.tiles import Directory
from tests.ledger import independent
from tests.ledger.building import KEY, WITNESS, log_of

SIZE = 700


def audit(folder: Path) -> list[str]:
    """What the product says."""
    return verify(Directory(folder), KEY.verifier, [WITNESS.verifier], 1).faults


def believed(folder: Path) -> bool:
    """What the second implementation says."""
    try:
        independent.check_log(
            independent.directory(folder), [str(KEY.verifier), str(WITNESS.verifier)], 1
        )
    except independent.Broken:
        return False
    return True


def flip_some(folder: Path, times: int, seed: int) -> None:
    """Flip, look, flip back."""
    rnd = random.Random(seed)
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name != "edge" and path.parent.name != "nodes"
    )
    assert {"checkpoint", "000", "188"} <= {path.name for path in files}
    for _ in range(times):
        path = rnd.choice(files)
        kept = path.read_bytes()
        at = rnd.randrange(len(kept))
        path.write_bytes(kept[:at] + bytes([kept[at] ^ 1 << rnd.randrange(8)]) + kept[at + 1 :])
        faults, name = audit(folder), str(path.relative_to(folder))
        assert faults and all(name in fault for fault in faults), (name, at, faults)
        assert not believed(folder), (name, at)
        path.write_bytes(kept)


def test_every_flipped_bit_is_found_and_placed(tmp_path: Path) -> None:
    log_of(tmp_path, SIZE)
    assert audit(tmp_path) == [] and believed(tmp_path)
    flip_some(tmp_path, 60, 1)
    assert audit(tmp_path) == [] and believed(tmp_path)


@pytest.mark.long
def test_a_thousand_flipped_bits_are_found_and_placed(tmp_path: Path) -> None:
    log_of(tmp_path, SIZE)
    flip_some(tmp_path, 1000, 2)
    assert all(audit(tmp_path) == [] for _ in range(5))


def test_the_altered_entry_is_named_by_its_number(tmp_path: Path) -> None:
    log_of(tmp_path, SIZE)
    bundle = tmp_path / "tile/entries/001"
    data = bytearray(bundle.read_bytes())
    data[34 * 10 + 5] ^= 1
    bundle.write_bytes(data)
    assert audit(tmp_path) == ["第 266 号条目与散列块不一致：tile/entries/001 的第 10 条被改过。"]


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/0/001", "tile/1/000.p/2", "checkpoint"])
def test_a_missing_file_is_named(tmp_path: Path, path: str) -> None:
    log_of(tmp_path, SIZE)
    (tmp_path / path).unlink()
    assert any(path in fault and "不见了" in fault for fault in audit(tmp_path))


def test_a_log_written_anew_from_other_entries_does_not_fit_the_signed_root(tmp_path: Path) -> None:
    log_of(tmp_path / "a", 40)
    other = log_of(tmp_path / "b", 39)
    other.append([bytes(32)])
    other.lay()
    (tmp_path / "b/checkpoint").write_bytes((tmp_path / "a/checkpoint").read_bytes())
    assert any("树根与条目算出的不一致" in fault for fault in audit(tmp_path / "b"))


def test_the_command_answers_in_chinese_and_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_of(tmp_path, SIZE)
    line = [
        "verify",
        str(tmp_path),
        "--vkey",
        str(KEY.verifier),
        "--witness",
        str(WITNESS.verifier),
        "--quorum",
        "1",
    ]
    assert run_ledger(line) == 0 and "全部一致" in capsys.readouterr().out
    (tmp_path / "tile/0/000").unlink()
    assert run_ledger([*line, "--json"]) == 1 and '"ok": false' in capsys.readouterr().out
    assert (
        run_ledger(["verify", str(tmp_path), "--vkey", "nonsense"]) == 2
        and "公钥读不通" in capsys.readouterr().err
    )
    assert run_ledger(["verify", str(tmp_path / "none"), "--vkey", str(KEY.verifier)]) == 1
    assert run_ledger(["verify", "http://127.0.0.1:9/log", "--vkey", str(KEY.verifier)]) == 1
    assert "连不上" in capsys.readouterr().err
