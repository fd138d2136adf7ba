"""Everything CI does, until something fails: `python3 run.py test [--quick | --long]`.

The last line printed is `N passed, N failed`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
BIN = Path(sys.executable).parent
CLOSING = re.compile(r"^=*\s*(?=.*\b(?:passed|failed|error|skipped)\b).* in [\d.]+s\b.*$")
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)")

totals = {"passed": 0, "failed": 0, "skipped": 0}


def say(text: str) -> None:
    """A heading of the report."""
    print(f"\n── {text}", flush=True)


def run(name: str, *command: str, env: dict[str, str] | None = None) -> str:
    """Run one stage, show its output as it comes, and stop everything when it fails. Answers the
    output.
    """
    say(name)
    began, lines = time.monotonic(), []
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env or environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        lines.append(line)
    code = process.wait()
    print(f"   {time.monotonic() - began:.1f} s", flush=True)
    if code:
        stop(f"“{name}”没有通过（退出码 {code}）。", count(lines))
    return "".join(lines)


def environment(**more: str) -> dict[str, str]:
    """The environment of every stage: the project's own modules, no database of the
    installation.
    """
    env = {
        name: value
        for name, value in os.environ.items()
        if name
        not in (
            "DATABASE_URL",
            "DJANGO_SETTINGS_MODULE",
            "MINGZHENG_STORE",
            "MINGZHENG_CLOCK",
            "PYTHONDONTWRITEBYTECODE",
        )
    }
    return env | {"PYTHONPATH": str(ROOT)} | more


def count(lines: list[str]) -> bool:
    """Add pytest's closing line to the totals; whether there was one."""
    closing = next((line for line in reversed(lines) if CLOSING.match(line)), "")
    for number, word in COUNT.findall(closing):
        name = {"passed": "passed", "skipped": "skipped", "xfailed": "skipped"}.get(word, "failed")
        totals[name] += int(number)
    return bool(closing)


def tests(name: str, *arguments: str, env: dict[str, str] | None = None) -> None:
    """A run of pytest; a skip fails unless something is known to be lacking on this machine, and
    in CI always.
    """
    before = totals["skipped"]
    out = run(name, sys.executable, "-m", "pytest", "-q", "-rs", *arguments, env=env)
    if not count(out.splitlines()):
        stop(f"“{name}”没有结束行。")
    lacking = os.environ.get("MINGZHENG_LACKING", "")
    if totals["skipped"] > before:
        if os.environ.get("CI") == "true" or not lacking:
            stop(f"有 {totals['skipped'] - before} 项测试被跳过，跳过等于没有通过。")
        print(
            f"   因为这台机器缺少 {lacking}，跳过了 {totals['skipped'] - before} 项。", flush=True
        )


def stop(why: str, counted: bool = True) -> None:
    """End with the reason; a stage that is no test counts as one failure."""
    print(f"\n{why}")
    if not counted or not totals["failed"]:
        totals["failed"] += 1
    print(f"{totals['passed']} passed, {totals['failed']} failed", flush=True)
    raise SystemExit(1)


def written_pages() -> None:
    """The pages that are written by programs are those that the programs write today."""
    run("docs/clauses.md 与测试一致", sys.executable, "-m", "tests.clauses", "--check")
    run("规则里活着的词与程序一致", sys.executable, "-m", "tests.supply", "--check")
    say("docs/vocabulary.md 与词汇表一致")
    made = subprocess.run(
        [sys.executable, "-m", "mingzheng", "law", "vocabulary"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if made != (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8"):
        stop("docs/vocabulary.md 过时了，请运行 mingzheng law vocabulary > docs/vocabulary.md。")


# The checks that run beside the tests, wherever a core is idle.
BESIDE = [
    ("mypy", [str(BIN / "mypy")]),
    ("楼层（import-linter）", [str(BIN / "lint-imports")]),
    ("规则包", [sys.executable, "-m", "mingzheng", "law", "check", "law"]),
]
# A file stays on one worker: its server and its story are told once.
TWO = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
# The core, the rules and the house, and a thin slice of what officers do.
QUICK = [
    "tests/core",
    "tests/law",
    "tests/house",
    "tests/agencies/test_who_may_see.py",
    "tests/cases/test_investigating.py",
    "tests/cases/test_opening.py",
    "tests/catalogue/test_importing.py",
    "tests/desk/test_equipment_page.py",
]
# What copies the whole tree, plays whole matters to compare, or tries the packs at random.
SLOW = [
    "tests/house/test_contributing.py",
    "tests/house/test_dead_words.py",
    "tests/core/test_unknown_facts.py",
]


def main() -> int:
    """Every stage in order; with --quick what a change breaks most often, in a minute and a
    half.
    """
    long = ["--long"] if "--long" in sys.argv[1:] else []
    began = time.monotonic()
    run("排版（ruff format、djangofmt、biome）", sys.executable, "-m", "tests.layout")
    run("ruff", str(BIN / "ruff"), "check")
    if "--quick" in sys.argv[1:]:
        quick()
    else:
        whole(long)
    print(f"\n全部通过，用时 {time.monotonic() - began:.0f} 秒。")
    print(f"{totals['passed']} passed, {totals['failed']} failed", flush=True)
    return 0


def quick() -> None:
    """Floors, rules, and the tests that need no more than a moment."""
    with beside(BESIDE[1:]):
        tests(
            "测试（核心、规则、规矩、几个请求）",
            *TWO,
            *QUICK,
            *(f"--ignore={each}" for each in SLOW),
        )


def whole(long: list[str]) -> None:
    """Everything."""
    with beside(BESIDE):
        tests("测试（SQLite）", *TWO, *long)
        from tests.postgres import server

        with server() as url:
            if url:
                there = environment(DATABASE_URL=url)
                tests("测试（PostgreSQL）", "-m", "sql", *TWO, *long, env=there)
            elif os.environ.get("CI") == "true" or not os.environ.get("MINGZHENG_LACKING"):
                stop("没有找到 PostgreSQL，跳过等于没有通过。Debian：apt-get install postgresql。")
    written_pages()


@contextmanager
def beside(checks: list[tuple[str, list[str]]]) -> Iterator[None]:
    """Checks that run one after the other, and behind everything else, while the tests run; told
    and judged afterwards.
    """
    done: list[tuple[str, subprocess.CompletedProcess[str], float]] = []

    def all_of_them() -> None:
        for name, command in checks:
            began = time.monotonic()
            answer = subprocess.run(
                ["nice", *command],
                cwd=ROOT,
                env=environment(MINGZHENG_DATA=scratch()),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            done.append((name, answer, time.monotonic() - began))

    thread = threading.Thread(target=all_of_them)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        for name, answer, seconds in done:
            say(name)
            print(answer.stdout, end="")
            print(f"   {seconds:.1f} s（与测试同时）", flush=True)
    for name, answer, _ in done:
        if answer.returncode:
            stop(f"“{name}”没有通过（退出码 {answer.returncode}）。", counted=False)


def scratch() -> str:
    """A data directory for tools that import the settings."""
    from tests import scratch as place

    return str(place.DATA)


if __name__ == "__main__":
    sys.exit(main())
