"""So many sign-ins at once against a fresh installation: how many passwords were looked at, how
much memory that took. `python -m tests.site.storm 100` prints the figures.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import threading
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any


def installation() -> str:
    """An installation with an agency and an account of its own; the login."""
    os.environ["MINGZHENG_DATA"] = tempfile.mkdtemp(prefix="mingzheng-storm-")
    from mingzheng.site.command_line import migrate, start_django

    start_django()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    from tests.scenes import founded

    founded.settle(Path(settings.DATA) / "mingzheng.sqlite3", lambda: migrate([]))
    from mingzheng.agencies import acts, passwords

    agency = acts.found("某局", code="x", short_name="某局", kind="statutory", region="370000")
    unit = acts.add_unit(agency, "办公室", "office")
    for login in ("storm", "calm"):
        person = acts.add_person(login)
        acts.appoint(person, unit, "科员", ["handler"], date(2020, 1, 1))
        acts.open_account(person, login, passwords.hashed("Richtig-2026"))
    return "storm"


def memory() -> int:
    """The most that this process ever took, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def storm(logins: list[str], password: str) -> Counter[int]:
    """All at once; how each was answered."""
    from django.db import connections
    from django.test import Client

    barrier, said = threading.Barrier(len(logins)), Counter[int]()

    def one(login: str) -> None:
        client = Client(raise_request_exception=False)
        barrier.wait()
        answer: Any = client.post("/login", {"login": login, "password": password})
        said[answer.status_code] += 1
        connections.close_all()

    threads = [threading.Thread(target=one, args=(login,)) for login in logins]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return said


def main() -> None:
    """Wrong passwords of one login, then of as many logins that there are not."""
    login, many = installation(), int(sys.argv[1])
    from mingzheng.agencies import passwords, policy
    from mingzheng.agencies.models import Attempts, SignIn

    before = memory()
    guessed = storm([login] * many, "falsch")
    outcomes = Counter(SignIn.objects.values_list("outcome", flat=True))
    Attempts.objects.update(failures=0)
    strangers = storm([f"nobody-{n}" for n in range(many)], "falsch")
    most, after = passwords.queue.most, memory()
    print(
        json.dumps(
            {
                "guessed": guessed,
                "wrong": outcomes["wrong"],
                "locked": outcomes["locked"],
                "strangers": strangers,
                "at_once": most,
                "allowed": policy.read("queue")["at_once"],
                "more_mib": after - before,
            }
        )
    )


if __name__ == "__main__":
    main()
