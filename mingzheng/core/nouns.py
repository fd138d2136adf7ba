"""What a page is called where people read it: in menu, heading, crumb, title, button and refusal.

A noun is said once, by the room that owns the page, under the name of the page's address; whoever
mentions the page asks for it here. To rename one is to change one line.
"""

from __future__ import annotations

from collections.abc import Mapping

_words: dict[str, str] = {}


def register(words: Mapping[str, str]) -> None:
    """Say what pages are called: address name → noun."""
    for name, text in words.items():
        if name in _words:
            raise ValueError(f"{name} is already called “{_words[name]}”")
        _words[name] = text


def word(name: str) -> str:
    """The noun of the page; KeyError when nobody named it."""
    return _words[name]


def words() -> Mapping[str, str]:
    """Every noun by address name."""
    return dict(_words)
