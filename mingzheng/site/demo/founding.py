"""Found the demo's bodies, adopt their packs, appoint and certify their people."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from mingzheng.agencies import acts
from mingzheng.agencies.models import Agency, Unit
from mingzheng.catalogue.acts import add_item
from mingzheng.core import clock
from mingzheng.records.unit import work

HERE = Path(__file__).parent
LAW = HERE.parents[2] / "law"
FOUNDED = datetime(2026, 1, 4, 9, 0)
SINCE = date(2024, 3, 1)
PASSWORD = "mingzheng-demo"


def found_all(only: set[str] | None = None) -> dict[str, Agency]:
    """Found every body of cast.toml, or only those named; bodies by code."""
    cast = tomllib.loads((HERE / "cast.toml").read_text(encoding="utf-8"))["body"]
    made: dict[str, Agency] = {}
    with clock.fixed(FOUNDED), work():
        for row in cast:
            if only is None or row["code"] in only or row["kind"] in ("government", "judicial"):
                made[row["code"]] = _found(row, made)
        _items(made)
    return made


def _found(row: dict[str, Any], made: dict[str, Agency]) -> Agency:
    plain = ("short_name", "kind", "region", "pack", "mark", "court", "address", "phone", "uscc")
    basis = (
        {"title": "省人民政府赋权决定（示例）", "items": "见本镇事项清单", "from": "2022-01-01"}
        if row["kind"] == "township"
        else {}
    )
    body = acts.found(
        row["name"],
        code=row["code"],
        **{name: row.get(name, "") for name in plain},
        basis=basis,
        supervises=row.get("supervises", []),
        reconsideration=made.get(row.get("reconsideration", "")),
        superior=made.get(row.get("reconsideration", "")),
        hours="工作日 8:00–12:00，14:30–18:00",
        payment={"bank": "罚没款代收银行（示例）", "account": "示例账户"},
    )
    if body.pack:
        acts.adopt_pack(body, None, body.pack, LAW)
    units = {name: acts.add_unit(body, name, role) for name, role in row["units"]}
    for index, (name, unit, title, *roles) in enumerate(row["people"], 1):
        _appoint(body, units[unit], index, name, title, roles)
    return body


def _appoint(
    agency: Agency, unit: Unit, index: int, name: str, title: str, roles: list[str]
) -> None:
    qualified = f"A2019{agency.region}{index:04d}" if "legal-reviewer" in roles else ""
    person = acts.add_person(name, qualified)
    acts.appoint(person, unit, title, roles, SINCE)
    if {"handler", "unit-head", "hearing-host"} & set(roles):
        acts.certify(
            person,
            agency,
            f"{agency.region}{agency.pk:02d}{index:03d}",
            [],
            SINCE,
            date(2029, 2, 28),
        )
    acts.open_account(person, f"{agency.code}-{index:02d}", _hashed())


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def _items(made: dict[str, Agency]) -> None:
    rows = tomllib.loads((HERE / "items.toml").read_text(encoding="utf-8"))["item"]
    for row in rows:
        for code in row["body"]:
            if code in made:
                add_item(
                    made[code],
                    row["code"],
                    row["name"],
                    row.get("broken", ""),
                    row["applied"],
                    SINCE,
                    row.get("kind", "penalty"),
                    row.get("details"),
                )
