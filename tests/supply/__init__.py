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
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.supply.product import ANY, ROOT, Module, Product, keyword, last, offered, product

PAGE = ROOT / "mingzheng" / "core" / "regimes" / "supplied.toml"
HEAD = """# 系统里活着的词：哪些行为有办理的地方，哪些事实有人填、有处算，哪些清单、路线、期间有人读。
# 由 python -m tests.supply 从步骤表、表单、登记和程序本身读出，不要手改。
"""


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
    if all(isinstance(each, (ast.Constant, ast.IfExp)) for each in returned):
        return set().union(*(product.words(module, each) for each in returned))
    asked = [
        str(each.slice.value)
        for each in ast.walk(function)
        if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Constant)
    ]
    choices = set().union(set(), *(offered(form, name) for name in asked))
    return choices or set().union(*(product.words(module, each) for each in returned))


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
            verb = registry.find(step.verb_key)
            of = qualifiers(verb.form, step.of, read)
            found.add(step.act, [procedure.kind], of)
            taken[verb.key].append((step.act, procedure.kind, of))
    for name, module, call in read.appending():
        steps = [step for verb in read.verbs_around(module, call) for step in taken[verb.key]]
        kind, about = keyword(call, "kind"), keyword(call, "of")
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
    for module, call in read.calls["Kind"]:
        reader = keyword(call, "facts")
        if isinstance(reader, ast.Lambda):
            roots.append((module, reader))
        elif reader is not None:
            roots += read.functions[last(reader)]
    found = answered().union(*(read.keys(module, function) for module, function in roots))
    for calls in read.calls.values():
        for module, call in calls:
            given = keyword(call, "facts")
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
            ending = step.to in over if step.to else set(step.from_states) <= over
            leads[procedure.kind, step.act].add(ending)
        reached = over
        while (
            more := {
                step.to for step in procedure.steps if step.to and set(step.from_states) & reached
            }
            - reached
        ):
            reached = reached | more
        then[procedure.kind] |= {
            step.act for step in procedure.steps if set(step.from_states) & reached
        }
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
