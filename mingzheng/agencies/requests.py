"""A request behind sign-in, as pages of the desk and of the phone get it."""

from __future__ import annotations

from django.http import HttpRequest

from mingzheng.agencies import access
from mingzheng.records.actors import Actor


class SignedRequest(HttpRequest):
    """Who acts, in which of his posts, and whom he may reach."""

    actor: Actor
    # Who is at the door, and has to choose a password or a second factor first.
    owing: Actor | None
    identities: list[Actor]
    reach: access.Reach
    # The title of the refusal that is shown, for the audit; never its grounds, which tell of matters.
    refused: str
