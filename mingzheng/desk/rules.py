"""The desk's page of the officer's own rules: what stands, what is open, what waits for
confirmation.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mingzheng.agencies.models import Agency
from mingzheng.agencies.requests import SignedRequest
from mingzheng.core import clock
from mingzheng.core.regimes import Regime
from mingzheng.desk.identity import signed_in
from mingzheng.desk.menu import shell
from mingzheng.rulebook import comparing
from mingzheng.rulebook.adopted import chapter, regime_of
from mingzheng.rulebook.naming import topic_name


@dataclass(frozen=True)
class Open:
    """A topic that the texts leave open; `filled` says which text fills it, empty where none
    does.
    """

    name: str
    refers_to: str
    source: str
    filled: str


@dataclass(frozen=True)
class Waiting:
    """A rule that nobody has confirmed yet."""

    id: str
    topic: str
    text: str
    source: str


@signed_in
@require_safe
def own(request: SignedRequest) -> HttpResponse:
    """The rules of the identity's own agency; a body without a pack has none."""
    agency = Agency.objects.get(pk=request.actor.agency_id)
    if not agency.pack:
        raise Http404
    regime = regime_of(agency)
    mine, higher = waiting(regime)
    return render(
        request,
        "desk/rules.html",
        shell(
            request,
            "rules",
            {"unset": unset(regime), "waiting": mine, "waiting_higher": higher, **chapter(agency)},
        ),
    )


def unset(regime: Regime) -> list[Open]:
    """Every topic left open, those that nothing fills first."""
    titles = {pack.id: pack.agency or pack.title for pack in regime.chain}
    found = [
        Open(
            topic_name(each.topic) or each.topic,
            each.refers_to,
            each.source,
            titles.get(each.filled_by, ""),
        )
        for each in regime.unset()
    ]
    return sorted(found, key=lambda each: bool(each.filled))


def waiting(regime: Regime) -> tuple[list[Waiting], list[Waiting]]:
    """Rules in force that wait for confirmation: the agency's own, and those of the higher
    norms.
    """
    on = clock.today()
    mine = {pack.id for pack in regime.chain if comparing.own(pack)}
    found: tuple[list[Waiting], list[Waiting]] = ([], [])
    for rule in regime.unconfirmed():
        if rule.text and not (rule.until and rule.until <= on):
            found[rule.origin.pack not in mine].append(
                Waiting(rule.id, topic_name(rule.topic or rule.id), rule.text, rule.source)
            )
    return found
