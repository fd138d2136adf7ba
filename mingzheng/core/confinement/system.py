"""What the kernel is told in its own words: the calls that Python has no name for."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import Any, NamedTuple

_LIBC = ctypes.CDLL(None, use_errno=True)
NEW_USER, NEW_IPC, NEW_NETWORK = 0x10000000, 0x08000000, 0x40000000
_DEATH_SIGNAL, _DUMPABLE, _NO_NEW_PRIVILEGES, _SECCOMP = 1, 4, 38, 22
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NOT_PERMITTED = 1
_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AT_NUMBER, _AT_MACHINE, _AT_ARGUMENTS = 0, 4, 16


class Machine(NamedTuple):
    """A kind of processor: its audit word, the numbers of the calls that Python does not make, and
    by name those that a reader may make.
    """

    audit: int
    seccomp: int
    unshare: int
    capset: int
    calls: dict[str, int]


# The two tables of the kernel: x86_64 has its own, every later processor the common one.
_X86 = """read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 lseek 8 mmap 9 mprotect 10 munmap 11
brk 12 rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 ioctl 16 pread64 17 pwrite64 18 readv 19 writev 20
sched_yield 24 mremap 25 madvise 28 dup 32 nanosleep 35 getpid 39 clone 56 exit 60 uname 63
fcntl 72 fsync 74 ftruncate 77 unlink 87 getrusage 98 getuid 102 getgid 104 geteuid 107 getegid 108
sigaltstack 131 gettid 186 futex 202 sched_getaffinity 204 set_tid_address 218 clock_gettime 228
clock_nanosleep 230 exit_group 231 openat 257 newfstatat 262 unlinkat 263 set_robust_list 273
dup3 292 prlimit64 302 getrandom 318 rseq 334 clone3 435"""
_COMMON = """dup 23 dup3 24 fcntl 25 ioctl 29 unlinkat 35 ftruncate 46 openat 56 close 57 lseek 62 read 63
write 64 readv 65 writev 66 pread64 67 pwrite64 68 newfstatat 79 fstat 80 fsync 82 exit 93
exit_group 94 set_tid_address 96 futex 98 set_robust_list 99 nanosleep 101 clock_gettime 113
clock_nanosleep 115 sched_getaffinity 123 sched_yield 124 sigaltstack 132 rt_sigaction 134
rt_sigprocmask 135 rt_sigreturn 139 uname 160 getrusage 165 getpid 172 getuid 174 geteuid 175
getgid 176 getegid 177 gettid 178 brk 214 munmap 215 mremap 216 clone 220 mmap 222 mprotect 226
madvise 233 prlimit64 261 getrandom 278 rseq 293 clone3 435"""
# A reader of files without names makes none of these; one that keeps a few files of its own does.
_NAMING = frozenset({"open", "stat", "lstat", "unlink", "openat", "unlinkat"})
# Allowed in one form only: (argument, bits that must be set) or (argument, value that it must be).
_THREAD_ONLY, _OF_A_DESCRIPTOR, _CLOSE_AT_EXEC = 0x00010000, 0x1000, 0x5451


def _table(said: str) -> dict[str, int]:
    words = said.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


_MACHINES = {
    "x86_64": Machine(0xC000003E, 317, 272, 126, _table(_X86)),
    "aarch64": Machine(0xC00000B7, 277, 97, 91, _table(_COMMON)),
}


def machine() -> Machine | None:
    """This processor; None where the numbers of its calls are not known here."""
    return _MACHINES.get(platform.machine())


def _called(function: Any, *arguments: Any) -> int:
    """A call whose numbers are all as wide as a register."""
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return int(function(*wide))


def _done(function: Any, *arguments: Any) -> bool:
    return _called(function, *arguments) == 0


def no_new_privileges() -> bool:
    """From here on no program that is started gains a right."""
    return _done(_LIBC.prctl, _NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def die_with_parent(parent: int) -> None:
    """Whoever asked is gone: nobody waits for the answer."""
    _called(_LIBC.prctl, _DEATH_SIGNAL, 9, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def unreadable() -> None:
    """No other process of the same user looks into this one, and it leaves no core."""
    _called(_LIBC.prctl, _DUMPABLE, 0, 0, 0, 0)


def unshare(what: int) -> bool:
    """Leave the namespaces of the others."""
    held = machine()
    return held is not None and _done(_LIBC.syscall, held.unshare, what)


def without_capabilities() -> bool:
    """Give up every right that a namespace of one's own brought."""
    held = machine()
    if held is None:
        return False
    head = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0))
    none = ctypes.create_string_buffer(struct.pack("=6I", *([0] * 6)))
    return _done(_LIBC.syscall, held.capset, head, none)


# Landlock: its calls have the same numbers on every processor.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_OF_FILES = ((1, 0x1FFF), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
# In a directory of one's own: write, read, list, remove and make files, cut them.
_OWN = 0x2 | 0x4 | 0x8 | 0x20 | 0x100


def landlock(own: str) -> bool:
    """From here on no file is opened but below `own` (empty: none), no TCP connection made or
    awaited.
    """
    known = _called(_LIBC.syscall, _CREATE, None, 0, 1)
    if known < 1:
        return False
    of_files = sum(bits for since, bits in _OF_FILES if known >= since)
    words = [of_files, 0x3 if known >= 4 else 0, 0x3 if known >= 6 else 0]
    size = 8 if known < 4 else 16 if known < 6 else 24
    said = ctypes.create_string_buffer(struct.pack("=3Q", *words)[:size], size)
    rules = _called(_LIBC.syscall, _CREATE, said, size, 0)
    if rules < 0:
        return False
    try:
        if own:
            allowed = _OWN | (1 << 14 if known >= 3 else 0)
            at = os.open(own, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, at), 12)
                if not _done(_LIBC.syscall, _ADD, rules, 1, rule, 0):
                    return False
            finally:
                os.close(at)
        return _done(_LIBC.syscall, _RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _line(code: int, value: int, met: int = 0, unmet: int = 0) -> bytes:
    return struct.pack("=HBBI", code, met, unmet, value)


def program(naming: bool) -> bytes:
    """The filter of the calls: what is not named answers "not permitted". Empty where the numbers
    are not known.
    """
    held = machine()
    if held is None:
        return b""
    lines = [
        _line(_LOAD, _AT_MACHINE),
        _line(_EQUAL, held.audit, 1, 0),
        _line(_RETURN, _KILL),
        _line(_LOAD, _AT_NUMBER),
        # The other table of the same processor.
        _line(_AT_LEAST, 0x40000000, 0, 1),
        _line(_RETURN, _ERRNO | _NOT_PERMITTED),
    ]
    for name, number in held.calls.items():
        if name in _NAMING and not naming:
            continue
        if name == "clone3":
            # Its arguments cannot be seen; "no such call" makes the library take the older one.
            lines += [_line(_EQUAL, number, 0, 1), _line(_RETURN, _ERRNO | 38)]
        elif name == "clone":
            lines += _only(number, 0, _line(_BITS, _THREAD_ONLY, 0, 1))
        elif name == "newfstatat" and not naming:
            lines += _only(number, 3, _line(_BITS, _OF_A_DESCRIPTOR, 0, 1))
        elif name == "ioctl":
            lines += _only(number, 1, _line(_EQUAL, _CLOSE_AT_EXEC, 0, 1))
        elif name == "prlimit64":
            # Asked of oneself, never set.
            lines += _only(number, 0, _line(_EQUAL, 0, 0, 3), (2, _line(_EQUAL, 0, 0, 1)))
        else:
            lines += [_line(_EQUAL, number, 0, 1), _line(_RETURN, _ALLOW)]
    return b"".join([*lines, _line(_RETURN, _ERRNO | _NOT_PERMITTED)])


def _only(
    number: int, argument: int, test: bytes, second: tuple[int, bytes] | None = None
) -> list[bytes]:
    """Allow a call when a test of an argument (or of two) holds."""
    inner = [_line(_LOAD, _AT_ARGUMENTS + 8 * argument), test]
    if second:
        inner += [_line(_LOAD, _AT_ARGUMENTS + 8 * second[0]), second[1]]
    inner += [_line(_RETURN, _ALLOW), _line(_RETURN, _ERRNO | _NOT_PERMITTED)]
    return [_line(_EQUAL, number, 0, len(inner)), *inner]


def filtered(said: bytes) -> bool:
    """From here on every thread makes only the calls of the program."""
    held = machine()
    if held is None or not said:
        return False
    code = ctypes.create_string_buffer(said, len(said))
    head = ctypes.create_string_buffer(
        struct.pack("@HxxxxxxP", len(said) // 8, ctypes.addressof(code))
    )
    return _done(_LIBC.syscall, held.seccomp, 1, 1, head) or _done(
        _LIBC.prctl, _SECCOMP, 2, head, 0, 0
    )
