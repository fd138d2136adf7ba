"""The papers of every kind of case: one builder a kind of paper, plain JSON out."""

from mingzheng.cases.documents import (
    closing,
    coercion,
    decision,
    evidence,
    execution,
    inspection,
    licence,
    licence_ending,
    mistakes,
    notice,
    opening,
    other,
    registration,
)

__all__ = [
    "closing",
    "coercion",
    "decision",
    "evidence",
    "execution",
    "inspection",
    "licence",
    "licence_ending",
    "mistakes",
    "notice",
    "opening",
    "other",
    "registration",
]
