"""The papers of the product: in which kinds of matter each is issued, and which elements it says."""

from __future__ import annotations

import ast

from tests.supply.matters import matters
from tests.supply.product import ANY, DEPTH, Module, last, product


def issued() -> dict[str, set[str]]:
    """Paper → the kinds of matter in which a step leaves it; any, where code names it otherwise."""
    read, known = product(), matters()
    from mingzheng.documents import kinds

    found: dict[str, set[str]] = {kind.code: set() for kind in kinds.every()}
    for rows in known.rows.values():
        for kind, step in rows:
            for code in step.documents:
                found[code].add(kind)
    for module, call in read.calls["issue"]:
        if len(call.args) > 1:
            for code in read.words(module, call.args[1]) & set(found):
                found[code] |= known.told("append", module, call)
    return {code: kinds_of or {ANY} for code, kinds_of in found.items()}


def elements() -> dict[str, set[str]]:
    """Paper → the elements that its builder may say; any, where they can't be told from the code."""
    from mingzheng.documents import kinds

    found = {}
    for kind in kinds.every():
        builders = product().defined(kind.build) if kind.build else []
        said = [_said(module, function) for module, function in builders]
        found[kind.code] = set().union(*said) if said else {ANY}
    return found


def _said(module: Module, node: ast.AST, deep: int = 0) -> set[str]:
    """The keys of everything that stands under "elements", also in the body it is made from."""
    found: set[str] = set()
    told = False
    for each in ast.walk(node):
        values: list[ast.expr] = []
        if isinstance(each, ast.Dict):
            values = [
                value
                for key, value in zip(each.keys, each.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "elements"
            ]
        elif isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Subscript):
            place = each.targets[0].slice
            if isinstance(place, ast.Constant) and place.value == "elements":
                values = [each.value]
        for value in values:
            told = True
            found |= _keys(module, value)
    if told or deep > DEPTH:
        return found if told else {ANY}
    within = [
        _said(at, function, deep + 1)
        for call in _bodies(node)
        for at, function in product().called(module, call.func)
    ]
    return set().union(*within) if within else {ANY}


def _bodies(node: ast.AST) -> list[ast.Call]:
    """The calls that make the body which a function returns, such as that of the draft."""
    returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
    names = {last(each) for each in returned if isinstance(each, ast.Name)}
    made = [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Assign) and last(each.targets[0]) in names
    ]
    return [each for each in (*returned, *made) if isinstance(each, ast.Call)]


def _keys(module: Module, node: ast.expr) -> set[str]:
    """The keys of a table that stands in the code; any, where it comes from elsewhere."""
    if isinstance(node, ast.Name):
        given = [
            each.value
            for function in module.outer[node]
            for each in ast.walk(function)
            if isinstance(each, (ast.Assign, ast.AnnAssign))
            and each.value is not None
            and any(
                last(target) == node.id
                for target in (each.targets if isinstance(each, ast.Assign) else [each.target])
            )
        ]
        added = [
            str(each.targets[0].slice.value)
            for function in module.outer[node]
            for each in ast.walk(function)
            if isinstance(each, ast.Assign)
            and isinstance(each.targets[0], ast.Subscript)
            and last(each.targets[0].value) == node.id
            and isinstance(each.targets[0].slice, ast.Constant)
        ]
        return set(added).union(*(_keys(module, each) for each in given)) if given else {ANY}
    if isinstance(node, ast.IfExp):
        return _keys(module, node.body) | _keys(module, node.orelse)
    if not isinstance(node, ast.Dict):
        return {ANY}
    found: set[str] = set()
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            found |= _keys(module, value)
        else:
            found |= product().words(module, key)
    return found
