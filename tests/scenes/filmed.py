"""A clip that the demo films is looked at once a run.

Hundreds of stories take the same few clips in, and each time a process of its own would say the same
of the same bytes. Whatever else is looked at is looked at anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mingzheng.evidence import media
from mingzheng.records import sandbox, store
from mingzheng.site.demo import clips

_ours: set[Path] = set()
_said: dict[Path, sandbox.Answer] = {}


def install() -> None:
    """From now on."""
    film, look = clips.kept, sandbox.ask

    def kept(*how: Any, **more: Any) -> Any:
        stored = film(*how, **more)
        _ours.add(store.path_of(stored.sha256))
        return stored

    def ask(module: str, task: str, source: Path | bytes, *rest: Any, **more: Any) -> Any:
        known = source in _ours and (module, task) == (media.READER, "examine")
        if not known or not isinstance(source, Path):
            return look(module, task, source, *rest, **more)
        if source not in _said:
            _said[source] = look(module, task, source, *rest, **more)
        return _said[source]

    clips.kept, sandbox.ask = kept, ask
