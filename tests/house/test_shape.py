"""Sizes, names, floors, pages: what keeps the house readable."""

from __future__ import annotations

import ast
import re

import pytest
from django.apps import apps

from tests.house.reading import ROOT, dotted, floors, functions, modules, templates, tree

NO_NAMES = {"utils", "helpers", "common", "parts", "shared", "services", "managers"}


def stubs(text: str) -> list[str]:
    """Functions that only pretend: pass, `...`, NotImplementedError, TODO."""
    shapes = {
        id(each)
        for node in ast.walk(tree(text))
        if isinstance(node, ast.ClassDef)
        and any(dotted(base) in ("Protocol", "typing.Protocol") for base in node.bases)
        for each in node.body
    }
    found = []
    for node in functions(text):
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        hollow = all(
            isinstance(each, ast.Pass)
            or isinstance(each, ast.Expr)
            and isinstance(each.value, ast.Constant)
            or isinstance(each, ast.Raise)
            and "NotImplementedError" in ast.dump(each)
            for each in body
        )
        prepared = bool(not body and ast.get_docstring(node))
        if hollow and id(node) not in shapes and not prepared:
            found.append(node.name)
    return found


def inline(text: str) -> list[str]:
    """What the content security policy would stop: styles and scripts within the page, and foreign
    hosts.
    """
    rules = (
        r"\sstyle=",
        r"<style",
        r"<script(?![^>]*\ssrc=)",
        r"\son[a-z]+=[\"']",
        r"javascript:",
        r"(src|href)=[\"']https?://",
    )
    return [rule for rule in rules if re.search(rule, text)]


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [path for path, _ in modules() if NO_NAMES & set(re.split(r"[/.]", path))]


@pytest.mark.parametrize(
    "bad", ["def f():\n    pass", "def f():\n    ...", "def f():\n    raise NotImplementedError"]
)
def test_a_stub_is_noticed(bad: str) -> None:
    assert stubs(bad)
    assert not stubs("class P(Protocol):\n    def f(self): ...\n\ndef g():\n    return 1")


def test_nothing_only_pretends_to_work() -> None:
    assert not [f"{path}: {each}" for path, text in modules() for each in stubs(text)]
    assert not [path for path, text in modules() if re.search(r"#\s*(TODO|FIXME|XXX)\b", text)]


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="x">',
        "<script>x()</script>",
        '<a onclick="x">',
        '<img src="https://cdn.test/x.png">',
    ],
)
def test_inline_style_and_script_are_noticed(bad: str) -> None:
    assert inline(bad)
    assert not inline('<script src="/static/desk.js" defer></script><p class="style=">')


def test_pages_carry_no_inline_style_or_script() -> None:
    assert not [f"{path}: {each}" for path, text in templates() for each in inline(text)]


def upward(floor: dict[str, int], source: str, target: str) -> bool:
    """Whether a row of `source` points at a table of a higher floor, or of a neighbour chapter."""
    if source == target or target not in floor:
        return False
    return floor[target] > floor[source] or (floor[target] == floor[source])


def test_a_foreign_key_upwards_is_noticed() -> None:
    floor = {"records": 1, "cases": 6, "review": 6}
    assert upward(floor, "records", "cases") and upward(floor, "cases", "review")
    assert not upward(floor, "cases", "records")


def test_foreign_keys_point_down() -> None:
    floor, found = floors(), []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = field.related_model
            if not field.concrete or not field.is_relation or not hasattr(target, "_meta"):
                continue
            source, aim = model.__module__.split(".")[1], target.__module__.split(".")[1]
            if model.__module__.startswith("mingzheng.") and upward(floor, source, aim):
                found.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert not found


def test_every_test_can_fail() -> None:
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        for node in functions(text):
            if node.name.startswith("test_") and not can_fail(node):
                found.append(f"{path.name}: {node.name}")
    assert not found


def can_fail(node: ast.FunctionDef) -> bool:
    """It asserts, expects a refusal, or hands over to something that does."""
    names = {
        dotted(each.func).split(".")[-1] for each in ast.walk(node) if isinstance(each, ast.Call)
    }
    return any(isinstance(each, ast.Assert) for each in ast.walk(node)) or bool(
        {
            name
            for name in names
            if re.match(r"raises|fail|expect|compare|check|assert|refused|see", name)
        }
    )
