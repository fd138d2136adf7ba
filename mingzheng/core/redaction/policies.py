"""Kinds and policies of covering, read from the rule packs: what is covered, how it then reads,
whether a person may release it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of passage: Chinese name, how it reads when covered, whether a person may release it
    with a cause, its source.
    """

    id: str
    name: str
    reads: str
    release: bool
    source: str


@dataclass(frozen=True)
class Policy:
    """What stays readable (`shows`: ids of kinds); everything else that is found is covered."""

    id: str
    name: str
    shows: frozenset[str]


def kinds(regime: Any, on: date, facts: dict[str, Any] | None = None) -> dict[str, Kind]:
    """The kinds of a regime by id, in the order of the pack."""
    rows = regime.rows("redaction-kinds", on, facts or {}).rows
    return {
        str(row["id"]): Kind(
            str(row["id"]),
            str(row["name"]),
            str(row["as"]),
            bool(row["release"]),
            str(row.get("source", "")),
        )
        for row in rows
    }


def policies(regime: Any, on: date, facts: dict[str, Any] | None = None) -> dict[str, Policy]:
    """The policies of a regime by id."""
    rows = regime.rows("redaction-policies", on, facts or {}).rows
    return {
        str(row["id"]): Policy(str(row["id"]), str(row["name"]), frozenset(row["shows"]))
        for row in rows
    }


def policy(regime: Any, on: date, facts: dict[str, Any]) -> Policy:
    """The policy that the pack chooses for a matter: the first row of `redaction-policy` that
    applies.
    """
    rows = regime.rows("redaction-policy", on, facts).rows
    return policies(regime, on, facts)[str(rows[0]["id"])]
