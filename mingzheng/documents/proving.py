"""A number is taken only for a paper that has been made in memory first
([0019](../../docs/decisions/0019-papers-always-come.md)).

A transaction never renders. So the act is begun, stops at the first paper that has not been made yet,
is taken back, the paper is made, and the act is begun again.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from mingzheng.documents import glyphs, render
from mingzheng.records.refusal import Ground, Refused

log = logging.getLogger(__name__)
T = TypeVar("T")
# More papers than an act leaves; a paper that reads differently each time is not waited for.
MOST = 8
_KEPT = 512
_asked: ContextVar[bool] = ContextVar("asked", default=False)
_proven: OrderedDict[str, None] = OrderedDict()


class _Unproven(Exception):
    """A paper that has to be made before the act goes on; says its title and its sheet."""

    def __init__(self, key: str, title: str, sheet: dict[str, Any]) -> None:
        super().__init__(title)
        self.key, self.title, self.sheet = key, title, sheet


def surely(act: Callable[[], T]) -> T:
    """Do an act, each of whose papers has been made in memory before it takes its number.

    Stands outside every transaction; `act` opens its own, which is taken back each time. Refused
    when a paper cannot be made: then nothing was done.
    """
    for _ in range(MOST):
        asked = _asked.set(True)
        try:
            return act()
        except _Unproven as unproven:
            paper = unproven
        finally:
            _asked.reset(asked)
        _make(paper)
    return act()


def require(key: str, title: str, sheet: Callable[[], dict[str, Any]]) -> None:
    """Before a number is taken: stop where this paper has not been made yet."""
    if _asked.get() and key not in _proven:
        raise _Unproven(key, title, sheet())


def check_characters(title: str, texts: list[str]) -> None:
    """Refused when a paper would hold a character that it cannot show, wherever it came from."""
    found = glyphs.lacking("".join(texts))
    if found:
        raise Refused(
            f"《{title}》里有印不出来的字，没有办理，也没有用号",
            tuple(Ground(each.said) for each in found[:5]),
        )


def _make(paper: _Unproven) -> None:
    try:
        render.pdf(paper.sheet)
    except render.FontMissing as error:
        raise Refused(str(error)) from error
    # The renderer raises whatever it likes; its words may carry a name, so only the type is kept.
    except Exception as error:
        log.warning("a paper cannot be made: %s", type(error).__name__)
        raise Refused(
            f"《{paper.title}》排不出版，没有办理，也没有用号",
            (Ground("填写的内容没有丢。请检查刚才填写的文字；还不行，请联系系统管理员。"),),
        ) from error
    _proven[paper.key] = None
    while len(_proven) > _KEPT:
        _proven.popitem(last=False)
