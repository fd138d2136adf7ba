"""Keep, find and forget what was typed and not sent. None of it is on any record: nothing has been
done yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import QueryDict

from mingzheng.core import clock
from mingzheng.jobs.acts import job
from mingzheng.records.actors import Actor
from mingzheng.unsent.models import Unsent
from mingzheng.unsent.sealing import Answers, seal, unseal

# What a form carries for its own sake, and what is never kept anywhere.
NOT_KEPT = {
    *("csrfmiddlewaretoken", "ticket", "form_key", "preview", "password", "files"),
    # Where the form is; and a signature, which holds for what was there when it was made.
    *("unsent-place", "stroke"),
}
LIMIT = 1 << 20
# Forms of one person; the oldest goes first.
MOST = 100


class TooMuch(Exception):
    """More than a form may hold while it is not sent."""


@dataclass(frozen=True)
class Kept:
    """Answers and when they were typed."""

    at: datetime
    answers: QueryDict


def answers_of(data: QueryDict) -> Answers:
    """What of a form is worth keeping: the fields that hold something."""
    return {
        name: data.getlist(name)
        for name in data
        if name not in NOT_KEPT and any(value.strip() for value in data.getlist(name))
    }


def keep(by: Actor, place: str, data: QueryDict) -> datetime | None:
    """Keep the answers so far in place of the earlier ones; an emptied form is forgotten. None where
    there was nothing to keep; TooMuch beyond `LIMIT`.
    """
    answers = answers_of(data)
    if not answers:
        forget(by, place)
        return None
    sealed = seal(answers)
    if len(sealed) > LIMIT:
        raise TooMuch
    now = clock.now()
    Unsent.objects.update_or_create(
        person_id=by.person_id,
        post_id=by.post_id or 0,
        place=place[:200],
        defaults={"body": sealed, "kept_at": now},
    )
    mine = Unsent.objects.filter(person_id=by.person_id)
    oldest = mine.order_by("-kept_at").values_list("pk", flat=True)[MOST:]
    Unsent.objects.filter(pk__in=list(oldest)).delete()
    return now


def keep_if_it_fits(by: Actor, place: str, data: QueryDict) -> datetime | None:
    """The same where the form is shown again anyway: too much is not kept, and nothing is said."""
    try:
        return keep(by, place, data)
    except TooMuch:
        return None


def kept(by: Actor, place: str) -> Kept | None:
    """What this person typed here and did not send."""
    row = Unsent.objects.filter(
        person_id=by.person_id, post_id=by.post_id or 0, place=place[:200]
    ).first()
    answers = unseal(row.body) if row else None
    return Kept(row.kept_at, form_data(answers)) if row and answers else None


def form_data(answers: Mapping[str, Any]) -> QueryDict:
    """Answers, one or several a name, as a form takes them; nothing of what a form carries for its
    own sake.
    """
    data = QueryDict(mutable=True)
    for name, said in answers.items():
        if name not in NOT_KEPT:
            data.setlist(name, [str(each) for each in (said if isinstance(said, list) else [said])])
    return data


@dataclass(frozen=True)
class Waiting:
    """A form that was begun and not sent: where it is, and when it was last typed in."""

    place: str
    at: datetime


def count(by: Actor) -> int:
    """How many forms this person began in this post and did not send."""
    return Unsent.objects.filter(person_id=by.person_id, post_id=by.post_id or 0).count()


def waiting(by: Actor) -> list[Waiting]:
    """Those forms, the newest first."""
    rows = Unsent.objects.filter(person_id=by.person_id, post_id=by.post_id or 0)
    return [Waiting(row.place, row.kept_at) for row in rows.defer("body").order_by("-kept_at")]


def forget(by: Actor, place: str) -> None:
    """Sent, or thrown away by whoever typed it."""
    Unsent.objects.filter(
        person_id=by.person_id, post_id=by.post_id or 0, place=place[:200]
    ).delete()


@job("unsent.forget", every=timedelta(hours=6))
def forget_old() -> None:
    """《个人信息保护法》第十九条: what was typed and never sent is kept no longer than needed."""
    Unsent.objects.filter(kept_at__lt=clock.now() - timedelta(days=settings.UNSENT_DAYS)).delete()
