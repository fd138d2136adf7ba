"""What runs in the confined process: a module is loaded, everything is given up, the file is
read, one JSON value answered.

Such a module has `warm()`, which loads whatever its libraries load late, and `answer(task, given,
out, told)`; with `OWN_FILES` its libraries need a few files of their own.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from typing import Any

from mingzheng.core.confinement import layers

# The encodings, and what the codecs of every reader load when they are first needed.
_ENCODINGS = ("utf-8", "ascii", "latin-1", "utf-16-le", "utf-16-be", "gb18030", "cp437")
# Pipes and files that are passed come with their numbers below this.
OPEN = 24


def main() -> None:
    """argv: module, task, empty directory, descriptors of output (-1: none) and of what it must
    know, memory, seconds, room, process that asks.
    """
    name, task, folder = sys.argv[1:4]
    out, known, memory, seconds, room, parent = map(int, sys.argv[4:10])
    module = importlib.import_module(name)
    own = bool(getattr(module, "OWN_FILES", False))
    told = json.loads(_all(known))
    os.close(known)
    for encoding in _ENCODINGS:
        "x".encode(encoding)
    module.warm()
    given = open(0, "rb", buffering=1 << 20)
    bounds = layers.Bounds(memory, seconds, room, OPEN if own else 0, parent)
    held = layers.confine(bounds, folder, own)
    tempfile.tempdir = "/" if "root" in held else folder
    if lacks := layers.lacking(held, own):
        say({"unconfined": lacks, "held": sorted(held)})
    said: dict[str, Any] = module.answer(task, given, out, told)
    say({"said": said, "held": sorted(held)})


def say(answer: dict[str, Any]) -> None:
    """Answer and end; not even destructors run on what the file left in memory."""
    left = memoryview(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    while left:
        left = left[os.write(1, left) :]
    os._exit(0)


def _all(descriptor: int) -> bytes:
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b"".join(parts)
