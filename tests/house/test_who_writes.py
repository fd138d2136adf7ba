"""Only acts write, and every act names its article."""

from __future__ import annotations

import ast
import re

import pytest

from mingzheng.procedures import registry
from tests.house.reading import dotted, functions, modules, tree

ALWAYS = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
ON_MANAGERS = {"update", "delete"}
# The record's own floor is the writer; the demo founds its cast, a bench fills its tables; signing
# in keeps its list outside any matter. A kind that stands in one file has its verbs there.
WRITERS = re.compile(
    r"(^|/)acts(\.py|/)|^cases/kinds/|^records/|^site/(demo|bench)/|^desk/identity\.py$"
)
ARTICLE = re.compile(r"《[^》]+》|〔\d{4}〕\d+号|等保")
APPENDING = {
    "context.append",
    "context.plainly",
    "record_acts.append",
    "drafts.keep",
    "drafts.decide",
    "drafts.decide_and_issue",
}
# The door that every verb goes through, and the machinery below it: the verbs themselves name their
# articles.
MACHINERY = {"records/acts.py", "procedures/acts.py", "documents/acts.py"}


def writes(text: str) -> list[int]:
    """Lines on which a model row is written."""
    found = []
    for node in ast.walk(tree(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        verb, target = node.func.attr, dotted(node.func.value)
        manager = ".objects" in f"{target}."
        if verb in ALWAYS and target or verb in ON_MANAGERS and manager:
            found.append(node.lineno)
        elif verb in ("save", "delete") and not node.args and target not in ("", "super"):
            found.append(node.lineno)
    return found


def appending(text: str) -> dict[str, ast.FunctionDef]:
    """Public functions of a module that append to a record, directly or through a private one."""
    named = {node.name: node for node in tree(text).body if isinstance(node, ast.FunctionDef)}
    calls = {
        name: {dotted(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
        for name, node in named.items()
    }
    found = {name for name, called in calls.items() if called & APPENDING}
    while more := {name for name, called in calls.items() if called & found} - found:
        found |= more
    return {name: named[name] for name in found if not name.startswith("_")}


def without_article(text: str) -> list[str]:
    """Appending functions whose docstring's first line names no article."""
    return [
        name
        for name, node in appending(text).items()
        if not any(dotted(mark) == "job" for mark in node.decorator_list)
        and not ARTICLE.search((ast.get_docstring(node) or "").split("\n\n")[0])
    ]


@pytest.mark.parametrize(
    "bad",
    [
        "Case.objects.create(record=record)",
        "Case.objects.filter(pk=1).update(fine=3)",
        "row.save(update_fields=['x'])",
        "record.parties.create(name='赵某')",
        "Case.objects.all().delete()",
        "row.delete()",
    ],
)
def test_writing_is_noticed(bad: str) -> None:
    assert writes(bad)


@pytest.mark.parametrize(
    "good",
    ["seen.update(more)", "book.save(out)", "Case.objects.filter(pk=1).first()", "super().save()"],
)
def test_reading_is_no_writing(good: str) -> None:
    assert not writes(good)


def test_only_acts_write() -> None:
    found = [
        f"{path}:{line}"
        for path, text in modules()
        if not WRITERS.search(path)
        for line in writes(text)
    ]
    assert not found, "写库只能在 acts 里：" + "、".join(found)


def test_an_act_without_its_article_is_noticed() -> None:
    bad = (
        'def decide(context):\n    """Decide."""\n    return _go(context)\n\ndef _go(context):\n   '
        " return context.append()\n"
    )
    assert without_article(bad) == ["decide"]
    assert not without_article(bad.replace("Decide.", "《行政处罚法》第五十七条: decide."))


def test_every_act_names_its_article() -> None:
    found = [
        f"{path}: {name}"
        for path, text in modules()
        if re.search(r"(^|/)acts(\.py|/)|^cases/kinds/", path) and path not in MACHINERY
        for name in without_article(text)
    ]
    assert not found, "行为函数的说明第一行要写明条文：" + "、".join(found)


def test_every_step_without_a_function_names_its_article_in_its_row() -> None:
    verbs = registry.verbs()
    found = [
        f"{procedure.code}: {step.key}"
        for procedure in registry.procedures()
        for step in procedure.steps
        if verbs[step.verb_key].plain and not re.search(f"{ARTICLE.pattern}|清单|办法", step.source)
    ]
    assert not found, "没有函数的环节，条文写在流程表这一行：" + "、".join(found)


def test_chapters_have_acts_at_all() -> None:
    seen = {
        path: appending(text) for path, text in modules() if re.search(r"(^|/)acts(\.py|/)", path)
    }
    assert (
        len(seen["cases/acts/coercion.py"]) > 5
        and sum(len(found) for path, found in seen.items() if path.startswith("disclosure/acts/"))
        >= 9
    )
    assert not any(functions("x = 1"))
