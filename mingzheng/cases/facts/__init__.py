"""What rules may know of a matter, kind by kind."""

from mingzheng.cases.facts import penalty

__all__ = ["penalty"]
