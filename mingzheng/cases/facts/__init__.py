"""What rules may know of a matter, kind by kind."""

from mingzheng.cases.facts import inspection, licence, licence_columns, penalty

__all__ = ["inspection", "licence", "licence_columns", "penalty"]
