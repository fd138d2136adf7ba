"""明证: the three systems of administrative enforcement on one record."""

__version__ = "0.2.0"
