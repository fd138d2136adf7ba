"""What each step asks, and what its act keeps of the answers, one module a noun."""

from mingzheng.cases.forms import (
    across,
    coercion,
    decision,
    execution,
    inspection,
    investigation,
    licence,
    licence_decision,
    licence_ending,
    mistakes,
    opening,
    other,
    registration,
)

__all__ = [
    "across",
    "coercion",
    "decision",
    "execution",
    "inspection",
    "investigation",
    "licence",
    "licence_decision",
    "licence_ending",
    "mistakes",
    "opening",
    "other",
    "registration",
]
