"""The one-file verifier, run as a stranger runs it: a bare interpreter, an empty directory, an
empty environment.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mingzheng.core.canonical import canonical, commitment
from mingzheng.core.ledger.checkpoint import Checkpoint
from mingzheng.core.ledger.hash_cache import Shelf
from mingzheng.core.ledger.notes import COSIGNED, Line, Note, Signer
from mingzheng.core.ledger.opening import Opening
from mingzheng.core.ledger.tree import inclusion
from mingzheng.core.ledger.writing import Log
from tests.clause import clause
from tests.house.reading import ROOT
from tests.ledger.building import KEY, WITNESS, entry

VERIFIER = ROOT / "mingzheng/portal/verifier/mingzheng_verify.py"
FILE, SALT, PLACE, SIZE = "决定书".encode() * 1000, bytes(range(32)), 5, 7
TEXT = canonical(
    {
        "id": 77,
        "kind": "document.rendered",
        "recorded_at": "2026-11-21T09:00:00+08:00",
        "content": {"sha256": hashlib.sha256(FILE).hexdigest(), "facts": {}},
    }
)
OTHER = Signer("log.test/ledger", 1, bytes(range(2, 34)))


def made(
    folder: Path, signer: Signer = KEY, witness: Signer = WITNESS, text: str = TEXT
) -> Opening:
    """A proof of the text as entry 5 of 7."""
    log = Log(folder / "log")
    log.append(
        [commitment(SALT, text) if number == PLACE else entry(number) for number in range(SIZE)]
    )
    log.settle()
    head = Checkpoint(KEY.name, SIZE, log.root).text
    log.close()
    with Shelf(folder / "log", SIZE) as shelf:
        path = tuple(inclusion(shelf, PLACE, SIZE))
    note = Note(head, (signer.sign(head), witness.sign(head, 1_790_000_000)))
    return Opening(
        SALT,
        text,
        PLACE,
        path,
        note,
        {"vkey": str(signer.verifier), "witnesses": {"市司法局": str(witness.verifier)}},
    )


def run(folder: Path, proof: str, *arguments: str, file: bytes | None = None) -> tuple[int, str]:
    """Exit code and output of the verifier beside nothing but the proof and the file."""
    place = folder / "empty"
    place.mkdir(exist_ok=True)
    shutil.copy(VERIFIER, place)
    (place / "a.tlog-proof").write_text(proof, encoding="utf-8")
    named = []
    if file is not None:
        (place / "a.pdf").write_bytes(file)
        named = ["a.pdf"]
    done = subprocess.run(
        [sys.executable, "-S", "-E", VERIFIER.name, "a.tlog-proof", *named, *arguments],
        cwd=place,
        env={},
        capture_output=True,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


@clause("LM-2", "CX-2")
def test_a_good_proof_with_its_file_is_proven(tmp_path: Path) -> None:
    code, said = run(
        tmp_path,
        str(made(tmp_path)),
        "--vkey",
        str(KEY.verifier),
        "--witness",
        str(WITNESS.verifier),
        file=FILE,
    )
    assert code == 0 and "结论：证明成立" in said and "文件相符" in said and "文书制成" in said
    assert "log.test/ledger" in said and "witness.test/w：2026-09-21 22:13:20（北京时间）" in said


def test_without_a_key_it_says_that_the_key_came_with_the_file(tmp_path: Path) -> None:
    code, said = run(tmp_path, str(made(tmp_path)))
    assert (
        code == 0
        and "公钥取自证明文件本身" in said
        and "逐字核对" in said
        and "证明成立" not in said
    )
    assert str(KEY.verifier) in said and "市司法局" in said
    code, said = run(tmp_path, str(Opening(**{**vars(made(tmp_path / "b")), "keys": {}})))
    assert code == 2 and "--vkey" in said


def extra(proof: str, change: Callable[[dict[str, str]], object]) -> str:
    """The proof with its extra data changed."""
    rows = proof.split("\n")
    held = json.loads(base64.b64decode(rows[1][6:]))
    change(held)
    rows[1] = "extra " + base64.b64encode(json.dumps(held).encode()).decode()
    return "\n".join(rows)


BAD: dict[str, Callable[[str], str]] = {
    "a word of the text": lambda proof: extra(
        proof, lambda held: held.update(json=held["json"].replace("09:00", "08:00"))
    ),
    "the salt": lambda proof: extra(
        proof, lambda held: held.update(salt=base64.b64encode(bytes(32)).decode())
    ),
    "the number": lambda proof: proof.replace("index 5", "index 4"),
    "a number beyond the tree": lambda proof: proof.replace("index 5", "index 9"),
    "a step of the path": lambda proof: "\n".join(
        base64.b64encode(bytes(32)).decode() if at == 3 else row
        for at, row in enumerate(proof.split("\n"))
    ),
    "a step too few": lambda proof: "\n".join(
        row for at, row in enumerate(proof.split("\n")) if at != 3
    ),
    "a step too many": lambda proof: proof.replace(
        "index 5\n", f"index 5\n{base64.b64encode(bytes(32)).decode()}\n"
    ),
    "the size": lambda proof: proof.replace("\n7\n", "\n8\n"),
    "another log's name": lambda proof: proof.replace("log.test/ledger", "log.test/other"),
    "the log's signature left out": lambda proof: "".join(
        row for row in proof.splitlines(keepends=True) if not row.startswith("— log.test")
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_changed_proof_is_not_proven(tmp_path: Path, name: str) -> None:
    code, said = run(
        tmp_path, BAD[name](str(made(tmp_path))), "--vkey", str(KEY.verifier), file=FILE
    )
    assert code == 1 and "不成立" in said and "结论" not in said


@pytest.mark.parametrize(
    ("name", "signer", "witness"),
    [
        ("another key of the same name", OTHER, WITNESS),
        ("a witness who signed something else", KEY, Signer(WITNESS.name, COSIGNED, bytes(32))),
    ],
)
def test_a_foreign_signature_is_not_proven(
    tmp_path: Path, name: str, signer: Signer, witness: Signer
) -> None:
    proof = str(made(tmp_path, signer, witness))
    code, said = run(
        tmp_path, proof, "--vkey", str(KEY.verifier), "--witness", str(WITNESS.verifier)
    )
    assert code == 1 and "不成立" in said


def test_a_signature_with_one_bit_turned_is_not_proven(tmp_path: Path) -> None:
    good = made(tmp_path)
    for at in (0, 1):
        lines = list(good.note.lines)
        line = lines[at]
        lines[at] = Line(
            line.name,
            line.id,
            line.signature[:-9] + bytes([line.signature[-9] ^ 1]) + line.signature[-8:],
        )
        turned = Opening(**{**vars(good), "note": Note(good.note.text, tuple(lines))})
        code, said = run(
            tmp_path, str(turned), "--vkey", str(KEY.verifier), "--witness", str(WITNESS.verifier)
        )
        assert code == 1 and "签名不对" in said


def test_another_file_is_not_the_sealed_one(tmp_path: Path) -> None:
    code, said = run(tmp_path, str(made(tmp_path)), "--vkey", str(KEY.verifier), file=FILE + b"x")
    assert code == 1 and "这份文件不是封存的那一份" in said


def test_too_few_witnesses_are_not_enough_and_the_files_own_keys_never_count(
    tmp_path: Path,
) -> None:
    proof = str(made(tmp_path))
    assert run(tmp_path, proof, "--vkey", str(KEY.verifier), "--quorum", "1")[0] == 1
    two = (
        "--witness",
        str(WITNESS.verifier),
        "--witness",
        str(Signer("other.test/w", COSIGNED, bytes(32)).verifier),
    )
    assert run(tmp_path, proof, "--vkey", str(KEY.verifier), *two)[0] == 1
    assert run(tmp_path, proof, "--vkey", str(KEY.verifier), *two, "--quorum", "1")[0] == 0
    assert (
        run(tmp_path, proof, "--vkey", str(KEY.verifier), *two[:2], *two[:2], "--quorum", "2")[0]
        == 1
    )


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "hello",
        "c2sp.org/tlog-proof@v1\nindex 0\n\nx\n",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n\na\n1\nb\n\n— a b\n",
    ],
)
def test_what_is_no_proof_cannot_be_checked(tmp_path: Path, proof: str) -> None:
    code, said = run(tmp_path, proof, "--vkey", str(KEY.verifier))
    assert code == 2 and "无法核对" in said and "Traceback" not in said


def test_wrong_keys_and_missing_files_cannot_be_checked(tmp_path: Path) -> None:
    proof = str(made(tmp_path))
    for key in ("x", str(WITNESS.verifier), str(KEY.verifier).replace("A", "B")):
        assert run(tmp_path, proof, "--vkey", key)[0] == 2
    assert run(tmp_path, proof, "missing.pdf")[0] == 2
    assert run(tmp_path, proof, "--witness")[0] == 2


def test_every_cut_off_proof_is_refused_without_a_traceback(tmp_path: Path) -> None:
    proof = str(made(tmp_path))
    for end in range(0, len(proof), 131):
        code, said = run(tmp_path, proof[:end], "--vkey", str(KEY.verifier))
        assert code in (1, 2) and "Traceback" not in said


def test_it_is_written_for_python_3_9_and_imports_nothing_else() -> None:
    found = ast.parse(VERIFIER.read_text(encoding="utf-8"), feature_version=(3, 9))
    names = {
        each.module if isinstance(each, ast.ImportFrom) else each.names[0].name
        for each in ast.walk(found)
        if isinstance(each, (ast.Import, ast.ImportFrom))
    }
    assert (
        names <= set(sys.stdlib_module_names)
        and "subprocess" not in names
        and "urllib.request" not in names
    )
