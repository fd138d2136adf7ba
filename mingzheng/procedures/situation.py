"""The situation of a matter: with the facts that its chapter reads and the people tied to it."""

from __future__ import annotations

from functools import cached_property

from mingzheng.agencies.models import Certificate
from mingzheng.agencies.team import Team
from mingzheng.procedures import registry
from mingzheng.records.situation import Facts, Situation


class Matter(Situation):
    """A record at one moment as pages and steps ask about it."""

    @cached_property
    def facts(self) -> Facts:
        """What the chapter of this kind knows from its tables; unknown facts are absent."""
        return registry.facts_in(self)

    @cached_property
    def team(self) -> Team:
        """Handlers, people called in, people recused."""
        return Team.of(self.record)

    @cached_property
    def certificates(self) -> list[Certificate]:
        """The certificates of the agency's officers and of everybody tied to the matter."""
        return self.team.certificates(self.record.agency_id)
