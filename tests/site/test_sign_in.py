"""Signing in: wrong passwords are counted exactly, nobody learns which accounts exist, a stranger
locks nobody out, and a crowd is bounded (34).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from mingzheng.agencies import passwords, policy
from mingzheng.agencies.acts import accounts, attempts
from mingzheng.agencies.models import Account, SignIn
from mingzheng.site.demo.founding import PASSWORD
from mingzheng.site.demo.play import who


def tried(login: str, password: str, client: Client | None = None, place: str = "10.0.0.1") -> Any:
    """One attempt from an address."""
    return (client or Client()).post(
        "/login", {"login": login, "password": password}, REMOTE_ADDR=place
    )


def said(answer: Any, login: str) -> str:
    """The page without what was typed and the tokens."""
    import re

    text = answer.content.decode().replace(login, "")
    return re.sub(r'value="[^"]*"', "", text)


def test_34_thirty_wrong_passwords_at_once_are_five_looked_at(django_db_setup: None) -> None:
    assert five_of(30) == policy.read("lock")["pair"]


@pytest.mark.long
def test_34_a_hundred_wrong_passwords_at_once_are_five_looked_at(django_db_setup: None) -> None:
    assert five_of(100) == policy.read("lock")["pair"]


def five_of(many: int) -> int:
    """How many of so many wrong passwords at once are looked at; the others are told to wait."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.storm", str(many)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    # Whoever the database had no time for was told so, and looked at no password either.
    turned_away = found["guessed"].get("503", 0)
    assert found["locked"] + turned_away == many - found["wrong"], found
    assert found["at_once"] <= found["allowed"]
    assert found["more_mib"] <= 400, found
    print(found)
    return int(found["wrong"])


def test_an_account_that_there_is_not_is_answered_like_one_that_there_is(
    bodies: dict[str, Any],
) -> None:
    for _ in range(int(policy.read("lock")["pair"]) + 1):
        one, two = tried("wg-01", "falsch"), tried("niemand", "falsch")
        assert one.status_code == two.status_code == 403
        assert said(one, "wg-01") == said(two, "niemand")
    assert "已锁定" in said(one, "wg-01")


def test_a_stranger_locks_nobody_out(bodies: dict[str, Any]) -> None:
    home = Client()
    assert tried("wg-01", PASSWORD, home, "10.0.0.6").status_code == 302
    home.post("/logout")
    for n in range(30):
        tried("wg-01", "falsch", place=f"172.16.0.{n // 3}")
    # The stranger's own address is locked, a new one finds the account throttled …
    assert "已锁定" in tried("wg-01", PASSWORD, place="172.16.0.99").content.decode()
    # … and whoever has signed in with this browser before comes in; it is nobody else's.
    assert "已锁定" in tried("wg-01", PASSWORD, place="10.0.0.6").content.decode()
    assert tried("wg-01", PASSWORD, home, "10.0.0.6").status_code == 302


def test_the_security_administrator_lifts_a_lock(bodies: dict[str, Any]) -> None:
    wg = bodies["wg"]
    for _ in range(6):
        tried("wg-01", "falsch")
    assert "已锁定" in tried("wg-01", PASSWORD).content.decode()
    accounts.unlock(wg, who(wg, "安全"), Account.objects.get(login="wg-01"))
    assert tried("wg-01", PASSWORD).status_code == 302


def test_an_address_that_tries_everybody_is_stopped(bodies: dict[str, Any]) -> None:
    limit = int(policy.read("lock")["address"])
    for n in range(limit):
        tried(f"niemand-{n}", "falsch", place="10.9.9.9")
    assert "已锁定" in tried("wg-02", PASSWORD, place="10.9.9.9").content.decode()
    assert tried("wg-02", PASSWORD, place="10.9.9.8").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(bodies: dict[str, Any]) -> None:
    for _ in range(3):
        for _ in range(4):
            tried("wg-01", "falsch")
        assert tried("wg-01", PASSWORD).status_code == 302


def test_too_many_at_once_are_told_so_and_nothing_is_counted(
    bodies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = {"at_once": 0, "waiting": 0, "seconds": 0}
    real = policy.read
    monkeypatch.setattr(policy, "read", lambda name: full if name == "queue" else real(name))
    for _ in range(10):
        answer = tried("wg-01", PASSWORD)
        assert answer.status_code == 503 and "登录的人太多" in answer.content.decode()
        assert answer["Retry-After"]
    monkeypatch.undo()
    assert tried("wg-01", PASSWORD).status_code == 302
    assert SignIn.objects.filter(outcome="busy").count() == 10


def test_the_queue_lets_through_as_many_as_it_says() -> None:
    queue, inside, most = passwords.Queue(), 0, 0
    lock = threading.Lock()

    def one() -> None:
        nonlocal inside, most
        with queue.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.01)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=one) for _ in range(40)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == policy.read("queue")["at_once"] and queue.inside == queue.waiting == 0


def test_an_older_hash_is_replaced_at_the_next_sign_in(bodies: dict[str, Any]) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hasher = MD5PasswordHasher()
    assert hasher.algorithm in Account.objects.get(login="wg-01").password
    chosen = passwords.Argon2()
    old = chosen.encode(PASSWORD, chosen.salt())
    kept = settings.PASSWORD_HASHERS
    try:
        settings.PASSWORD_HASHERS = ["mingzheng.agencies.passwords.Argon2", *kept]
        from django.contrib.auth.hashers import get_hashers

        get_hashers.cache_clear()
        assert tried("wg-01", PASSWORD).status_code == 302
        made = Account.objects.get(login="wg-01").password
        assert made.startswith("argon2") and "m=47104,t=2,p=1" in made and "m=47104" in old
    finally:
        settings.PASSWORD_HASHERS = kept
        get_hashers.cache_clear()
        attempts.clear_login("wg-01")
