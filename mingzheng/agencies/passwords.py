"""Passwords: hashed so that guessing is dear, checked by few at a time, and fit by the policy."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.contrib.auth import hashers
from django.contrib.auth.hashers import Argon2PasswordHasher

from mingzheng.agencies import policy
from mingzheng.records.refusal import Ground, Refused

# Kept no longer than anybody types: what comes in is hashed, and hashing takes time with length.
LONGEST = 200
# One-time codes are read out and typed: no letters that look alike.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Argon2(Argon2PasswordHasher):
    """46 MiB, twice over, one lane: about a tenth of a second. With two processes that check two at
    a time a storm of sign-ins takes 184 MiB.
    """

    time_cost = 2
    memory_cost = 47104
    parallelism = 1


class Busy(Exception):
    """Too many want to be checked at once; nothing was checked."""


class Queue:
    """Lets few through at once, some wait, and turns the rest away at once."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self.inside = self.waiting = self.most = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; Busy where too many wait, or it takes too long."""
        limits = policy.read("queue")
        with self._lock:
            if self.inside >= limits["at_once"]:
                if self.waiting >= limits["waiting"]:
                    raise Busy()
                self.waiting += 1
                try:
                    free = self._lock.wait_for(
                        lambda: self.inside < limits["at_once"], limits["seconds"]
                    )
                finally:
                    self.waiting -= 1
                if not free:
                    raise Busy()
            self.inside += 1
            self.most = max(self.most, self.inside)
        try:
            yield
        finally:
            with self._lock:
                self.inside -= 1
                self._lock.notify()


queue = Queue()


def right(raw: str, encoded: str, anew: Callable[[str], None] | None = None) -> bool:
    """Whether this is the password; `anew` keeps a better hash where the parameters have changed."""
    with queue.turn():
        return bool(hashers.check_password(raw[:LONGEST], encoded, anew))


def hashed(raw: str) -> str:
    """The hash to keep."""
    with queue.turn():
        return str(hashers.make_password(raw[:LONGEST]))


def code() -> str:
    """A one-time code that can be read out: 95 bits in five groups."""
    text = "".join(secrets.choice(LETTERS) for _ in range(20))
    return "-".join(text[at : at + 4] for at in range(0, 20, 4))


def digest(typed: str) -> str:
    """What is kept of a code, however it was typed. Codes are random, so no salt is needed."""
    return sha256(re.sub(r"[^0-9A-Z]", "", typed.upper()).encode()).hexdigest()


def require_fit(raw: str, login: str, name: str, past: list[str]) -> None:
    """Refused, with everything that is lacking, unless the policy lets this password be taken."""
    asked = policy.read("password")
    said = [*_faults(raw, login, name, asked)]
    if not said and any(right(raw, each) for each in past[: int(asked["history"])]):
        said.append(f"最近 {asked['history']} 次用过的密码不能再用，请换一个。")
    if said:
        grounds = [Ground(each, str(asked["source"]), field="password") for each in said]
        raise Refused("这个密码不能用", grounds)


def _faults(raw: str, login: str, name: str, asked: policy.Table) -> Iterator[str]:
    if len(raw) < asked["length"]:
        yield f"密码至少 {asked['length']} 个字，现在是 {len(raw)} 个。"
    if len(raw) > LONGEST:
        yield f"密码最长 {LONGEST} 个字。"
    if any(unicodedata.category(char).startswith("C") for char in raw):
        yield "密码里有看不见的控制字符，请重新输入。"
    kinds = (str.isupper, str.islower, str.isdigit, lambda char: not char.isalnum())
    held = sum(any(kind(char) for char in raw) for kind in kinds)
    if held < asked["classes"]:
        yield f"大写字母、小写字母、数字、其他符号里至少要有 {asked['classes']} 类，现在有 {held} 类。"
    low = raw.lower()
    if any(word in low for word in (login.lower(), *asked["forbidden"]) if word) or (
        name and name in raw
    ):
        yield "密码里不要有账号、姓名或者常见的词。"
    if raw and len(set(raw)) < 5:
        yield "密码里重复的字太多，请换一个。"
