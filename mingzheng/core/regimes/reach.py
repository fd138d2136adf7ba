"""What is within reach of the rules of one pack: acts that something does and facts that something
tells, in the kinds of matter that a rule speaks of; and what is said of a rule that is out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mingzheng.core.regimes.deadlock import locks
from mingzheng.core.regimes.faults import Fault
from mingzheng.core.regimes.kinds import Kinds, possible
from mingzheng.core.regimes.library import Library
from mingzheng.core.regimes.mentions import conditions_of, facts_asked, lists_asked, words_asked
from mingzheng.core.regimes.scene import SUMS
from mingzheng.core.regimes.shapes import ActRef, Pack, Rule
from mingzheng.core.regimes.supply import Supply
from mingzheng.core.regimes.vocabulary import Vocabulary, fact_kind

# What brings a rule of a table into play.
OPENING = {
    "duty": "after",
    "term": "after",
    "gate": "before",
    "undo": "act",
    "suspension": "from",
}


PAPER = "document/"


def opening(rule: Rule) -> tuple[ActRef, ...]:
    """The acts that bring a rule into play: those it names, or the one for which it is read."""
    if rule.table in OPENING:
        return rule.refs(OPENING[rule.table])
    if rule.table == "route":
        return (ActRef("approval.requested", rule.id),)
    if rule.table == "list" and rule.id.startswith(PAPER):
        return (ActRef("document.issued", rule.id.removeprefix(PAPER)),)
    if rule.table == "extension":
        return tuple(ActRef("limit.extended", topic) for topic in rule.texts_of("of"))
    return ()


@dataclass(frozen=True)
class Complaint:
    """What is dead in a rule, how to mend it, and the words (family, word) of which any would do so
    by coming to life. `barring`: until then it bars the way.
    """

    rule: Rule
    what: str
    mend: str
    words: tuple[tuple[str, str], ...]
    barring: bool = False

    def fault(self, then: str = "") -> Fault:
        """As it is told; `then` stands in the place of how to mend it."""
        return Fault(self.rule.origin.file, self.rule.id, f"{self.what}；{then or self.mend}")


class Reach:
    """One pack, in the light of all that it extends and of what the product does."""

    def __init__(self, library: Library, pack: Pack, supply: Supply) -> None:
        self.pack, self.supply = pack, supply
        self.chain = library.chain(pack.id)
        near = [each for each in library.packs.values() if pack in library.chain(each.id)]
        rules = [rule for each in self.chain for rule in each.rules]
        self.words: Vocabulary = library.words.with_facts(
            {rule.id: fact_kind(rule.id, rule.body) for rule in rules if rule.table == "fact"}
        )
        self.every: Kinds = frozenset(self.words.facts["kind"].choices)
        self.known = {
            *self.words.qualifiers,
            *self.words.acts,
            *(rule.topic for rule in rules if rule.topic),
        }
        self.higher = {rule.topic for each in self.chain if each is not pack for rule in each.rules}
        self.routes = {rule.id for rule in rules if rule.table == "route"}
        self.locks = locks(rules, self.every)
        # What a list or a condition is asked by, also in a nearer pack that builds on this one.
        every = [rule for each in near for rule in each.rules] + rules
        self.asked_lists = {word for rule in every for word in lists_asked(rule)}
        self.asked_conditions = {word for rule in every for word in words_asked(rule, "is")}
        self.asked_facts = {
            name
            for rule in rules
            if rule.table == "list" and rule.id in supply.asking
            for table in conditions_of(rule)
            for name in facts_asked(table)
            if name in self.words.facts and self.words.facts[name].type == "yes-no"
        }

    def alive(self, ref: ActRef, kinds: Kinds) -> bool:
        """Whether something does the act, in one of these kinds of matter."""
        if not kinds or (approving(ref) and ref.of not in self.routes):
            return False
        return self.supply.does(ref, self.known, frozenset() if kinds == self.every else kinds)

    def sphere(self, rule: Rule) -> Kinds:
        """The kinds of matter that a rule speaks of, and in which it is brought into play; where
        nothing brings it, those that it names.
        """
        held = possible(rule.when, self.every)
        reached = {
            kind
            for kind in held
            if any(self.alive(ref, frozenset({kind})) for ref in opening(rule))
        }
        return frozenset(reached) or held

    def elsewhere(self, ref: ActRef, kinds: Kinds) -> bool:
        """Whether an act is done, but in none of these kinds of matter."""
        return self.alive(ref, self.every) and not self.alive(ref, kinds)

    def told(self, fact: str, kinds: Kinds) -> bool:
        """Whether a form, a reader or an act supplies the fact, in one of these kinds of matter."""
        if fact in self.asked_facts:
            return True
        within = frozenset[str]() if kinds == self.every else kinds
        return self.supply.tells(fact, within) or (
            fact in SUMS and all(self.supply.tells(part, within) for part in SUMS[fact])
        )

    def waiting(self, *refs: ActRef) -> list[tuple[str, str]]:
        """The words that dead acts wait for: the act, or just this manner of it."""
        dead = [ref for ref in refs if not self.alive(ref, self.every)]
        papers = [("papers", ref.of) for ref in dead if ref.act == "document.issued"]
        acts = [("acts", str(ref) if ref.act in self.supply.acts else ref.act) for ref in dead]
        return papers + acts

    def dead(
        self, rule: Rule, what: str, mend: str, *refs: ActRef, barring: bool = False
    ) -> Complaint:
        """A rule that its acts make dead: it waits for one of them, or for a kind of matter."""
        kinds = possible(rule.when, self.every)
        words = self.waiting(*refs)
        if not kinds & self.supply.last.keys():
            words += [("kinds", kind) for kind in sorted(kinds)]
        return Complaint(rule, what, mend, tuple(words), barring)

    def where(self, kinds: Kinds, before: str = "") -> str:
        """Kinds of matter as a fault names them; nothing where all are meant."""
        names = self.words.facts["kind"].choices
        said = "、".join(names.get(kind, kind) for kind in sorted(kinds))
        return f"{before}{said}里" if kinds != self.every else ""


def approving(ref: ActRef) -> bool:
    """Whether an act is the approval of something named."""
    return ref.act.startswith("approval.") and bool(ref.of)


def said(refs: Iterable[ActRef]) -> str:
    """Acts as a fault quotes them."""
    return f"“{'、'.join(dict.fromkeys(map(str, refs)))}”"
