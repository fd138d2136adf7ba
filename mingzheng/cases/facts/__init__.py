"""What rules may know of a matter, kind by kind."""

from mingzheng.cases.facts import (
    coercion,
    inspection,
    licence,
    licence_columns,
    other,
    penalty,
    penalty_columns,
    platform,
    registration,
)

__all__ = [
    "coercion",
    "inspection",
    "licence",
    "licence_columns",
    "other",
    "penalty",
    "penalty_columns",
    "platform",
    "registration",
]
