"""How the record says no: which act, what is missing, which article, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ground:
    """One reason: what is asked, the article, and what is missing, each in Chinese.

    `supply` names the step key that would supply it, empty when no step does;
    `earliest` is the ISO day from which the act is possible when only time is missing.
    """

    say: str
    source: str = ""
    missing: tuple[str, ...] = ()
    supply: str = ""
    rule: str = ""
    earliest: str = ""
    field: str = ""


@dataclass
class Refused(Exception):
    """An act that may not be done now. Nothing of it was written."""

    title: str
    grounds: Sequence[Ground] = field(default_factory=tuple)

    def about(self, field: str) -> bool:
        """Whether one of the grounds is about this field of the form."""
        return any(ground.field == field for ground in self.grounds)

    def __str__(self) -> str:
        parts = [
            f"{ground.say}（{ground.source}）" if ground.source else ground.say
            for ground in self.grounds
        ]
        return "；".join([self.title, *parts])


def refuse(
    say: str, source: str = "", *, title: str = "现在不能办理这一步", field: str = ""
) -> Refused:
    """A refusal with one ground."""
    return Refused(title, (Ground(say, source, field=field),))


class Stale(Refused):
    """The form was opened on an older state of the record; `since` says what changed."""
