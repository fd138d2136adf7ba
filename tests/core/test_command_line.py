"""The commands outsiders rely on: answers on stdout, faults in Chinese on stderr, exit codes."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from mingzheng.core import cli_law
from mingzheng.core.command_line import main, run_law, run_workdays
from mingzheng.core.regimes import load
from mingzheng.core.regimes.vocabulary_page import page as vocabulary_page
from tests.core.building import HEAD, PACKS, duty

EXPLAIN = ["--on", "2026-09-18", "--act", "decision.made"]


@pytest.fixture(autouse=True)
def small_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped packs have tests of their own; here the small ones stand in for them."""
    monkeypatch.setattr(cli_law, "shipped", lambda: load([PACKS]))
    monkeypatch.setattr(cli_law, "LAW", PACKS)


@pytest.fixture
def own(tmp_path: Path) -> str:
    (tmp_path / "own.toml").write_text(HEAD + duty("L/20"), encoding="utf-8")
    return str(tmp_path / "own.toml")


def says(capsys: pytest.CaptureFixture[str], code: int, wanted: int) -> tuple[str, str]:
    out, err = capsys.readouterr()
    assert code == wanted, err
    return out, err


def test_add_prints_the_date_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert says(capsys, run_workdays(["add", "2026-09-18", "7", "--unit", "workday"]), 0) == (
        "2026-09-29\n",
        "",
    )
    assert (
        says(capsys, run_workdays(["add", "2026-09-18", "15", "--unit", "day", "--roll"]), 0)[0]
        == "2026-10-08\n"
    )


def test_add_as_json_names_what_was_skipped(capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(says(capsys, run_workdays(["add", "2026-09-18", "5", "--json"]), 0)[0])
    assert answer["due"] == "2026-09-24"
    assert answer["provisional"] is False
    assert answer["skipped"] == [{"date": "2026-09-19", "why": "星期六"}]


def test_a_provisional_date_is_printed_said_on_stderr_and_exits_3(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, err = says(capsys, run_workdays(["add", "2026-12-28", "7"]), 3)
    assert out == "2027-01-06\n"
    assert "暂估" in err
    assert "2027" in err


@pytest.mark.parametrize(
    ("argv", "code", "word"),
    [
        (["add", "yesterday", "7"], 1, "日期"),
        (["add", "2026-09-18", "x"], 1, "整数"),
        (["add", "2026-09-18", "-3"], 1, "负数"),
        (["add", "2026-09-18"], 2, "数量"),
        ([], 2, "用法"),
        (["add", "2026-09-18", "3", "--unit", "week"], 2, "不可用的值"),
        (["subtract"], 2, "不可用的值"),
        (["add", "2026-02-30", "3"], 1, "日期"),
        (["add", "2026-09-18", "999999999"], 1, "范围"),
    ],
)
def test_a_wrong_question_exits_1_or_2_in_chinese(
    capsys: pytest.CaptureFixture[str], argv: list[str], code: int, word: str
) -> None:
    out, err = says(capsys, run_workdays(argv), code)
    assert (out, word in err) == ("", True)
    assert "Traceback" not in err


def test_json_lines_are_answered_one_by_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        '{"date": "2026-09-18", "n": 7, "unit": "workday"}',
        "",
        '{"date": "2026-12-28", "n": 7, "unit": "workday"}',
        '{"date": "2026-09-18", "n": 30, "unit": "day", "roll": true}',
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    rows = [
        json.loads(line) for line in says(capsys, run_workdays(["add", "-"]), 0)[0].splitlines()
    ]
    assert [(row["due"], row["provisional"]) for row in rows] == [
        ("2026-09-29", False),
        ("2027-01-06", True),
        ("2026-10-19", False),
    ]


def test_a_bad_json_line_is_told_and_the_others_still_answered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sys.stdin",
        io.StringIO(
            '{oops\n[]\n{"date": "x", "n": 1}\n{"date": "2026-09-18", "n": 1.5}\n'
            '{"date": "2026-09-18", "n": 1, "roll": "no"}\n{"date": "2026-09-18", "n": 1}\n'
        ),
    )
    out, err = says(capsys, run_workdays(["add", "-"]), 1)
    rows = [json.loads(line) for line in out.splitlines()]
    assert [("error" in row) for row in rows] == [True] * 5 + [False]
    assert "第 1 行" in err


def explained(
    capsys: pytest.CaptureFixture[str],
    pack: str,
    facts: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Any]:
    monkeypatch.setattr("sys.stdin", io.StringIO(facts or ""))
    argv = ["explain", pack, *EXPLAIN, *(["--facts", "-"] if facts else [])]
    answer: dict[str, Any] = json.loads(says(capsys, run_law(argv), 0)[0])
    return answer


def test_explain_answers_the_documented_shape(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    answer = explained(capsys, own, '{"kind": "penalty", "of": "penalty"}', monkeypatch)
    assert {"gates", "duties", "major", "terms", "notes", "lists", "defects", "applicable"} <= set(
        answer
    )
    (gate,) = answer["gates"]
    assert gate["needs"] == ["review.passed"]
    assert {"id", "needs", "source", "detail", "bars", "unknown", "route"} <= set(gate)
    (publish,) = (row for row in answer["duties"] if row["topic"] == "publication/decision")
    assert {
        key: publish[key]
        for key in ("id", "then", "within", "unit", "due", "provisional", "by", "source")
    } == {
        "id": "L/20",
        "then": "publication.published",
        "within": 20,
        "unit": "workday",
        "due": "2026-10-22",
        "provisional": False,
        "by": None,
        "source": "第七条",
    }
    assert publish["floor"]["due"] == "2026-09-29"
    assert {
        "channel",
        "to",
        "per",
        "party",
        "pack",
        "unknown",
        "fallback",
        "awaited",
        "displaced",
    } <= set(publish)
    assert answer["major"]["is"] is None
    assert "public_interest" in answer["major"]["would_decide"]


def test_explain_takes_a_shipped_pack_and_no_facts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = explained(capsys, "national", None, monkeypatch)
    assert all(row["unknown"] for row in answer["duties"] if row["id"] != "POL/publish")


@pytest.mark.parametrize(
    ("argv", "stdin", "word"),
    [
        (["explain", "natonal", *EXPLAIN], "", "national"),
        (["explain", "national", "--on", "2026-13-01", "--act", "decision.made"], "", "日期"),
        (
            ["explain", "national", "--on", "2026-09-18", "--act", "decision.mad"],
            "",
            "decision.made",
        ),
        (["explain", "national", *EXPLAIN, "--facts", "-"], "{", "JSON"),
        (["explain", "national", *EXPLAIN, "--facts", "-"], "[1]", "对象"),
        (["explain", "national", *EXPLAIN, "--facts", "-"], '{"fine": "x"}', "fine"),
        (["explain", "national", *EXPLAIN, "--facts", "/nowhere.json"], "", "打不开"),
        (["check", "/nowhere"], "", "没有这个文件"),
    ],
)
def test_a_question_about_law_that_cannot_be_asked_exits_1(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    argv: list[str],
    stdin: str,
    word: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    out, err = says(capsys, run_law(argv), 1)
    assert (out, word in err) == ("", True)


@pytest.mark.parametrize("argv", [["explain", "national"], ["explain"], [], ["explane"], ["check"]])
def test_wrong_usage_exits_2(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    assert says(capsys, run_law(argv), 2)[0] == ""


def test_check_says_each_fault_and_exits_1(capsys: pytest.CaptureFixture[str], own: str) -> None:
    assert "通过" in says(capsys, run_law(["check", own]), 0)[0]
    Path(own).write_text(HEAD + duty("L/1", "within = 7"), encoding="utf-8")
    out, err = says(capsys, run_law(["check", own]), 1)
    assert out == ""
    assert "own.toml: L/1: within = 7 没有单位" in err
    answer = json.loads(says(capsys, run_law(["check", own, "--json"]), 1)[0])
    assert answer["ok"] is False
    assert len(answer["faults"]) == 1


def test_the_vocabulary_lists_every_act_with_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = says(capsys, run_law(["vocabulary"]), 0)
    assert "| `decision.made` | 作出决定 |" in out
    assert "`penalty`（行政处罚）" in out


def test_the_vocabulary_lists_what_only_packs_define_and_where_an_act_is_done() -> None:
    page = vocabulary_page()
    assert "| `case.merged` | 并入他案 | 有：行政处罚 |" in page
    assert "| `officer.assigned` | 确定承办人员 | 有：行政处罚 |" in page
    assert "| `levy_standard` | 事项清单是否写明征收标准 |" in page
    assert "| `levy/standard` |" in page and "| `archive/lending` | 外借 |" in page


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert says(capsys, main(["lex"]), 2)[0] == ""


def test_the_vocabulary_page_is_up_to_date() -> None:
    written = Path(__file__).parents[2] / "docs" / "vocabulary.md"
    assert written.read_text(encoding="utf-8") == vocabulary_page(), (
        "运行 mingzheng law vocabulary > docs/vocabulary.md"
    )


def test_asking_what_can_be_measured_measures_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    from mingzheng.site.command_line import main as whole

    assert "deadlines" in says(capsys, whole(["bench", "--help"]), 0)[0]
    assert "可选：" in says(capsys, whole(["bench", "--quick"]), 2)[1]
