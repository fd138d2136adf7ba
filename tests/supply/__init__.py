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
from functools import cache
from typing import Any

from tests.supply import order, papers
from tests.supply.matters import matters
from tests.supply.product import ANY, ROOT, Module, Product, keyword, last, offered, product

PAGE = ROOT / "mingzheng" / "core" / "regimes" / "supplied.toml"
# The acts of an approval are about the route that it goes along, and a paper that is issued is
# named by the step: what the call itself says of them is a word of the moment.
APPROVING = ("approval.requested", "approval.given", "approval.refused")
ELSEWHERE = {*APPROVING, "document.issued"}
HEAD = """# 系统里活着的词：哪些行为有办理的地方，哪些事实有人填、有处算，哪些清单、路线、期间有人读。
# 由 python -m tests.supply 从步骤表、表单、登记和程序本身读出，不要手改。
# acts 行为 → 在哪些种类的事项里（* 任何种类）→ 可以写的 of；facts 事实 → 在哪些种类的事项里知道；
# elements 文书 → 写得出的要素；order 步骤表 → 行为 → 一定在它以后的行为（空着的一行：没有先后的）。
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


# Act or fact → the kinds of matter in which it is done or told → what it may be about.
Ways = dict[str, dict[str, set[str]]]


def add(ways: Ways, word: str, kinds: Iterable[str], of: Iterable[str] = ("",)) -> None:
    """One more place that does an act, or tells a fact."""
    for kind in kinds:
        ways.setdefault(word, {}).setdefault(kind, set()).update(of)


def acts() -> Ways:
    """Every act that a step, a verb or a job can append."""
    read, known = product(), matters()
    found: Ways = {}
    of_row: dict[int, set[str]] = {}
    for key, rows in known.rows.items():
        for kind, step in rows:
            of_row[id(step)] = qualifiers(read.verbs[key].form, step.of, read)
            add(found, step.act, [kind], of_row[id(step)])
            for act in APPROVING if step.route else ():
                add(found, act, [kind], along(read.verbs[key].form, step.route))
    for name, module, call in read.appending():
        kind, about = keyword(call, "kind"), keyword(call, "of")
        if kind is None and name == "Entry":
            kind = call.args[0]
        if isinstance(kind, ast.Attribute) and (made := read.made(read.shape(module, kind.value))):
            for at, each in made:
                for act in read.given(at, each, kind.attr):
                    of = read.given(at, each, last(about)) if about is not None else {""}
                    add(found, act, known.told("Beginning", at, each), of)
            continue
        of = read.words(module, about) if about is not None else {""}
        verbs = read.verbs_around(module, call)
        if about is None and name == "append":
            # It says what the step says, where it is told nothing else.
            of |= {
                each
                for verb in verbs
                for _, step in known.rows[verb.key]
                for each in of_row[id(step)]
            }
        if kind is not None:
            for act in _certain(read.words(module, kind), module, call, kind) - ELSEWHERE:
                add(found, act, known.told(name, module, call), of)
            continue
        for verb in verbs if about is not None else ():
            for matter, step in known.rows[verb.key]:
                add(found, step.act, [matter], of)
    for code, kinds in papers.issued().items():
        add(found, "document.issued", kinds, [code])
    return found


def _certain(words: set[str], module: Module, call: ast.Call, kind: ast.expr) -> set[str]:
    if ANY in words:
        place = f"{module.running.__name__}:{call.lineno}"
        raise ValueError(f"{place}: the act {ast.unparse(kind)} can't be told from the code")
    return words


def along(form: Any, usual: str) -> set[str]:
    """The approval routes that a form may choose, or the step's own."""
    return {usual} | _chosen(form.route)


@cache
def _chosen(method: Any) -> frozenset[str]:
    from mingzheng.procedures.forms import ActForm

    read, found = product(), set[str]()
    for module, function in read.defined(method) if method is not ActForm.route else ():
        for each in ast.walk(function):
            if isinstance(each, ast.Return):
                for part in _either(each.value):
                    # The parameter is the step's own route.
                    found |= set() if isinstance(part, ast.Name) else read.words(module, part)
    return frozenset(found - {ANY, ""})


def _either(node: ast.expr | None) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [*_either(node.body), *_either(node.orelse)]
    return [node] if node is not None else []


def answered() -> set[str]:
    """Every fact that a form supplies."""
    read = product()
    return set().union(*(read.keys(*each) for each in read.functions["facts"]))


def facts() -> Ways:
    """Every fact that a reader, a form or an act supplies, and what the record itself knows."""
    read, known = product(), matters()
    found: Ways = {}

    def tell(kinds: Iterable[str], names: Iterable[str]) -> None:
        for name in names:
            add(found, name, kinds)

    for module, function in read.functions["asked"]:
        tell([ANY], read.keys(module, function))
    for module, call in read.calls["Kind"]:
        reader, code = keyword(call, "facts"), keyword(call, "code")
        if isinstance(reader, ast.Lambda):
            tell(read.words(module, code), read.keys(module, reader))
        elif reader is not None:
            for at, function in read.called(module, reader):
                tell(read.words(module, code), read.keys(at, function))
    reached = set()
    for form in known.forms():
        for base in form.__mro__:
            for at, function in read.defined(vars(base).get("facts")):
                reached.add(function)
                tell(known.form(form), read.keys(at, function))
    for at, function in read.functions["facts"]:
        if function not in reached:
            tell([ANY], read.keys(at, function))
    for name, calls in list(read.calls.items()):
        for module, call in calls:
            given = keyword(call, "facts")
            if given is not None:
                told = read.keys(module, given) | read._spread(module, given, 0)
                tell(known.told(name, module, call), told)
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
    return {
        route
        for key, rows in matters().rows.items()
        for _, step in rows
        if step.route
        for route in along(product().verbs[key].form, step.route)
    }


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


def grouped(ways: dict[str, set[str]]) -> dict[str, list[str]]:
    """What an act may be about, by the kinds of matter in which it may be that."""
    anywhere = ways.get(ANY, set())
    by_of: dict[str, list[str]] = {
        of: [ANY] if of in anywhere else sorted(kind for kind in ways if of in ways[kind])
        for of in sorted(set().union(*ways.values()))
    }
    found: dict[str, list[str]] = {}
    for of, kinds in by_of.items():
        found.setdefault(" ".join(kinds), []).append(of)
    return found


def made() -> dict[str, Any]:
    """The whole content of the file."""
    product()
    from mingzheng.core.regimes import shipped, vocabulary
    from mingzheng.documents import kinds
    from mingzheng.procedures import registry
    from mingzheng.rulebook import naming

    words, done, told = vocabulary(), acts(), facts()
    declared = (rule.id for pack in shipped().packs.values() for rule in pack.of("fact"))
    facts_known = {*words.facts, *declared}
    lists_of_papers = {f"document/{kind.code}" for kind in kinds.every()}
    named_topics = {*words.topics, *naming.TOPICS, *naming.LISTS}
    living = {
        "answered": answered() & facts_known,
        "asking": asking(),
        "lists": (lists() - {ANY, ANY + ANY, "", "document/*"}) | lists_of_papers,
        "routes": routes(),
        "terms": terms() - {ANY},
        "topics": named_topics
        | {step.limit for each in registry.procedures() for step in each.steps} - {""},
    }
    ids = {table: named(table) - {ANY, ""} for table in ("condition", "quota", "count", "paper")}
    ids["condition"] |= {"major"}
    ids["paper"] |= {kind.code for kind in kinds.every()}
    return {
        "acts": {act: grouped(done[act]) for act in sorted(set(done) & set(words.acts))},
        "facts": {
            fact: [ANY] if ANY in told[fact] else sorted(told[fact])
            for fact in sorted(set(told) & facts_known)
        },
        "elements": {code: sorted(ids) for code, ids in papers.elements().items()},
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
        "order": order.tables(done),
    }


def page() -> str:
    """The file as it should be."""

    def said(value: Any) -> str:
        if isinstance(value, dict):
            parts = [
                f"{key if key.isidentifier() else json.dumps(key)} = {said(each)}"
                for key, each in value.items()
            ]
            return f"{{ {', '.join(parts)} }}"
        return json.dumps(value, ensure_ascii=False)

    lines, content = [HEAD], made()
    content |= {f'order."{code}"': rows for code, rows in content.pop("order").items()}
    for table, rows in content.items():
        lines += [f"[{table}]", *(f'"{name}" = {said(value)}' for name, value in rows.items()), ""]
    return "\n".join(lines)
