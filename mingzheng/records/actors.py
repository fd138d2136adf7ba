"""Who acts: a snapshot of the person as he was at that moment."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """A person in one post of one agency: the identity a session acts under.

    `roles` are the role words of the vocabulary that the agency bound to the
    post; `lent` are those among them that he has only while he stands in for
    the people `stands_for`; `certificate` is the number of a certificate valid now, or empty.
    """

    person_id: int
    name: str
    agency_id: int
    unit_id: int | None = None
    post_id: int | None = None
    post: str = ""
    unit: str = ""
    certificate: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    lent: frozenset[str] = field(default_factory=frozenset)
    stands_for: frozenset[int] = field(default_factory=frozenset)

    def snapshot(self) -> dict[str, object]:
        """Name, post, unit and certificate number as they are kept with an act."""
        return {
            "person": self.person_id,
            "name": self.name,
            "post": self.post,
            "unit": self.unit,
            "certificate": self.certificate,
            "roles": sorted(self.roles),
            **({"lent": sorted(self.lent)} if self.lent else {}),
        }
