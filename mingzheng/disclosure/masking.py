"""First cut of masking: the case's own parties. A person confirms; what is left over is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol

_SEPARATORS = re.compile(r"[\s\-_.·•\u200b\u200c\u200d\ufeff]+")


class Counterpart(Protocol):
    """What masking reads of a party."""

    kind: str
    name: str
    identifier: str
    address: str
    phone: str


def masked_name(kind: str, name: str) -> str:
    """赵某 for a natural person (《个人信息保护法》第二十五条); an organisation's name stays."""
    return f"{name[:1]}某" if kind == "natural" else name


def secrets_of(parties: Iterable[Counterpart]) -> dict[str, str]:
    """Every string of the parties that may not appear in public, with what it is called."""
    found: dict[str, str] = {}
    for party in parties:
        natural = party.kind == "natural"
        person = party.kind != "organisation"
        if natural:
            found[party.name] = "自然人姓名"
        if person:
            for value, label in ((party.identifier, "证件号码"), (party.address, "住址")):
                if value:
                    found[value] = label
        if party.phone:
            found[party.phone] = "联系电话"
    return found


def mask(text: str, parties: Iterable[Counterpart]) -> str:
    """`text` with the parties' own data covered, as a proposal that a person then reads."""
    for party in parties:
        if party.kind == "natural":
            text = text.replace(party.name, masked_name("natural", party.name))
    for value, label in secrets_of(parties).items():
        text = text.replace(value, f"〔{label}已遮盖〕")
    return text


def left_over(text: str, parties: Iterable[Counterpart]) -> list[str]:
    """What is still readable in `text` although it may not be: seen through width, spaces and zero-width."""
    flat = flatten(text)
    return sorted({label for value, label in secrets_of(parties).items() if value and flatten(value) in flat})


def flatten(text: str) -> str:
    """NFKC without separators, so that １３８-０００ and 138000 are the same."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
