"""What has grown past one screen and one reading: `python -m tests.hints`. A report, never a failure."""

from __future__ import annotations

from tests.house.reading import functions, modules

FILE_LINES, FUNCTION_LINES = 400, 50


def hints() -> list[str]:
    """Files and functions in which a noun may be missing, the longest first."""
    found: list[tuple[int, str]] = []
    for path, text in modules():
        if (lines := len(text.splitlines())) > FILE_LINES:
            found.append((lines, f"{path}: {lines} lines"))
        for node in functions(text):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                found.append((lines, f"{path}: {node.name} {lines} lines"))
    return [said for _, said in sorted(found, reverse=True)]


if __name__ == "__main__":
    print("\n".join(hints()) or "nothing")
