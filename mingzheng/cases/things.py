"""Property as people list it: one piece a line, name, specification, quantity, state."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

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

    def and_also(self, other: Thing) -> Thing:
        """Both together."""
        mine, theirs = NUMBER.match(self.quantity), NUMBER.match(other.quantity)
        if not mine or not theirs:
            return replace(self, quantity=f"{self.quantity}＋{other.quantity}")
        total = f"{float(mine[0]) + float(theirs[0]):g}"
        return replace(self, quantity=total + self.quantity[mine.end() :])

    def within(self, other: Thing) -> bool:
        """Whether this is the same sort of thing as `other` and not more of it."""
        if (self.name, self.model) != (other.name, other.model):
            return False
        mine, theirs = NUMBER.match(self.quantity), NUMBER.match(other.quantity)
        if mine and theirs and self.quantity[mine.end() :] == other.quantity[theirs.end() :]:
            return float(mine[0]) <= float(theirs[0])
        return self.quantity == other.quantity


def read(text: str) -> list[Thing]:
    """The pieces of a list, without what is said of their state; what stands on several lines is one
    piece, as many as all of them together.
    """
    found: dict[tuple[str, str, str], Thing] = {}
    for line in lines(text):
        each = Thing(*(cell.strip() for cell in re.split("[,，;；]", line)[:3]))
        number = NUMBER.match(each.quantity)
        unit = each.quantity[number.end() :] if number else each.quantity
        key = (each.name, each.model, unit)
        found[key] = found[key].and_also(each) if key in found else each
    return list(found.values())
