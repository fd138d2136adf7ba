"""The tables of steps by code: a chapter registers each of its own, a record names the one that it
runs on.
"""

from __future__ import annotations

from mingzheng.core.steps import Procedure

_tables: dict[str, Procedure] = {}


def register_procedure(procedure: Procedure) -> Procedure:
    """Make a table known under its code, which no other may have: records are read by it."""
    if procedure.code in _tables:
        raise ValueError(f"two tables of steps are called {procedure.code}")
    _tables[procedure.code] = procedure
    return procedure


def procedure(code: str) -> Procedure:
    """The table with this code; KeyError if there is none."""
    return _tables[code]


def table_of(code: str) -> Procedure | None:
    """The table with this code, where there is one."""
    return _tables.get(code)


def procedures() -> tuple[Procedure, ...]:
    """Every table."""
    return tuple(_tables.values())
