"""mingzheng/core/regimes/supplied.toml: what the product does with the words of rules, read off
the product itself, so that `mingzheng law check` knows dead words without a database.

python -m tests.supply            write the file
python -m tests.supply --check    exit 1 when the file is not what would be written

Acts come from the registered tables of steps, from the qualifiers that their forms answer, and
from every call that appends to a record; facts from the registered readers, the forms and the
`facts=` of such calls; lists, routes and terms from the places that ask a regime for them.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests import scratch

ROOT = scratch.ROOT
PAGE = ROOT / "mingzheng" / "core" / "regimes" / "supplied.toml"
HEAD = """# 系统里活着的词：哪些行为有办理的地方，哪些事实有人填、有处算，哪些清单、路线、期间有人读。
# 由 python -m tests.supply 从步骤表、表单、登记和程序本身读出，不要手改。
"""
# "*" stands for what only the moment tells: any word, or any ending.
ANY = "*"
# What a story or a measurement does is no supply; the rule engine only passes words on.
APART = ("site/demo/", "site/bench/", "core/regimes/")
DEPTH = 6


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

    def verbs_around(self, module: Module, node: ast.AST) -> list[Any]:
        """The verbs that come through a piece of code, in its own function or by calling it."""
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
        return [
            verb
            for verb in self.verbs.values()
            if getattr(verb.run, "__module__", "") == module.running.__name__
            and verb.run.__name__ in reached
        ]

    def _field(self, module: Module, node: ast.Attribute, deep: int) -> set[str]:
        """What is handed to the field of a parameter that is a plain object of the product."""
        shape = next(
            (
                module.value(each.annotation)
                for function in module.outer[node]
                for each in _parameters(function)
                if each.annotation is not None and each.arg == last(node.value)
            ),
            None,
        )
        if not dataclasses.is_dataclass(shape):
            return {ANY}
        fields = {each.name: each for each in dataclasses.fields(shape)}
        if node.attr not in fields:
            return {ANY}
        place, found = list(fields).index(node.attr), set()
        for at, call in self.calls[shape.__name__]:
            if at.value(call.func) is not shape:
                continue
            keyword = _keyword(call, node.attr)
            if keyword is not None or place < len(call.args):
                found |= self.words(at, keyword or call.args[place], deep + 1)
            elif isinstance(fields[node.attr].default, str):
                found.add(fields[node.attr].default)
        return found or {ANY}

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
            if keyword := _keyword(call, name):
                found |= self.words(at, keyword, deep + 1)
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
                found |= {key.value for key in each.keys if isinstance(key, ast.Constant)}
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
        if isinstance(node, ast.Call):
            return set().union(
                set(),
                *(
                    self.keys(at, function, deep + 1)
                    for at, function in self.functions[last(node.func)]
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


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == name), None)


def qualifiers(form: Any, usual: str, product: Product) -> set[str]:
    """What a form may say that its act is about."""
    from mingzheng.procedures.forms import ActForm

    method = next(vars(each)["qualifier"] for each in form.__mro__ if "qualifier" in vars(each))
    if method is ActForm.qualifier:
        return {usual}
    module, function = next(
        (module, function)
        for module, function in product.functions["qualifier"]
        if module.running.__name__ == method.__module__
        and function.lineno == method.__code__.co_firstlineno
    )
    returned = [each.value for each in ast.walk(function) if isinstance(each, ast.Return)]
    asked = [
        each.slice.value
        for each in ast.walk(function)
        if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Constant)
    ]
    choices = set().union(set(), *(offered(form, name) for name in asked))
    return choices or set().union(*(product.words(module, each) for each in returned))


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


class Acts:
    """Act → the kinds of matter in which it may be done, and what it may be about."""

    def __init__(self) -> None:
        self.kinds: dict[str, set[str]] = defaultdict(set)
        self.of: dict[str, set[str]] = defaultdict(set)

    def add(self, act: str, kinds: Iterable[str], of: Iterable[str]) -> None:
        """One more place that does the act."""
        self.kinds[act] |= set(kinds)
        self.of[act] |= set(of)


def acts() -> Acts:
    """Every act that a step, a verb or a job can append."""
    read = product()
    from mingzheng.documents import kinds
    from mingzheng.procedures import registry

    found = Acts()
    taken: dict[str, list[tuple[str, str, set[str]]]] = defaultdict(list)
    for procedure in registry.procedures():
        for step in procedure.steps:
            verb = registry.find(step.doer)
            of = qualifiers(verb.form, step.of, read)
            found.add(step.act, [procedure.kind], of)
            taken[verb.key].append((step.act, procedure.kind, of))
    for name, module, call in read.appending():
        steps = [step for verb in read.verbs_around(module, call) for step in taken[verb.key]]
        kind, about = _keyword(call, "kind"), _keyword(call, "of")
        if kind is None and name == "Entry":
            kind = call.args[0]
        if about is not None:
            of = read.words(module, about)
        else:
            # `append` says what the step says, where it is told nothing else.
            of = {""}.union(*(own for _, _, own in steps)) if name == "append" else {""}
        if kind is None:
            for act, matter, _ in steps:
                found.add(act, [matter], of)
        else:
            named = read.words(module, kind)
            if ANY in named:
                place = f"{module.running.__name__}:{call.lineno}"
                raise ValueError(
                    f"{place}: the act {ast.unparse(kind)} can't be told from the code"
                )
            for act in named:
                found.add(act, [ANY], of)
    found.add("document.issued", [ANY], [kind.code for kind in kinds.every()])
    return found


def answered() -> set[str]:
    """Every fact that a form supplies."""
    read = product()
    return set().union(*(read.keys(*each) for each in read.functions["facts"]))


def facts() -> set[str]:
    """Every fact that a reader, a form or an act supplies, and what the record itself knows."""
    read = product()
    roots: list[tuple[Module, ast.AST]] = list(read.functions["asked"])
    for module, call in read.calls["register_facts"]:
        name = last(call.args[1])
        roots += [(at, function) for at, function in read.functions[name] if at is module]
        roots += [(module, call.args[1])] if isinstance(call.args[1], ast.Lambda) else []
    found = answered().union(*(read.keys(module, function) for module, function in roots))
    for calls in read.calls.values():
        for module, call in calls:
            given = _keyword(call, "facts")
            if given is not None:
                found |= read.keys(module, given) | read._spread(module, given, 0)
    return found


def lists() -> set[str]:
    """Every list that some place asks a regime for; "x*" where the ending comes from data."""
    read, found = product(), set()
    for module, call in read.calls["rows"]:
        # A regime is asked with the list, the day and the facts.
        if len(call.args) == 3 and isinstance(call.func, ast.Attribute):
            found |= read.words(module, call.args[0])
    return found


def routes() -> set[str]:
    """Every approval route that a step goes along."""
    read = product()
    from mingzheng.procedures import registry

    found = {step.route for each in registry.procedures() for step in each.steps if step.route}
    for module, function in read.functions["route"]:
        for each in ast.walk(function):
            if isinstance(each, ast.Return):
                found |= read.words(module, each.value)
    return found


def terms() -> set[str]:
    """Every act whose terms some place asks for."""
    read = product()
    return set().union(*(read.words(at, call.args[0]) for at, call in read.calls["terms"]))


def named(table: str) -> set[str]:
    """The ids that some place looks for among the rules of a table."""
    read, found = product(), set()
    for module, call in read.calls["rules"]:
        if not call.args or read.words(module, call.args[0]) != {table}:
            continue
        for each in ast.walk(module.outer[call][0]):
            if isinstance(each, ast.Compare) and "id" in (last(each.left),):
                found |= read.words(module, each.comparators[0])
    return found


def last_acts() -> dict[str, dict[str, list[str]]]:
    """Kind of matter → the acts that always end it, and those that can be done once it has ended."""
    product()
    from mingzheng.procedures import registry

    leads: dict[tuple[str, str], set[bool]] = defaultdict(set)
    then: dict[str, set[str]] = defaultdict(set)
    for procedure in registry.procedures():
        over = {state.code for state in procedure.states if state.final}
        for step in procedure.steps:
            ending = step.to in over if step.to else set(step.since) <= over
            leads[procedure.kind, step.act].add(ending)
        reached = over
        while (
            more := {step.to for step in procedure.steps if step.to and set(step.since) & reached}
            - reached
        ):
            reached = reached | more
        then[procedure.kind] |= {step.act for step in procedure.steps if set(step.since) & reached}
    return {
        kind: {
            "ends": sorted(
                act for (matter, act), ends in leads.items() if matter == kind and ends == {True}
            ),
            "then": sorted(acts),
        }
        for kind, acts in then.items()
    }


def asking() -> set[str]:
    """The lists whose rows make a form ask the facts that they hang on."""
    read, found = product(), set()
    for module, function in read.functions["unanswered"]:
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and last(call.func) == "rows":
                found |= read.words(module, call.args[0])
    return found


def made() -> dict[str, Any]:
    """The whole content of the file."""
    product()
    from mingzheng.core.regimes import shipped, vocabulary
    from mingzheng.documents import kinds
    from mingzheng.procedures import registry
    from mingzheng.rulebook import naming

    words, done = vocabulary(), acts()
    declared = (rule.id for pack in shipped().packs.values() for rule in pack.of("fact"))
    facts_known = {*words.facts, *declared}
    papers = [f"document/{kind.code}" for kind in kinds.every()]
    named_topics = {*words.topics, *naming.TOPICS, *naming.LISTS}
    living = {
        "facts": facts() & facts_known,
        "answered": answered() & facts_known,
        "asking": asking(),
        "lists": (lists() - {ANY, "", "document/*"}) | set(papers),
        "routes": routes() - {ANY, ""},
        "terms": terms() - {ANY},
        "topics": named_topics
        | {step.limit for each in registry.procedures() for step in each.steps} - {""},
    }
    ids = {table: named(table) - {ANY, ""} for table in ("condition", "quota", "count", "paper")}
    ids["condition"] |= {"major"}
    ids["paper"] |= {kind.code for kind in kinds.every()}
    return {
        "acts": {
            act: {
                "kinds": [ANY] if ANY in done.kinds[act] else sorted(done.kinds[act]),
                "of": sorted(done.of[act]),
            }
            for act in sorted(set(done.kinds) & set(words.acts))
        },
        "words": {family: sorted(each) for family, each in living.items()},
        "ids": {table: sorted(each) for table, each in ids.items()},
        "last": last_acts(),
        "names": {
            **{kind.code: kind.title for kind in kinds.every()},
            **{f"document/{kind.code}": f"{kind.title}的要素" for kind in kinds.every()},
            **{topic: str(words.topics[topic]["name"]) for topic in words.topics},
            **naming.TOPICS,
            **naming.LISTS,
        },
    }


def page() -> str:
    """The file as it should be."""

    def said(value: Any) -> str:
        if isinstance(value, dict):
            parts = [f"{key} = {said(each)}" for key, each in value.items()]
            return f"{{ {', '.join(parts)} }}"
        return json.dumps(value, ensure_ascii=False)

    lines = [HEAD]
    for table, rows in made().items():
        lines += [f"[{table}]", *(f'"{name}" = {said(value)}' for name, value in rows.items()), ""]
    return "\n".join(lines)


def main() -> int:
    """Write the file, or say whether it is what would be written."""
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{PAGE.relative_to(ROOT)} 过时了，请运行 python -m tests.supply。")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
