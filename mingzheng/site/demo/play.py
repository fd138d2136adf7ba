"""Play a case: people take steps through the same door as the browser, under a fixed clock."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict

from mingzheng.agencies import access
from mingzheng.agencies.models import Agency, Party, Person, Post
from mingzheng.agencies.team import Team
from mingzheng.catalogue.models import Item
from mingzheng.core import clock
from mingzheng.disclosure.access import OWN_SITE, ordered_down
from mingzheng.disclosure.channels import connections
from mingzheng.evidence import recording_requirements
from mingzheng.evidence.media import examine
from mingzheng.jobs.acts import drain
from mingzheng.procedures import acts as procedure_acts
from mingzheng.procedures import registry
from mingzheng.procedures.models import Proposal
from mingzheng.procedures.outcome import Invalid, Outcome
from mingzheng.records import law, store
from mingzheng.records.actors import Actor
from mingzheng.records.models import Duty, Record
from mingzheng.site.demo import clips, exchange

_keys = itertools.count(1)
# A real, if small, file: one white pixel as PNG, and a line of text for papers.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "a735812a0000000049454e44ae426082"
)


def form_data(values: dict[str, Any]) -> QueryDict:
    """What a browser would post for these values."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            data.appendlist(name, "" if item is None else str(item))
    return data


@contextmanager
def at(day: date | str, hour: int = 10, minute: int = 0) -> Iterator[None]:
    """The clock shows this hour of this day."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    with clock.fixed(datetime.combine(on, time(hour, minute))):
        yield


def who(agency: Agency, name: str) -> Actor:
    """The identity of a person of the body, today."""
    return access.actor_of(
        Post.objects.select_related("person", "unit").get(agency=agency, person__name=name)
    )


def person_id(agency: Agency, name: str) -> int:
    """The internal id of a person of the body."""
    return Person.objects.get(posts__agency=agency, name=name).pk


class Play:
    """One case being played: `body` acts through `officers`, approvals go along the pack's
    routes.
    """

    def __init__(
        self,
        agency: Agency,
        officers: tuple[str, str],
        party: dict[str, Any],
        item: str,
        **source: Any,
    ) -> None:
        self.body, self.officers, self.party, self.item = agency, officers, party, item
        self.source = source
        self.record: Record = None  # type: ignore[assignment]

    def register(self, **more: Any) -> Record:
        """Register the source of a penalty case in the name of the first officer."""
        said = {
            name: value for name, value in self.source.items() if name not in ("cause", "summary")
        }
        return self.begin(
            "penalty",
            **{
                "procedure": "penalty-ordinary",
                "source": "inspection",
                "cause": self.source["cause"],
                "place": self.party["address"],
                "conduct_on": clock.today(),
                "summary": self.source.get("summary", "检查中发现。"),
                **said,
                **more,
            },
        )

    def begin(self, code: str, by: str = "", **values: Any) -> Record:
        """Begin a matter through the opening `code`, as the first officer unless somebody else is
        named.
        """
        item = Item.objects.get(agency=self.body, code=self.item)
        asked = next(each for each in registry.openings() if each.code == code)
        actor = who(self.body, by or self.officers[0])
        form = asked.form(
            form_data(
                {
                    "item": item.pk,
                    "happened_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
                    "party_kind": self.party["kind"],
                    "party_name": self.party["name"],
                    "identifier": self.party["identifier"],
                    "representative": self.party.get("representative", ""),
                    "address": self.party["address"],
                    "phone": self.party.get("phone", ""),
                    # Whoever tells a story knows that it is another one.
                    "not_duplicate": "on",
                    **values,
                }
            ),
            record=None,  # type: ignore[arg-type]
            actor=actor,
        )
        if not form.is_valid():
            raise Invalid(form)
        self.record = asked.run(actor, form.cleaned_data, "")
        return self.record

    def step(self, key: str, by: str = "", files: Any = (), **values: Any) -> Outcome:
        """Take a step as `by` (the first officer unless named), with values as a browser would
        post them.
        """
        values.setdefault("happened_at", clock.now().strftime("%Y-%m-%dT%H:%M"))
        # Whoever ends a matter knows what is still owed.
        values.setdefault("left_open", "on")
        values.setdefault("left_why", "已安排专人继续办理。")
        self.record.refresh_from_db()
        return procedure_acts.take_step(
            who(self.body, by or self.officers[0]),
            self.record.pk,
            key,
            form_data(values),
            form_key=f"play-{self.record.pk}-{next(_keys)}",
            seen=self.record.head,
            files=files,
        )

    def record_step(
        self, step: str, text: str = "现场情况的音像记录", medium: str = "photo", **more: Any
    ) -> Outcome:
        """Take in the recording of a step as its pack wants it: a film from ten minutes ago until
        now where all must be on it.
        """
        self.record.refresh_from_db()
        regime, facts = law.regime(self.record), registry.facts_of(self.record)
        asked = recording_requirements.unanswered(regime, clock.today(), facts)
        demand = recording_requirements.of(
            regime, step, clock.today(), {**facts, **dict.fromkeys(asked, False)}
        )
        said = {
            "department": self.body.name,
            "officers": "、".join(self.officers),
            "matter": self.record.title,
            "place": self.party["address"],
            "time": f"{clock.now():%Y年%-m月%-d日 %H:%M}",
        }
        now, whole = clock.now(), demand.mode == "whole"
        changed = (
            self.record.acts.exclude(to_state="")
            .order_by("-happened_at")
            .values_list("happened_at", flat=True)
            .first()
        )
        began = max(now - timedelta(minutes=10), clock.local(changed)) if whole and changed else now
        stored = (
            clips.kept("video", max(int((now - began).total_seconds()), 20))
            if whole or medium == "video"
            else clips.kept("photo")
        )
        examine(store.register(stored).pk)
        marks = "\n".join(
            f"00:{5 * at:02d} {row['name']} 已录到" for at, row in enumerate(demand.markers)
        )
        return self.step(
            "recording.taken",
            **{
                "step": step,
                "text": text,
                "happened_at": began.strftime("%Y-%m-%dT%H:%M:%S"),
                "informed": "yes",
                "informed_how": "口头告知",
                "ended_at": now.strftime("%Y-%m-%dT%H:%M:%S") if whole else "",
                "source": "live",
                "marks": marks,
                **{f"fact-{name}": "no" for name in asked},
                **(
                    {f"said-{row['id']}": said[str(row["id"])] for row in demand.statement}
                    or {"spoken": "已说明执法部门、人员、事由、时间、地点"}
                ),
                "files": [
                    (
                        stored,
                        f"{text[:20]}.{'mp4' if whole or medium == 'video' else 'jpg'}",
                        "音像记录",
                    )
                ],
                **more,
            },
        )

    def officers_ids(self) -> list[int]:
        """Internal ids of the two officers."""
        return [person_id(self.body, name) for name in self.officers]

    def agree(self, *names: str, opinion: str = "同意") -> None:
        """These people agree, in this order, to the proposal that is open."""
        for name in names:
            found = Proposal.objects.get(record=self.record, state=Proposal.OPEN)
            procedure_acts.answer(
                who(self.body, name),
                found.pk,
                "agree",
                opinion,
                text_hash=found.text_hash,
                form_key=f"play-{found.pk}-{next(_keys)}",
            )

    def approve(self, opinion: str = "同意") -> None:
        """Whoever holds the role that the proposal waits for agrees, until it is through."""
        while found := Proposal.objects.filter(record=self.record, state=Proposal.OPEN).first():
            self.agree(self.approver(found), opinion=opinion)

    def approver(self, found: Proposal) -> str:
        """A person who may answer the open proposal."""
        from mingzheng.procedures import roles

        team = Team.of(found.record)
        for actor in access.actors_in(self.body.pk):
            if roles.may_approve(actor, found, team):
                return actor.name
        raise LookupError(f"nobody can approve {found.step} of {self.body}")

    def propose(self, **answers: Any) -> None:
        """Propose what goes public: every passage covered unless `answers` say otherwise,
        confirmed by a person.
        """
        self.step("publication.proposed", **{"exempt": "none", "confirmed": "on", **answers})

    def show(self, of: str) -> None:
        """On this platform first, then on every channel that a duty to publish still waits for: by
        hand, or by its connection.
        """
        self.step(f"publication.published:{of}", channel=OWN_SITE, receipt="")
        joined = connections.of(self.body.pk)
        owed = [
            row.channel
            for row in Duty.objects.filter(record=self.record, state=Duty.OPEN)
            if "publication.published" in row.then
        ]
        for channel in dict.fromkeys(each for each in owed if each and each not in joined):
            self.step(
                f"publication.published:{of}", channel=channel, receipt=f"R{clock.today():%Y%m%d}"
            )
        exchange.deliver(self.record)

    def taken_down(self) -> None:
        """Every channel of others that was told to take it down confirms that it did."""
        for channel in ordered_down(self.record):
            self.step(
                "publication.withdrawn:confirmed",
                channel=channel,
                receipt=f"撤{clock.today():%Y%m%d}",
            )

    def picture(self, purpose: str = "附件", name: str = "扫描件.png") -> list[Any]:
        """A stored picture to attach."""
        return [(store.put_bytes(PIXEL, "image/png"), name, purpose)]


def back(workdays: int) -> date:
    """The day so many working days ago."""
    day, calendar = clock.today(), law.calendar()
    while workdays or not calendar.is_workday(day):
        day -= timedelta(days=1)
        workdays -= int(calendar.is_workday(day) and workdays > 0)
    return day


def finish_papers() -> None:
    """Let the queue render what was issued."""
    drain()


__all__ = ["Party", "Play", "at", "back", "finish_papers", "form_data", "person_id", "who"]
