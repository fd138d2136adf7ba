"""Words that can be written but not done: acts that nothing does, facts that nobody supplies, lists
that nobody reads, and the duties and gates that hang on them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mingzheng.core.regimes.dead_rules import complaints as of_reach
from mingzheng.core.regimes.faults import Fault
from mingzheng.core.regimes.library import Library
from mingzheng.core.regimes.mentions import facts_named
from mingzheng.core.regimes.reach import Complaint, Reach
from mingzheng.core.regimes.scene import SUMS
from mingzheng.core.regimes.shapes import Pack
from mingzheng.core.regimes.supply import Awaiting, Supply
from mingzheng.core.regimes.vocabulary import Vocabulary

FAMILIES = {
    "acts": "没有哪一步、哪项任务做这个行为",
    "facts": "没有表单填、也没有地方算这个事实",
    "unread": "表单问这个事实，却没有哪条规则用它",
}


@dataclass
class Found:
    """What one pack's words lack: `faults` must be mended, `notes` only say what has to wait."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def dead_words(
    library: Library, ids: Iterable[str], supply: Supply, awaiting: Awaiting, shipped: Library
) -> Found:
    """The dead words of the packs `ids`. What waits for a chapter to come is excused in the packs
    that the product brings; elsewhere it is noted, and a gate that waits for it is a fault: it
    would bar the way until then.
    """
    found = Found()
    for id in ids:
        pack, ours = library.packs[id], shipped.packs.get(id)
        excused = ours is not None and ours.version == pack.version
        for each in complaints(library, pack, supply):
            chapter = next(filter(None, (awaiting.chapter(*word) for word in each.words)), None)
            if chapter is None:
                found.faults.append(each.fault())
            elif not excused:
                said = each.fault(f"要等“{chapter.name}”一章建成才起作用")
                (found.faults if each.barring else found.notes).append(said)
    found.faults, found.notes = sorted(set(found.faults)), sorted(set(found.notes))
    return found


def complaints(library: Library, pack: Pack, supply: Supply) -> list[Complaint]:
    """Everything about a pack's words that is dead today, whatever it may wait for."""
    return list(of_reach(Reach(library, pack, supply)))


def dead_vocabulary(library: Library, supply: Supply) -> set[tuple[str, str]]:
    """The words of the vocabulary that nothing does or supplies, and the facts that are asked and
    that no rule of any pack reads, as (family, word).
    """
    readings = [Reach(library, pack, supply) for pack in library.packs.values()]
    asked = {fact for each in readings for fact in each.asked_facts}
    read = {name for each in readings for rule in each.pack.rules for name in facts_named(rule)}
    words = library.words
    parts = {part for whole in SUMS if whole in read for part in SUMS[whole]}
    return {
        *(("acts", act) for act in words.acts if act not in supply.acts),
        *(("facts", fact) for fact in words.facts if fact not in supply.facts.keys() | asked),
        *(
            ("unread", fact)
            for fact in supply.answered - read - parts
            if _asked_as_such(words, fact)
        ),
    }


def list_faults(library: Library, supply: Supply, awaiting: Awaiting) -> list[Fault]:
    """What is wrong with the two lists that the product keeps: a dead word of the vocabulary that
    waits for no chapter, and a word that waits although something does, supplies or reads it.
    `library` are the shipped packs.
    """
    vocabulary = dead_vocabulary(library, supply)
    dead = vocabulary.union(
        *(
            each.words
            for pack in library.packs.values()
            for each in complaints(library, pack, supply)
        )
    )
    faults = [
        Fault(
            "vocabulary.toml",
            word,
            f"{FAMILIES[family]}；请删去这个词，或者在 awaiting.toml 里写明等哪一章",
        )
        for family, word in sorted(vocabulary)
        if awaiting.chapter(family, word) is None
    ]
    faults += [
        Fault("awaiting.toml", chapter.noun, f"{family} 的“{word}”不用再等了，请删去，并改小 most")
        for chapter in awaiting.chapters
        for family, words in chapter.words.items()
        for word in sorted(words)
        if (family, word) not in dead
    ]
    if len(awaiting) != awaiting.most:
        faults.append(
            Fault("awaiting.toml", "most", f"写的是 {awaiting.most}，实际 {len(awaiting)} 个词")
        )
    return faults


def _asked_as_such(words: Vocabulary, fact: str) -> bool:
    """Whether a fact is a question of its own: a yes or no, and no sum, name or date of a paper."""
    return fact in words.facts and words.facts[fact].type == "yes-no"
