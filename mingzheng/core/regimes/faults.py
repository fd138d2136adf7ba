"""What is wrong with a pack, said so that the person who wrote it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file, the rule's id (or table), and what is wrong and how to mend it."""

    file: str
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.text}"


class PackFaults(ValueError):
    """Every fault found while loading; str() gives one line each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class BadFacts(ValueError):
    """A question that cannot be asked so (act, fact or value); the message is Chinese."""


def hint(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a Chinese hint, or "" where nothing is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"，是否应为“{near[0]}”" if near else ""
