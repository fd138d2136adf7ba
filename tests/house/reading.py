"""The product's own source as the house rules read it."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "mingzheng"


def modules() -> list[tuple[str, str]]:
    """(path below mingzheng/, text) of every Python file that people wrote."""
    return [
        (str(path.relative_to(PRODUCT)), path.read_text(encoding="utf-8"))
        for path in sorted(PRODUCT.rglob("*.py"))
        if "migrations" not in path.parts
    ]


def templates() -> list[tuple[str, str]]:
    """(path below mingzheng/, text) of every template."""
    return [
        (str(path.relative_to(PRODUCT)), path.read_text(encoding="utf-8"))
        for path in sorted(PRODUCT.rglob("*.html"))
    ]


@cache
def tree(text: str) -> ast.Module:
    """The parsed text."""
    return ast.parse(text)


def functions(text: str) -> Iterator[ast.FunctionDef]:
    """Every function, also those within classes and functions."""
    return (node for node in ast.walk(tree(text)) if isinstance(node, ast.FunctionDef))


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a chain of names, attributes and calls."""
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def floors() -> dict[str, int]:
    """Package → floor, 0 the lowest, from the contract that import-linter keeps."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return {
        name.strip().removeprefix("mingzheng."): height
        for height, row in enumerate(reversed(layers))
        for name in row.split("|")
    }
