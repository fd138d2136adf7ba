"""In which kinds of matter a piece of the product's code is at work: "*" where that can't be told."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.supply.product import ANY, Module, Product, handed, keyword, last, product


class Matters:
    """The product's code, asked for the kinds of matter that it is about."""

    def __init__(self, read: Product) -> None:
        from mingzheng.procedures import matter_kinds, registry
        from mingzheng.procedures.step_context import StepContext

        self.read, self.context = read, StepContext
        self.kinds = frozenset(each.code for each in matter_kinds.every())
        self.openings = registry.openings()
        # Verb → the rows of tables that it does, as (kind of matter, row).
        self.rows: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        for procedure in registry.procedures():
            for step in procedure.steps:
                self.rows[step.verb_key].append((procedure.kind, step))

    def at(self, module: Module, node: ast.AST) -> set[str]:
        """The kinds of the matter in hand while code of a step or of an opening runs."""
        reached = self.read.around(module, node)
        found = {
            kind for verb in self.read.verbs_around(module, node) for kind, _ in self.rows[verb.key]
        }
        began = [
            each
            for each in self.openings
            if each.run.__module__ == module.running.__name__ and each.run.__name__ in reached
        ]
        found |= {each.kind for each in began}
        known = {each.run.__name__ for each in began} | {
            verb.run.__name__ for verb in self.read.verbs_around(module, node)
        }
        # Whatever is begun elsewhere, or by a job, may be about any matter.
        if any(self._elsewhere(module, name) for name in reached) or any(
            name not in known and not self._called(module, name) for name in reached
        ):
            return {ANY}
        return found or {ANY}

    def _called(self, module: Module, name: str) -> bool:
        return any(at is module and module.outer[call] for at, call in self.read.calls[name])

    def _elsewhere(self, module: Module, name: str) -> bool:
        own = getattr(module.running, name, None)
        return own is not None and any(
            at is not module and at.value(call.func) is own for at, call in self.read.calls[name]
        )

    def record(self, module: Module, node: ast.expr | None, deep: int = 0) -> set[str]:
        """The kinds that a record may be of: that of the step, or one that is opened here."""
        if node is None or deep > 3:
            return {ANY}
        if isinstance(node, ast.Attribute) and node.attr == "record":
            of_step = self.read.shape(module, node.value) is self.context
            return self.at(module, node) if of_step else {ANY}
        if not isinstance(node, ast.Name):
            return {ANY}
        given = list(_assigned(module, node))
        found = [
            self.opened(module, value)
            if isinstance(value, ast.Call) and last(value.func) == "open_record"
            else self.record(module, value, deep + 1)
            for value in given
        ]
        return set().union(*found) if found else {ANY}

    def opened(self, module: Module, call: ast.Call) -> set[str]:
        """The kinds of the record that a call opens."""
        kind = keyword(call, "kind")
        if isinstance(kind, ast.Attribute) and kind.attr == "kind":
            made = self.read.made(self.read.shape(module, getattr(kind.value, "value", kind)))
            begun = [self.told("Beginning", at, each) for at, each in made]
            return set().union(*begun) if begun else self.record(module, kind.value)
        return self._known(self.read.words(module, kind))

    def _known(self, words: set[str]) -> set[str]:
        # A record of no kind of matter, such as that of the agency itself, is judged as any is.
        return words if words <= self.kinds else {ANY}

    def told(self, name: str, module: Module, call: ast.Call) -> set[str]:
        """The kinds of the matter that a call to `append`, `Entry` or an object of a beginning
        speaks of.
        """
        if name == "append" and isinstance(call.func, ast.Attribute):
            of_step = self.read.shape(module, call.func.value) is self.context
            return self.at(module, call) if of_step else {ANY}
        if name == "Beginning":
            of_table = self.procedure(module, handed(call, "procedure", 0))
            return self.at(module, call) if ANY in of_table else of_table
        if name == "Entry":
            around = [
                each
                for opening in ("open_record", "append")
                for at, each in self.read.calls[opening]
                if at is module
                and any(said is call for said in (*each.args, keyword(each, "entry")))
            ]
            return set().union(
                *(
                    self.opened(module, each)
                    if last(each.func) == "open_record"
                    else self.record(module, each.args[0] if each.args else None)
                    for each in around
                )
            ) or {ANY}
        return {ANY}

    def procedure(self, module: Module, node: ast.expr | None) -> set[str]:
        """The kinds of the tables that an expression may be."""
        if isinstance(node, ast.IfExp):
            return self.procedure(module, node.body) | self.procedure(module, node.orelse)
        if isinstance(node, ast.Subscript):
            tables = module.value(node.value)
            return {each.kind for each in tables.values()} if isinstance(tables, dict) else {ANY}
        if isinstance(node, ast.Name) and (given := list(_assigned(module, node))):
            return set().union(*(self.procedure(module, each) for each in given))
        kind = getattr(module.value(node), "kind", None) if node is not None else None
        return {kind} if isinstance(kind, str) else {ANY}

    def form(self, form: Any) -> set[str]:
        """The kinds of the matters in which a form is filled in."""
        found = {
            kind
            for verb in self.read.verbs.values()
            if verb.form is form
            for kind, _ in self.rows[verb.key]
        }
        return found | {each.kind for each in self.openings if each.form is form}

    def forms(self) -> list[Any]:
        """Every form of a step or of an opening."""
        found = [verb.form for verb in self.read.verbs.values()]
        return list(dict.fromkeys([*found, *(each.form for each in self.openings)]))


def _assigned(module: Module, node: ast.Name) -> Iterator[ast.expr]:
    """What a name of the function around is made of; `a, b = x, y` gives each its own."""
    for function in module.outer[node]:
        for each in ast.walk(function):
            if not isinstance(each, ast.Assign):
                continue
            target, value = each.targets[0], each.value
            if isinstance(target, ast.Tuple):
                names = [last(part) for part in target.elts]
                if node.id in names:
                    parts = value.elts if isinstance(value, ast.Tuple) else [value] * len(names)
                    yield parts[names.index(node.id)]
            elif last(target) == node.id:
                yield value


@cache
def matters() -> Matters:
    """The product, read once."""
    return Matters(product())
