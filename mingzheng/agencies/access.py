"""Who may see a record: one answer, for the list and for the single thing."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from mingzheng.agencies.models import Body, Certificate, Delegation, Exclusion, Grant, Handler, Post
from mingzheng.core import clock
from mingzheng.notices.access import open_tasks
from mingzheng.records.actors import Actor
from mingzheng.records.models import Record

# Roles that see every unit's matters of their own agency; others see their unit's and those they handle.
WHOLE_AGENCY = frozenset({
    "head", "deputy-head", "legal-reviewer", "review-head", "archivist", "publisher", "publishing-head",
    "supervision-commissioner", "audit-admin",
})
# Ordinary matters are 0; 2 is above unit scope (informants, 检举控告): handlers and the head only.
SECRET = 2


def visible(actor: Actor) -> QuerySet[Record]:
    """Every record that this identity may see now. What is not here looks absent."""
    today = clock.today()
    # What crosses the agency's wall is rare; asked beforehand, so that the common list stays on one index.
    granted = list(Grant.objects.filter(
        person=actor.person_id, since__lte=today, until__gte=today).values_list("record", flat=True))
    overseen = supervised(actor) if actor.roles & {"judicial-bureau", "superior"} else []
    excluded = list(Exclusion.objects.filter(person=actor.person_id).values_list("record", flat=True))
    found = Record.objects.filter(_own(actor))
    if granted or overseen:
        found = Record.objects.filter(
            _own(actor) | Q(pk__in=granted) | Q(agency_id__in=overseen, classification__lt=SECRET))
    return found.exclude(pk__in=excluded) if excluded else found


def _own(actor: Actor) -> Q:
    handled = Q(pk__in=Handler.objects.filter(person=actor.person_id, until=None).values("record"))
    own = Q(agency_id=actor.agency_id)
    if not actor.roles & WHOLE_AGENCY:
        own &= Q(unit_id=actor.unit_id) | handled
    if "head" not in actor.roles:
        # Whoever has to approve a sealed matter sees it as long as it waits for him, no longer.
        asked = Q(pk__in=open_tasks(actor).exclude(proposal_id=None).values("record"))
        own &= Q(classification__lt=SECRET) | handled | asked
    return own


def supervised(actor: Actor) -> list[int]:
    """The agencies whose matters a supervising body may look into, by its region tree."""
    body = Body.objects.filter(pk=actor.agency_id).first()
    if body is None or not body.supervises:
        return []
    regions = Q()
    for prefix in body.supervises:
        regions |= Q(region__startswith=prefix)
    return list(Body.objects.filter(regions).exclude(pk=body.pk).values_list("pk", flat=True))


def own(actor: Actor, record: Record) -> bool:
    """Whether this identity may write here: its own agency's record; a supervisor only reads."""
    return record.agency_id == actor.agency_id


def actors_of(person_id: int) -> list[Actor]:
    """The identities a person may choose from today, one per post."""
    today = clock.today()
    posts = (
        Post.objects.filter(person=person_id, since__lte=today)
        .filter(Q(until=None) | Q(until__gte=today)).select_related("person", "unit").order_by("pk")
    )
    return [actor_of(post) for post in posts]


def actor_of(post: Post) -> Actor:
    """The identity of one post today, with the roles of running delegations and a valid certificate."""
    today = clock.today()
    roles = set(post.roles)
    for lent in Delegation.objects.filter(
            agency=post.agency_id, taker=post.person_id, since__lte=today, until__gte=today):
        roles |= set(lent.roles)
    held = valid_certificate(post.person_id, post.agency_id)
    return Actor(
        person_id=post.person_id, name=post.person.name, agency_id=post.agency_id, unit_id=post.unit_id,
        post_id=post.pk, post=post.title, unit=post.unit.name, certificate=held, roles=frozenset(roles),
    )


def valid_certificate(person_id: int, agency_id: int, kind: str = "") -> str:
    """The number of a certificate that is valid today for `kind` of matter, or empty."""
    today = clock.today()
    for row in Certificate.objects.filter(
            person=person_id, agency=agency_id, state=Certificate.VALID, since__lte=today, until__gte=today):
        if not kind or not row.scope or kind in row.scope:
            return row.number
    return ""


def principals(actor: Actor) -> set[int]:
    """The person himself and everyone he stands in for today: none of them may approve his own request."""
    today = clock.today()
    lent = Delegation.objects.filter(
        agency=actor.agency_id, taker=actor.person_id, since__lte=today, until__gte=today)
    return {actor.person_id, *lent.values_list("giver_id", flat=True)}
