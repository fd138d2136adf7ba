"""Property as people list it: one piece a line, name, specification, quantity, state."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mingzheng.procedures.forms import lines

NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Thing:
    """One line of a list: `quantity` as typed, with its unit."""

    name: str
    model: str = ""
    quantity: str = ""

    def __str__(self) -> str:
        return "，".join(filter(None, (self.name, self.model, self.quantity)))

    def within(self, other: Thing) -> bool:
        """Whether this is the same sort of thing as `other` and not more of it."""
        if (self.name, self.model) != (other.name, other.model):
            return False
        mine, theirs = NUMBER.match(self.quantity), NUMBER.match(other.quantity)
        if mine and theirs:
            return float(mine[0]) <= float(theirs[0])
        return self.quantity == other.quantity


def read(text: str) -> list[Thing]:
    """The pieces of a list, without what is said of their state."""
    return [
        Thing(*(cell.strip() for cell in re.split("[,，;；]", line)[:3])) for line in lines(text)
    ]
