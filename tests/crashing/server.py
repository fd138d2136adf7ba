"""`python -m tests.crashing.server CYCLES`: PostgreSQL is killed while clerks append and the
sealer seals; figures as JSON.

Every act that a clerk was told of is noted in a file of his own. After each restart every act
ever told of is looked for, with its content, standing and place in the ledger's queue; the
press that got no answer is made again; all is verified, sealed and compared.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any

import django

from tests import scratch
from tests.crashing.forking import Line, fork
from tests.postgres import Cluster, cluster

CLERKS = 4
# After so many cycles each clerk gets a new case: one with a thousand acts is nobody's.
FRESH = 10
UNFINISHED = "存证到第几条说法不一"


@dataclass
class Killed:
    """The run: its cases, what was told, what was found."""

    server: Cluster
    notes: Path
    records: list[int] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    presses: list[tuple[int, str]] = field(default_factory=list)
    figures: dict[str, Any] = field(
        default_factory=lambda: dict.fromkeys(
            (
                "cycles",
                "acknowledged",
                "lost",
                "half",
                "unanswered",
                "unanswered_there",
                "sealed",
                "stopped_sealers",
                "unfinished_seals",
            ),
            0,
        )
    )
    faults: list[str] = field(default_factory=list)

    def cycle(self, number: int) -> None:
        """Load, death, restart, and everything looked at."""
        from django.db import connections

        if number % FRESH == 0:
            self._cases()
        connections.close_all()
        clerks = [fork(lambda line, at=at: self._clerk(line, number, at)) for at in range(CLERKS)]
        sealer = fork(self._sealer)
        time.sleep(random.Random(number).uniform(0.8, 2.0))
        self.server.kill()
        presses = [press for clerk in clerks for press in clerk.rest()]
        self.figures["stopped_sealers"] += any(each == "stopped" for each in sealer.rest())
        self.server.start()
        self._told(number)
        self._again(presses)
        self._sound()
        self.figures["cycles"] += 1

    def _cases(self) -> None:
        from mingzheng.agencies.models import Agency
        from mingzheng.core import clock
        from tests.cases.telling import case

        bodies = {body.code: body for body in Agency.objects.all()}
        told = [case(bodies).go("investigated") for _ in range(CLERKS)]
        self.records = [each.play.record.pk for each in told]
        # A clock that goes: people of several processes get their numbers from it.
        clock.start_demo_clock(
            datetime.combine(max(each.day for each in told) + timedelta(days=1), hour(9))
        )

    def _press(self, record: int, key: str) -> int:
        from mingzheng.agencies.models import Agency
        from mingzheng.core import clock
        from mingzheng.procedures import acts as procedure_acts
        from mingzheng.records import store
        from mingzheng.site.demo.play import form_data, person_id, who

        agency = Agency.objects.get(code="wg")
        kept = store.put_bytes(f"{key}\n".encode() * 50, "text/plain")
        said = {
            "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
            "officers": [person_id(agency, name) for name in ("张三", "李四")],
            "kind_of_evidence": "书证",
            "name": key,
            "origin": "当事人提供，原件核对无误",
            "proves": "违法事实",
        }
        done = procedure_acts.take_step(
            who(agency, "张三"),
            record,
            "evidence.taken:documentary",
            form_data(said),
            form_key=key,
            files=[(kept, f"{key}.txt", "书证扫描件")],
        )
        return done.act.pk

    def _clerk(self, line: Line, cycle: int, at: int) -> None:
        """Press after press until the server is gone; the last press, that nobody answered, is
        said.
        """
        from django.db import DatabaseError, InterfaceError

        note = os.open(self.notes / f"{cycle}-{at}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for press in range(1 << 20):
            key = f"{cycle}-{at}-{press}"
            try:
                act = self._press(self.records[at], key)
            except (DatabaseError, InterfaceError):
                line.say([self.records[at], key])
                return
            os.write(note, f"{act} {key}\n".encode())

    def _sealer(self, line: Line) -> None:
        from django.db import DatabaseError, InterfaceError

        from mingzheng.records.seal import seal_pending

        try:
            while True:
                seal_pending()
        except (DatabaseError, InterfaceError):
            line.say("stopped")

    def _told(self, cycle: int) -> None:
        """Every act ever told of is there, whole."""
        from django.db.models import Exists, OuterRef

        from mingzheng.records.models import Act, FormUse, Leaf

        fresh = [
            row.split()
            for path in self.notes.glob(f"{cycle}-*")
            for row in path.read_text().splitlines()
        ]
        self.told |= {int(act) for act, _ in fresh}
        whole = (
            Act.objects.exclude(content=None)
            .exclude(effective=None)
            .filter(Exists(Leaf.objects.filter(entry=OuterRef("pk"))))
            .exclude(attachments=None)
        )
        there = set(whole.filter(pk__in=self.told).values_list("pk", flat=True))
        used = dict(
            FormUse.objects.filter(key__in=[key for _, key in fresh]).values_list("key", "act_id")
        )
        self.figures["acknowledged"] += len(fresh)
        self.figures["lost"] += len(self.told - there) + sum(
            used.get(key) != int(act) for act, key in fresh
        )

    def _again(self, presses: list[Any]) -> None:
        """A press without an answer was carried out or not; made again, it is on the record
        once.
        """
        from mingzheng.records.models import Act, FormUse

        for record, key in presses:
            self.figures["unanswered"] += 1
            self.figures["unanswered_there"] += FormUse.objects.filter(key=key).exists()
            self.told.add(self._press(record, key))
        for record in self.records:
            pressed = FormUse.objects.filter(record=record).exclude(key__startswith="play-").count()
            written = Act.objects.filter(
                record=record, attachments__name__regex=r"^\d+-\d+-\d+\.txt$"
            ).count()
            self.figures["half"] += abs(pressed - written)

    def _sound(self) -> None:
        """`mingzheng verify` is clean, but for a round of sealing that was stopped; then
        altogether, and the log is the database.
        """
        from django.conf import settings

        from mingzheng.records.models import Act, Leaf
        from mingzheng.records.seal import seal_pending
        from tests.crashing.installation import verify
        from tests.ledger import independent

        before = verify()
        # The key's head is a step ahead of the others while a round is on its way; the sealer then
        # finishes that round.
        unfinished = [each for each in before if each.startswith(UNFINISHED)]
        self.figures["unfinished_seals"] += len(unfinished)
        self.faults += [each for each in before if each not in unfinished]
        seal_pending()
        self.faults += verify()
        size, entries = independent.check_log(
            independent.directory(Path(settings.LOG)),
            [(Path(settings.LOG) / "vkey").read_text(encoding="ascii")],
        )
        rows = [
            bytes(each)
            for each in Leaf.objects.order_by("leaf_index").values_list("commitment", flat=True)
        ]
        if size != Leaf.objects.count() or entries != rows:
            self.faults.append(f"存证 {size} 条，数据库 {Act.objects.count()} 条，或者次序不同")
        self.figures["sealed"] = size


def main(cycles: int) -> None:
    """Print the figures as one JSON object."""
    began = time.monotonic()
    with cluster(durable=True) as server:
        assert server is not None, "没有 PostgreSQL"
        os.environ["DATABASE_URL"] = server.url
        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        from mingzheng.site.demo import founding

        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        call_command("migrate", verbosity=0)
        founding.found_all({"wg"})
        notes = scratch.DATA / "notes"
        notes.mkdir()
        run = Killed(server, notes)
        for number in range(cycles):
            run.cycle(number)
            print(number, run.figures, run.faults[:3], file=sys.stderr, flush=True)
    print(
        json.dumps(
            {**run.figures, "faults": run.faults[:20], "seconds": round(time.monotonic() - began)},
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
