"""`mingzheng redact` as anybody runs it: lines in, lines out, sentences on standard error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTY = {"kind": "natural", "name": "赵铁柱", "identifier": "", "phone": None, "role": "respondent"}


def redact(given: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "mingzheng", "redact", *options],
        input=given,
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "LANG": "C", "MINGZHENG_DATA": "/nonexistent"},
    )


def line(text: str, name: object = 1) -> bytes:
    return json.dumps({"id": name, "text": text}).encode() + b"\n"


def test_each_line_is_answered_with_text_and_spans_of_the_original(tmp_path: Path) -> None:
    for said in (json.dumps([PARTY]), json.dumps(PARTY) + "\n\n"):
        parties = tmp_path / "parties.json"
        parties.write_text(said, encoding="utf-8")
        done = redact(
            line("赵 铁 柱的电话13812345678", "a") + b"\n" + line(""),
            "--policy",
            "strict",
            "--parties",
            str(parties),
            "--json",
        )
        assert done.returncode == 0 and not done.stderr
        first, second = map(json.loads, done.stdout.splitlines())
        assert first == {
            "id": "a",
            "text": "赵某的电话〔电话〕",
            "spans": [
                {"start": 0, "end": 5, "kind": "respondent", "rule": "本案当事人"},
                {"start": 8, "end": 19, "kind": "phone", "rule": "手机号码"},
            ],
        }
        assert second == {"id": 1, "text": "", "spans": []}
    assert (
        json.loads(
            redact(
                line("赵 铁 柱"), "--policy", "respondent-shown", "--parties", str(parties)
            ).stdout
        )["text"]
        == "赵 铁 柱"
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"nonsense\n", "第 2 行：不是合法的 JSON"),
        (b'{"id": 1}\n', '第 2 行：每行应为 {"id", "text"}'),
        (b'{"id": 1, "text": 5}\n', "第 2 行：text 应为文字"),
        (b"\xff\xff\n", "第 2 行：不是 UTF-8"),
        (b"[" * 100_000 + b"\n", "第 2 行：不是合法的 JSON"),
        (b'"' + b"x" * 50_000_001 + b'"\n', "第 2 行：超过 50 MB"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(given: bytes, why: str) -> None:
    done = redact(line("甲") + given + line("乙"), "--policy", "strict")
    assert done.returncode == 1 and why in done.stderr.decode()
    assert [json.loads(each)["text"] for each in done.stdout.splitlines()] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("[1]", "第 1 项：应为"),
        ('[{"kind": "natral", "name": "赵"}]', "是否应为“natural”"),
        ('{"kind": "natural", "nmae": "赵"}', "第 1 行"),
        ('{"kind": "natural", "name": "赵", "telephone": ""}', "不认识的键“telephone”"),
        ('{"kind": "natural", "name": 5}', "name 应为文字"),
        ("nonsense", "不是合法的 JSON"),
    ],
)
def test_a_bad_file_of_parties_is_refused(tmp_path: Path, said: str, why: str) -> None:
    parties = tmp_path / "parties.json"
    parties.write_text(said, encoding="utf-8")
    done = redact(line("甲"), "--policy", "strict", "--parties", str(parties))
    assert done.returncode == 1 and not done.stdout and why in done.stderr.decode()


def test_an_unknown_policy_and_a_missing_file_are_named() -> None:
    done = redact(b"", "--policy", "strct")
    assert done.returncode == 1 and "没有遮盖策略“strct”，是否应为“strict”" in done.stderr.decode()
    assert (
        "读不出来"
        in redact(b"", "--policy", "strict", "--parties", "/nonexistent/x").stderr.decode()
    )
    assert redact(b"").returncode == 2


def test_an_agency_may_have_a_policy_of_its_own(tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    pack.write_text(
        """[pack]
id = "own"
title = "本局公示办法（虚构）"
extends = ["national"]
rank = "normative-document"
agency = "某某局"
since = 2022-01-01

[[list]]
id = "redaction-policies"
source = "本局公示办法 第六条"
merge = "add"
rows = [{ id = "plates-shown", name = "保留车牌号", shows = ["organisation", "organisation-code", "plate"] }]
""",
        encoding="utf-8",
    )
    done = redact(line("赵大牛的车鲁H12345"), "--policy", "plates-shown", "--pack", str(pack))
    assert json.loads(done.stdout)["text"] == "赵某的车鲁H12345"
    assert "没有规则包" in redact(b"", "--policy", "strict", "--pack", "nonsense").stderr.decode()
