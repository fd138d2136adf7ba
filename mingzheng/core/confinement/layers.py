"""What a process gives up before it reads foreign bytes. Several layers hold each promise; what no
layer holds is said, and nothing is read.
"""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path
from typing import NamedTuple

from mingzheng.core.confinement import system

NOBODY = 65534
LAYERS = ("user", "network", "root", "landlock", "seccomp")
# By what each promise is kept: one of these layers is enough.
PROMISES = {
    "files": ("root", "landlock", "seccomp"),
    "network": ("network", "seccomp"),
    "programs": ("seccomp", "landlock", "root"),
    "user": ("user",),
}


class Bounds(NamedTuple):
    """Bytes of memory, seconds of processor, bytes of a file written, files open at once; the
    process without which there is nobody to answer.
    """

    memory: int
    seconds: int
    room: int
    files: int
    parent: int


def confine(bounds: Bounds, folder: str, own: bool) -> set[str]:
    """Give up everything but the open descriptors; the layers that hold.

    `folder` is an empty directory; with `own` the process may keep files of its own there.
    """
    held: set[str] = set()
    if os.geteuid() == 0:
        held |= _as_root(folder)
    else:
        held |= _as_user(folder)
    inside = "/" if "root" in held else folder
    # After the change of user, which forgets it.
    system.die_with_parent(bounds.parent)
    system.unreadable()
    system.no_new_privileges()
    if system.landlock(inside if own else ""):
        held.add("landlock")
    for what, most in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_CPU, bounds.seconds),
        (resource.RLIMIT_FSIZE, bounds.room),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, bounds.files),
    ):
        resource.setrlimit(what, (most, most))
    if system.filtered(system.program(naming=own)):
        held.add("seccomp")
    return held


def lacking(held: set[str], own: bool) -> list[str]:
    """The promises that none of the layers keeps."""
    # A filter of calls sees no names: where files of one's own are opened, it hides no others.
    blind = held - {"seccomp"} if own else held
    return [
        name
        for name, layers in PROMISES.items()
        if not (blind if name == "files" else held).intersection(layers)
    ]


def _as_root(folder: str) -> set[str]:
    """Another user in an empty root and a network of nothing."""
    held = set()
    if system.unshare(system.NEW_NETWORK | system.NEW_IPC):
        held.add("network")
    held |= _empty_root(folder)
    with contextlib.suppress(OSError):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        held.add("user")
    return held


def _as_user(folder: str) -> set[str]:
    """The same in a user namespace of one's own, where the kernel lets an ordinary user have
    one.
    """
    user, group = os.geteuid(), os.getegid()
    if not system.unshare(system.NEW_USER | system.NEW_NETWORK | system.NEW_IPC):
        return {"user"}
    held = {"network"}
    # Unmapped it has no right outside either, and the empty root needs no map.
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    held |= _empty_root(folder)
    if system.without_capabilities():
        held.add("user")
    return held


def _empty_root(folder: str) -> set[str]:
    try:
        os.chroot(folder)
        os.chdir("/")
    except OSError:
        return set()
    return {"root"}
