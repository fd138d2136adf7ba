"""The kinds of case, one file a kind. A new kind is a file here, imported below."""

from mingzheng.cases.kinds import (
    coercion,
    confirmation,
    inspection,
    levy,
    licence,
    other,
    penalty,
    requisition,
)

__all__ = [
    "coercion",
    "confirmation",
    "inspection",
    "levy",
    "licence",
    "other",
    "penalty",
    "requisition",
]
