"""What rules may know of a matter, kind by kind."""

from mingzheng.cases.facts import inspection, penalty

__all__ = ["inspection", "penalty"]
