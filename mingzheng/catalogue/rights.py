"""Who compiles which page: the pack's list says which unit, the unit's own role decides."""

from __future__ import annotations

from mingzheng.agencies.models import Agency, Unit
from mingzheng.catalogue import fields
from mingzheng.catalogue.pages import PageKind
from mingzheng.core import clock
from mingzheng.records.actors import Actor
from mingzheng.records.refusal import Ground, Refused


def compiler(agency: Agency, kind: PageKind) -> tuple[str, str, str] | None:
    """(role of the unit, its name in the text, article) that alone compiles this kind; None where
    the pack leaves it open.
    """
    rows = {
        str(row["id"]): row
        for row in fields.regime(agency).rows("compilers", clock.today(), {}).rows
    }
    row = rows.get(kind.compiler)
    return (kind.compiler, str(row["name"]), str(row["source"])) if row else None


def may(by: Actor, agency: Agency, kind: PageKind) -> bool:
    """Whether this identity's unit may compile this kind of page."""
    wanted = compiler(agency, kind)
    return (
        wanted is None
        or by.unit_id is not None
        and Unit.objects.filter(pk=by.unit_id, role=wanted[0]).exists()
    )


def require(by: Actor, agency: Agency, kind: PageKind) -> None:
    """Refused with the article unless this identity's unit compiles this kind of page."""
    wanted = compiler(agency, kind)
    if wanted is not None and not may(by, agency, kind):
        raise Refused(
            "您不能编制这一页",
            (
                Ground(
                    f"“{kind.name}”由{wanted[1]}统一编制，您在{by.unit}。请转给该机构办理。",
                    wanted[2],
                ),
            ),
        )
