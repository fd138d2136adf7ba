"""The law as data: packs of dated, sourced rules, and what they answer about an act."""

from mingzheng.core.regimes.answers import (
    ListAnswer,
    Major,
    Missing,
    Owed,
    Refusal,
    Route,
    TermAnswer,
    UndoAnswer,
)
from mingzheng.core.regimes.faults import BadFacts, Fault, PackFaults
from mingzheng.core.regimes.library import Library, load, load_texts, shipped
from mingzheng.core.regimes.regime import Regime, Retimed
from mingzheng.core.regimes.saying import said
from mingzheng.core.regimes.shapes import ActRef, Pack, Rule
from mingzheng.core.regimes.stories import History, PastAct
from mingzheng.core.regimes.vocabulary import vocabulary

__all__ = [
    "ActRef",
    "BadFacts",
    "Fault",
    "Library",
    "ListAnswer",
    "Major",
    "Missing",
    "Owed",
    "Pack",
    "PackFaults",
    "PastAct",
    "Refusal",
    "Regime",
    "Retimed",
    "Route",
    "Rule",
    "History",
    "TermAnswer",
    "UndoAnswer",
    "load",
    "load_texts",
    "said",
    "shipped",
    "vocabulary",
]
