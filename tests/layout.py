"""The layout that formatters decide: `python -m tests.layout [--write]`.

ruff for Python, djangofmt for templates, biome for CSS and JavaScript. Without `--write` it only
says what is not as the formatters would have it, and ends with 1.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TEMPLATE = ("--line-length", "100", "--indent-width", "2")


def commands(write: bool) -> list[list[str]]:
    """One command a formatter."""
    pages = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("mingzheng/**/*.html"))]
    check = [] if write else ["--check"]
    return [
        [str(BIN / "ruff"), "format", *check],
        [str(BIN / "djangofmt"), *TEMPLATE, *check, *pages],
        [str(BIN / "biome"), "check", *(["--write"] if write else [])],
    ]


def main(arguments: list[str]) -> int:
    """Run every formatter, also after one has found something."""
    codes = [
        subprocess.run(command, cwd=ROOT).returncode for command in commands("--write" in arguments)
    ]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
