"""The product's own code, asked which words its expressions may be: names, parameters, tables and
plain objects are followed to the constants that stand at their end.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests import scratch

ROOT = scratch.ROOT
# "*" stands for what only the moment tells: any word, or any ending.
ANY = "*"
# What a story or a measurement does is no supply; the rule engine only passes words on.
APART = ("site/demo/", "site/bench/", "core/regimes/")
# How far a word is followed from where it is used to where it stands.
DEPTH = 6
# Calls that hand on all that is known of a matter: that is counted where it comes from.
WHOLE = ("facts", "facts_of", "facts_in")


class Module:
    """One module: its tree, who encloses what, and the running module that knows its constants."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        self.running: Any = importlib.import_module(name)
        self.outer: dict[ast.AST, tuple[ast.FunctionDef, ...]] = {}
        self._note(self.tree, ())

    def _note(self, node: ast.AST, outer: tuple[ast.FunctionDef, ...]) -> None:
        self.outer[node] = outer
        for each in ast.iter_child_nodes(node):
            self._note(each, (node, *outer) if isinstance(node, ast.FunctionDef) else outer)

    def nodes(self, shape: type[Any]) -> Iterator[Any]:
        """Every node of a shape."""
        return (node for node in self.outer if isinstance(node, shape))

    def value(self, node: ast.expr) -> Any:
        """What a name or a chain of names is while the product runs; None where it can't be told."""
        if isinstance(node, ast.Name):
            return getattr(self.running, node.id, None)
        if isinstance(node, ast.Attribute):
            return getattr(self.value(node.value), node.attr, None)
        return None


def last(node: ast.expr) -> str:
    """`c` of a call to `a.b.c`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


class Product:
    """The whole product, asked which words its expressions may be."""

    def __init__(self) -> None:
        from mingzheng.procedures import registry

        self.verbs = registry.verbs()
        self.modules = [
            Module(path)
            for path in sorted((ROOT / "mingzheng").rglob("*.py"))
            if "migrations" not in path.parts
            and not str(path.relative_to(ROOT / "mingzheng")).startswith(APART)
            and path.name not in ("__main__.py", "wsgi.py")
        ]
        self.calls: dict[str, list[tuple[Module, ast.Call]]] = defaultdict(list)
        self.functions: dict[str, list[tuple[Module, ast.FunctionDef]]] = defaultdict(list)
        for module in self.modules:
            for call in module.nodes(ast.Call):
                self.calls[last(call.func)].append((module, call))
            for function in module.nodes(ast.FunctionDef):
                self.functions[function.name].append((module, function))

    def appending(self) -> Iterator[tuple[str, Module, ast.Call]]:
        """Every call that appends an act; a function `append` only hands on what it is told."""
        for name in ("append", "Entry"):
            for module, call in self.calls[name]:
                if module.outer[call] and module.outer[call][0].name == "append":
                    continue
                said = {each.arg for each in call.keywords}
                if said & {"kind", "of"} or name == "Entry":
                    yield name, module, call

    def words(self, module: Module, node: ast.expr | None, deep: int = 0) -> set[str]:
        """The words that an expression may be; "x*" where only its beginning is known."""
        if deep > DEPTH or node is None:
            return {ANY}
        if isinstance(node, ast.Constant):
            return {str(node.value or "")}
        if isinstance(node, (ast.IfExp, ast.BoolOp)):
            parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
            return set().union(*(self.words(module, each, deep + 1) for each in parts))
        if isinstance(node, ast.JoinedStr):
            return {_begins(node.values)}
        if isinstance(node, ast.BinOp):
            return {f"{each}*" for each in self.words(module, node.left, deep + 1)}
        if isinstance(node, ast.Name):
            return self._named(module, node, deep)
        if isinstance(node, ast.Subscript):
            return self._answered(module, node)
        if isinstance(node, ast.Call) and last(node.func) == "str" and node.args:
            return self.words(module, node.args[0], deep + 1)
        held = module.value(node)
        if isinstance(held, str):
            return {held}
        return self._field(module, node, deep) if isinstance(node, ast.Attribute) else {ANY}

    def _answered(self, module: Module, node: ast.Subscript) -> set[str]:
        """What the forms of the verbs around a `data["name"]` offer under that name."""
        if isinstance(table := module.value(node.value), dict):
            return {each for each in table.values() if isinstance(each, str)} or {ANY}
        name = node.slice.value if isinstance(node.slice, ast.Constant) else ""
        found: set[str] = set()
        for form in self.forms_around(module, node):
            found |= offered(form, str(name))
        return found or {ANY}

    def forms_around(self, module: Module, node: ast.AST) -> list[Any]:
        """The forms of the verbs that come through a piece of code."""
        return [verb.form for verb in self.verbs_around(module, node)]

    def around(self, module: Module, node: ast.AST) -> set[str]:
        """The functions of a module that come through a piece of code, itself or by calling it."""
        reached, waiting = set(), {function.name for function in module.outer.get(node, ())}
        while waiting:
            name = waiting.pop()
            reached.add(name)
            waiting |= {
                outer.name
                for at, call in self.calls[name]
                if at is module
                for outer in module.outer[call]
            } - reached
        return reached

    def verbs_around(self, module: Module, node: ast.AST) -> list[Any]:
        """The verbs that come through a piece of code, in its own function or by calling it."""
        reached = self.around(module, node)
        return [
            verb
            for verb in self.verbs.values()
            if getattr(verb.run, "__module__", "") == module.running.__name__
            and verb.run.__name__ in reached
        ]

    def defined(self, running: Any) -> list[tuple[Module, ast.FunctionDef]]:
        """Where a function or method of the running product stands in the code."""
        code = getattr(running, "__code__", None)
        return [
            (module, function)
            for module, function in self.functions[getattr(running, "__name__", "")]
            if code is not None
            and module.running.__name__ == running.__module__
            and code.co_firstlineno
            in (function.lineno, *(each.lineno for each in function.decorator_list))
        ]

    def called(self, module: Module, node: ast.expr) -> list[tuple[Module, ast.FunctionDef]]:
        """The functions that a call may mean: its own where the name leads to one, else every one
        of that name.
        """
        return self.defined(module.value(node)) or self.functions[last(node)]

    def shape(self, module: Module, node: ast.expr) -> Any:
        """The class that a parameter is annotated with; None for anything else."""
        return next(
            (
                module.value(each.annotation)
                for function in module.outer[node]
                for each in _parameters(function)
                if each.annotation is not None and each.arg == last(node)
            ),
            None,
        )

    def made(self, shape: Any) -> list[tuple[Module, ast.Call]]:
        """Every call that makes a plain object of the product."""
        calls = self.calls[shape.__name__] if dataclasses.is_dataclass(shape) else []
        return [(at, call) for at, call in calls if at.value(call.func) is shape]

    def _field(self, module: Module, node: ast.Attribute, deep: int) -> set[str]:
        """What is handed to the field of a parameter that is a plain object of the product."""
        shape = self.shape(module, node.value)
        if not dataclasses.is_dataclass(shape):
            return {ANY}
        made = self.made(shape)
        return set().union(*(self.given(at, call, node.attr, deep) for at, call in made)) or {ANY}

    def given(self, module: Module, call: ast.Call, name: str, deep: int = 0) -> set[str]:
        """What a call that makes a plain object hands to one of its fields, or its default."""
        fields = {each.name: each for each in dataclasses.fields(module.value(call.func))}
        if name not in fields:
            return {ANY}
        node = handed(call, name, list(fields).index(name))
        if node is not None:
            return self.words(module, node, deep + 1)
        default = fields[name].default
        return {default} if isinstance(default, str) else set()

    def _named(self, module: Module, node: ast.Name, deep: int) -> set[str]:
        for function in module.outer[node]:
            assigned = [
                each for each in ast.walk(function) if isinstance(each, (ast.Assign, ast.AnnAssign))
            ]
            for each in assigned:
                if unpacked := self._unpacked(module, each, node.id):
                    return unpacked
            given = [
                each.value
                for each in assigned
                if any(last(target) == node.id for target in _targets(each))
                and each.value is not None
            ]
            if given:
                return set().union(*(self.words(module, each, deep + 1) for each in given))
            if any(each.arg == node.id for each in _parameters(function)):
                return self._handed(module, function, node.id, deep)
        held = module.value(node)
        return {held} if isinstance(held, str) else {ANY}

    def _unpacked(
        self, module: Module, node: ast.Assign | ast.AnnAssign, name: str
    ) -> set[str] | None:
        """What `kind, of = TABLE[…]` gives one of its names."""
        target, value = _targets(node)[0], node.value
        if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Subscript):
            return None
        names, table = [last(each) for each in target.elts], module.value(value.value)
        if name not in names or not isinstance(table, dict):
            return None
        return {str(row[names.index(name)]) for row in table.values()}

    def _handed(self, module: Module, function: ast.FunctionDef, name: str, deep: int) -> set[str]:
        """What callers hand over as a parameter, or its default."""
        found: set[str] = set()
        names = [each.arg for each in function.args.args]
        place = names.index(name) - (names[:1] == ["self"]) if name in names else None
        own = None if module.outer[function] else getattr(module.running, function.name, None)
        for at, call in self.calls[function.name]:
            # A function of a module is meant only where its name leads to it.
            if own is not None and at.value(call.func) is not own:
                continue
            if said := keyword(call, name):
                found |= self.words(at, said, deep + 1)
            elif place is not None and place < len(call.args):
                found |= self.words(at, call.args[place], deep + 1)
        if name in (default := _defaults(function)):
            found |= self.words(module, default[name], deep + 1)
        return found or {ANY}

    def keys(self, module: Module, node: ast.AST | None, deep: int = 0) -> set[str]:
        """The keys of the tables that stand in a piece of code or in what it spreads out."""
        if deep > DEPTH or node is None:
            return set()
        if isinstance(node, ast.Name):
            given = [
                (module, each)
                for function in module.outer.get(node, ())
                for each in ast.walk(function)
                if isinstance(each, (ast.Assign, ast.AnnAssign, ast.AugAssign))
                and any(
                    last(part) == node.id
                    for target in _targets(each)
                    for part in [target, getattr(target, "value", target)]
                )
            ]
            return set().union(set(), *(self.keys(at, each, deep + 1) for at, each in given))
        found: set[str] = set()
        for each in ast.walk(node):
            if isinstance(each, ast.Dict):
                found |= {str(key.value) for key in each.keys if isinstance(key, ast.Constant)}
                spread = [
                    value for key, value in zip(each.keys, each.values, strict=True) if key is None
                ]
                found |= set().union(set(), *(self._spread(module, part, deep) for part in spread))
            elif isinstance(each, ast.DictComp) and isinstance(each.key, ast.Name):
                held = module.value(each.generators[0].iter)
                found |= set(held) if isinstance(held, (tuple, list, frozenset)) else set()
            elif isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Subscript):
                found |= self.words(module, each.targets[0].slice)
            elif isinstance(each, (ast.Return, ast.keyword)):
                found |= self._spread(module, each.value, deep)
        return found

    def _spread(self, module: Module, node: ast.expr | None, deep: int) -> set[str]:
        if isinstance(node, ast.Call) and last(node.func) not in WHOLE:
            return set().union(
                set(),
                *(
                    self.keys(at, function, deep + 1)
                    for at, function in self.called(module, node.func)
                ),
            )
        return self.keys(module, node, deep + 1) if isinstance(node, ast.Name) else set()


def _begins(parts: Iterable[ast.expr]) -> str:
    first = next(iter(parts), None)
    return f"{first.value}*" if isinstance(first, ast.Constant) else ANY


def _targets(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.args, *function.args.kwonlyargs]


def _defaults(function: ast.FunctionDef) -> dict[str, ast.expr]:
    given = function.args
    placed = zip(reversed(given.args), reversed(given.defaults), strict=False)
    named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    return {each.arg: value for each, value in [*placed, *named] if value is not None}


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == name), None)


def handed(call: ast.Call, name: str, place: int) -> ast.expr | None:
    """What a call hands over by name or in a place."""
    said = keyword(call, name)
    return said if said is not None or place >= len(call.args) else call.args[place]


def offered(form: Any, name: str) -> set[str]:
    """The choices of a form's field, where they stand in the form itself."""
    field = form.base_fields.get(name)
    return {str(code) for code, _ in getattr(field, "choices", ()) or () if code != ""}


@cache
def product() -> Product:
    """The product, read once."""
    import django

    django.setup()
    return Product()
