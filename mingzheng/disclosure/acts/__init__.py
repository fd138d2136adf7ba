"""Propose, approve, publish, correct, withhold, withdraw. What goes public is the approved text
and no other.
"""

from mingzheng.disclosure.acts import (
    channel_tasks,
    correcting,
    delivering,
    files,
    proposing,
    publishing,
    terms,
    withdrawing,
    withholding,
)
from mingzheng.disclosure.acts.withdrawing import take_down

__all__ = [
    "correcting",
    "delivering",
    "channel_tasks",
    "files",
    "proposing",
    "publishing",
    "take_down",
    "terms",
    "withdrawing",
    "withholding",
]
