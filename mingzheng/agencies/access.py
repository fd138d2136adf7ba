"""Who may see a record: one answer, for the list and for the single thing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from mingzheng.agencies.models import Agency, Certificate, Delegation, Grant, Post, Unit
from mingzheng.agencies.separation import ADMINS, LENDABLE
from mingzheng.agencies.split import Way, marked
from mingzheng.agencies.team import ACTING
from mingzheng.core import clock
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record

# Roles that see every unit's matters of their own agency; others see their unit's and those they
# handle.
WHOLE_AGENCY = frozenset(
    {
        "head",
        "deputy-head",
        "legal-reviewer",
        "review-head",
        "archivist",
        "publisher",
        "publishing-head",
        "supervision-commissioner",
    }
)
# Ordinary matters are 0; 2 is above unit scope (informants, 检举控告): handlers and the head only.
SECRET = 2
M = TypeVar("M", bound=models.Model)

# What single people have to do with single records, in one statement: it is asked on every page.
# Records of the person's own unit that he handles are left out, unless sealed: his unit shows them
# to him anyhow.
_SINGLE = """
SELECT 'excluded', r.id, r.agency_id, r.unit_id, r.classification FROM agencies_exclusion x
  JOIN records_record r ON r.id = x.record_id WHERE x.person_id = %(person)s
UNION ALL
SELECT 'granted', r.id, r.agency_id, r.unit_id, r.classification FROM agencies_grant g
  JOIN records_record r ON r.id = g.record_id
  WHERE g.person_id = %(person)s AND g.since <= %(today)s AND g.until >= %(today)s
UNION ALL
SELECT 'granted', r.id, r.agency_id, r.unit_id, r.classification FROM agencies_handover o
  JOIN records_record r ON r.id = o.record_id WHERE o.taker_id = %(person)s AND o.state = 'offered'
UNION ALL
SELECT 'handled', r.id, r.agency_id, r.unit_id, r.classification FROM agencies_handler h
  JOIN records_record r ON r.id = h.record_id
  WHERE h.person_id = %(person)s AND h.until_id IS NULL AND r.agency_id = %(agency)s
    AND (COALESCE(r.unit_id, -1) <> %(unit)s OR r.classification >= %(secret)s)
UNION ALL
SELECT 'asked', r.id, r.agency_id, r.unit_id, r.classification FROM notices_task t
  JOIN records_record r ON r.id = t.record_id
  WHERE t.agency_id = %(agency)s AND t.closed_at IS NULL AND t.proposal_id IS NOT NULL
    AND r.classification >= %(secret)s
    AND (t.person_id = %(person)s
         OR t.person_id IS NULL AND t.role IN ({roles}) AND (t.unit_id IS NULL OR t.unit_id = %(unit)s))
"""


@dataclass(frozen=True)
class Scope:
    """Every record of an agency, or of one unit of it (`whole` is False); sealed ones only where
    said.
    """

    agency: int
    unit: int | None = None
    whole: bool = False
    sealed: bool = False

    def holds(self, agency: int, unit: int | None, classification: int) -> bool:
        """Whether a record with these three words lies within."""
        return (
            agency == self.agency
            and (self.whole or unit == self.unit)
            and (self.sealed or classification < SECRET)
        )

    def asked(self, through: str = "") -> Q:
        """The same as a condition; `through` is the way from another table to the record, as
        "record__".
        """
        found = Q(**{f"{through}agency_id": self.agency})
        if not self.whole:
            found &= Q(**{f"{through}unit_id": self.unit})
        return found if self.sealed else found & Q(**{f"{through}classification__lt": SECRET})


@dataclass(frozen=True)
class Reach:
    """What one identity may see now: whole scopes, single records beside them, and what is taken
    away again.
    """

    scopes: tuple[Scope, ...]
    beside: frozenset[int]
    excluded: frozenset[int]
    agencies: frozenset[int]

    def shows(self, record: Record) -> bool:
        """Whether this identity may see a record that is in hand already: the same answer as
        `within`, without asking the database.
        """
        where = (record.agency_id, record.unit_id, record.classification)
        return record.pk not in self.excluded and (
            record.pk in self.beside or any(scope.holds(*where) for scope in self.scopes)
        )

    def within(self, rows: QuerySet[M], through: str = "") -> QuerySet[M]:
        """The rows that this identity may see, in one query set: for single things and for
        counting few.
        """
        asked = Q(**{f"{through}pk__in": self.beside}) if self.beside else Q(pk__in=[])
        for scope in self.scopes:
            asked |= scope.asked(through)
        return self._kept(rows.filter(asked), through)

    def parted(self, rows: QuerySet[M], through: str = "") -> tuple[QuerySet[M], tuple[Way, ...]]:
        """The same rows with a mark, and the ways to them, which share no row and each run along
        one index: for lists.

        A whole agency is the sum of its units: every way begins with agency and unit, so one
        index an order is enough.
        """
        columns = [through + name for name in ("agency_id", "unit_id", "classification", "pk")]
        away, out = (
            f" AND NOT ({_among('{3}', self.excluded)})" if self.excluded else "",
            tuple(self.excluded),
        )
        ways: list[Way] = []
        for scope in [scope for scope in self.scopes if not scope.whole] + self._by_unit():
            unit, given = ("{1} IS NULL", ()) if scope.unit is None else ("{1} = %s", (scope.unit,))
            seal, top = ("", ()) if scope.sealed else (" AND {2} < %s", (SECRET,))
            ways.append((f"{{0}} = %s AND {unit}{seal}{away}", (scope.agency, *given, *top, *out)))
        beside = tuple(self.beside - self.excluded)
        if beside:
            ways.append((_among("{3}", beside), beside))
        return marked(rows, columns), tuple(ways)

    def _by_unit(self) -> list[Scope]:
        wholes = {scope.agency: scope for scope in self.scopes if scope.whole}
        if not wholes:
            return []
        units: list[tuple[int, int | None]] = list(
            Unit.objects.filter(agency__in=wholes).order_by("pk").values_list("agency_id", "pk")
        )
        units += [(agency, None) for agency in wholes]
        return [Scope(agency, unit, sealed=wholes[agency].sealed) for agency, unit in units]

    def _kept(self, rows: QuerySet[M], through: str) -> QuerySet[M]:
        return rows.exclude(**{f"{through}pk__in": self.excluded}) if self.excluded else rows


NOWHERE = -1


def _among(column: str, ids: Collection[int]) -> str:
    return f"{column} IN ({', '.join(['%s'] * len(ids))})"


def reach(actor: Actor) -> Reach:
    """The one definition of who sees what, which `visible` and every list use."""
    if actor.roles & ADMINS:
        # They see who did what, never what a matter says.
        return Reach((), frozenset(), frozenset(), frozenset())
    whole, head = bool(actor.roles & WHOLE_AGENCY), "head" in actor.roles
    # Who has no role yet is placed in a section and reads nothing of it.
    unit = actor.unit_id if actor.roles else NOWHERE
    own = Scope(actor.agency_id, None if whole else unit, whole, sealed=head)
    overseen = supervised(actor) if actor.roles & {"judicial-bureau", "superior"} else []
    scopes = (own, *(Scope(agency, whole=True) for agency in overseen))
    beside, excluded, agencies = set(), set(), {scope.agency for scope in scopes}
    for why, pk, agency, unit, classification in _single(actor):
        if why == "excluded":
            excluded.add(pk)
        # Whoever has to approve a sealed matter sees it as long as it waits for him, no longer.
        elif why == "asked" and not Scope(own.agency, own.unit, own.whole, sealed=True).holds(
            agency, unit, classification
        ):
            continue
        elif not any(scope.holds(agency, unit, classification) for scope in scopes):
            beside.add(pk)
            agencies.add(agency)
    return Reach(scopes, frozenset(beside), frozenset(excluded), frozenset(agencies))


def _single(actor: Actor) -> Sequence[tuple[str, int, int, int | None, int]]:
    roles = {f"role{n}": role for n, role in enumerate(sorted(actor.roles) or [""])}
    asked: dict[str, str | int] = {
        "person": actor.person_id,
        "agency": actor.agency_id,
        "unit": -1 if actor.unit_id is None else actor.unit_id,
        "secret": SECRET,
        "today": clock.today().isoformat(),
        **roles,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SINGLE.format(roles=", ".join(f"%({name})s" for name in roles)), asked)
        return list(cursor.fetchall())


def visible(actor: Actor) -> QuerySet[Record]:
    """Every record that this identity may see now. What is not here looks absent."""
    return reach(actor).within(Record.objects.all())


def supervised(actor: Actor) -> list[int]:
    """The agencies whose matters a supervising body may look into, by its region tree."""
    agency = Agency.objects.filter(pk=actor.agency_id).first()
    if agency is None or not agency.supervises:
        return []
    regions = Q()
    for prefix in agency.supervises:
        regions |= Q(region__startswith=prefix)
    return list(Agency.objects.filter(regions).exclude(pk=agency.pk).values_list("pk", flat=True))


def own(actor: Actor, record: Record) -> bool:
    """Whether this identity may write here: its own agency's record, or one it was called to; a
    supervisor only reads.
    """
    if record.agency_id == actor.agency_id:
        return True
    today = clock.today()
    return Grant.objects.filter(
        record=record,
        person=actor.person_id,
        purpose__in=ACTING,
        since__lte=today,
        until__gte=today,
    ).exists()


def actors_of(person_id: int) -> list[Actor]:
    """The identities a person may choose from today, one per post."""
    return _identities(Post.objects.filter(person=person_id))


def actors_signed_in(login: str, epoch: int) -> list[Actor]:
    """The same for whoever signed in so; none when the account was disabled or its sessions
    ended.
    """
    return _identities(
        Post.objects.filter(
            person__account__login=login, person__account__active=True, person__account__epoch=epoch
        )
    )


def actor_of(post: Post) -> Actor:
    """The identity of one post today, with the roles of running delegations and a valid
    certificate.
    """
    return _actors(Post.objects.filter(pk=post.pk))[0]


def actors_in(agency_id: int) -> list[Actor]:
    """The identities of everybody in an agency today, in one statement."""
    return _identities(Post.objects.filter(agency=agency_id))


def _identities(posts: QuerySet[Post]) -> list[Actor]:
    today = clock.today()
    return _actors(posts.filter(since__lte=today).filter(Q(until=None) | Q(until__gte=today)))


def _actors(posts: QuerySet[Post]) -> list[Actor]:
    """The identities of these posts today, in one statement: a post is read once for each
    delegation that its holder ever took and each post of whoever gave it.

    What was lent is held only while the lender holds it himself, by a post of his own: what he was
    lent he cannot lend on, and it ends with his post.
    """
    today = clock.today()
    valid = Certificate.objects.filter(
        person=OuterRef("person"),
        agency=OuterRef("agency"),
        state=Certificate.VALID,
        since__lte=today,
        until__gte=today,
    )
    rows: QuerySet[Any] = (
        posts.select_related("person", "unit")
        .annotate(
            certificate=Subquery(valid.order_by("pk").values("number")[:1]),
            lent=F("person__delegations_taken__roles"),
            lent_at=F("person__delegations_taken__agency_id"),
            lent_since=F("person__delegations_taken__since"),
            lent_until=F("person__delegations_taken__until"),
            lent_by=F("person__delegations_taken__giver_id"),
            lent_revoked=F("person__delegations_taken__revoked_by_id"),
            lender_roles=F("person__delegations_taken__giver__posts__roles"),
            lender_at=F("person__delegations_taken__giver__posts__agency_id"),
            lender_unit=F("person__delegations_taken__giver__posts__unit_id"),
            lender_since=F("person__delegations_taken__giver__posts__since"),
            lender_until=F("person__delegations_taken__giver__posts__until"),
        )
        .order_by("pk")
    )
    found: dict[int, Actor] = {}
    for post in rows:
        before, own = found.get(post.pk), frozenset(post.roles)
        lent = (before.lent if before else frozenset()) | _lent(post, own, today)
        for_whom = (before.stands_for if before else frozenset()) | _stands_for(post, today)
        found[post.pk] = Actor(
            person_id=post.person_id,
            name=post.person.name,
            agency_id=post.agency_id,
            unit_id=post.unit_id,
            post_id=post.pk,
            post=post.title,
            unit=post.unit.name,
            certificate=post.certificate or "",
            roles=own | lent,
            lent=lent,
            stands_for=for_whom,
        )
    return list(found.values())


def _lent(post: Any, own: frozenset[str], today: date) -> frozenset[str]:
    """What one delegation, together with one post of its giver, adds to the roles of a post."""
    if (
        not _stands_for(post, today)
        or post.lender_at != post.agency_id
        or post.lender_since > today
        or (post.lender_until is not None and post.lender_until < today)
        or own & ADMINS
    ):
        return frozenset()
    lent = frozenset(post.lent) & frozenset(post.lender_roles) & LENDABLE - own
    # The chief of a section is stood in for within that section.
    return lent if post.lender_unit == post.unit_id else lent - {"unit-head"}


def _stands_for(post: Any, today: date) -> frozenset[int]:
    """Who gave the delegation of this row, if it runs today where the post is."""
    if post.lent_at != post.agency_id or post.lent_revoked:
        return frozenset()
    running = post.lent_since <= today <= post.lent_until
    return frozenset({post.lent_by}) if running else frozenset()


def valid_certificate(person_id: int, agency_id: int, kind: str = "") -> str:
    """The number of a certificate that is valid today for `kind` of matter, or empty."""
    today = clock.today()
    for row in Certificate.objects.filter(
        person=person_id,
        agency=agency_id,
        state=Certificate.VALID,
        since__lte=today,
        until__gte=today,
    ):
        if not kind or not row.scope or kind in row.scope:
            return row.number
    return ""


def principals(actor: Actor) -> set[int]:
    """The person himself and everyone he stands in for today: none of them may approve his own
    request.
    """
    return {actor.person_id, *lenders(actor)}


def lenders(actor: Actor) -> set[int]:
    """Everyone he stands in for today, along the whole chain."""
    if not actor.stands_for:
        return set()
    today = clock.today()
    lent = Delegation.objects.filter(
        agency=actor.agency_id, since__lte=today, until__gte=today, revoked_by=None
    ).values_list("taker_id", "giver_id")
    given: dict[int, set[int]] = {}
    for taker, giver in lent:
        given.setdefault(taker, set()).add(giver)
    found: set[int] = set()
    waiting = [actor.person_id]
    while waiting:
        new = given.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found - {actor.person_id}
