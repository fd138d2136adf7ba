"""Whose inbox a task is in."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from mingzheng.notices.models import Task
from mingzheng.records.actors import Actor


def addressed(actor: Actor) -> QuerySet[Task]:
    """Every task addressed to this identity, open and closed."""
    mine = Q(person_id=actor.person_id)
    roles = Q(role__in=actor.roles, person_id=None) & (Q(unit_id=None) | Q(unit_id=actor.unit_id))
    return Task.objects.filter(mine | roles, agency_id=actor.agency_id)


def open_tasks(actor: Actor) -> QuerySet[Task]:
    """待办: what still waits."""
    return addressed(actor).filter(closed_at=None)
