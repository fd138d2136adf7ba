"""`mingzheng found FILE`: the bodies, people, items and last paper numbers of a real installation,
from one TOML file.
"""

from __future__ import annotations

import secrets
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from mingzheng.agencies import acts
from mingzheng.agencies.models import Agency, Unit
from mingzheng.catalogue import categories
from mingzheng.catalogue.acts import add_item
from mingzheng.core.regimes import PackFaults, vocabulary
from mingzheng.documents.acts import enter_last_number
from mingzheng.procedures import matter_kinds
from mingzheng.records.refusal import Refused, refuse
from mingzheng.records.unit import work

LAW = Path(__file__).resolve().parents[2] / "law"
NEEDED = {
    "body": ("code", "name", "short_name", "kind", "region"),
    "item": ("body", "code", "name", "applied"),
    "number": ("body", "mark", "year", "last"),
}
PERSON = ("name", "unit", "title", "roles", "login")
TEXTS = (
    "code",
    "short_name",
    "kind",
    "region",
    "uscc",
    "pack",
    "mark",
    "court",
    "address",
    "phone",
    "hours",
)


def found_from(path: Path) -> list[tuple[str, str, str]]:
    """Found everything the file names, or nothing; answers (name, login, first password) of every
    account.

    Refused, with what to mend, when the file cannot be read, lacks something or names something
    twice.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refuse(f"{path.name} 读不出来：{error}。", title="没有建立") from error
    for kind, names in NEEDED.items():
        for index, row in enumerate(said.get(kind, []), 1):
            _check(row, names, f"第 {index} 个 [[{kind}]]")
    try:
        with work():
            return _found_all(said)
    except IntegrityError as error:
        raise refuse(
            "有的机关、账号或者证号已经登记过，不能再登记一次。", title="没有建立"
        ) from error
    except (PackFaults, KeyError) as error:
        said_why = error.args[0] if isinstance(error, KeyError) else str(error)
        raise refuse(f"规则包有问题，没有采用：{said_why}", title="没有建立") from error


def _check(row: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    lacking = [name for name in names if row.get(name) in (None, "", [])]
    if lacking:
        raise refuse(f"{where} 缺少 {'、'.join(lacking)}。", title="没有建立")


def _found_all(said: dict[str, Any]) -> list[tuple[str, str, str]]:
    made: dict[str, Agency] = {}
    accounts: list[tuple[str, str, str]] = []
    for row in said.get("body", []):
        made[row["code"]] = _body(row, made)
        units = {
            name: acts.add_unit(made[row["code"]], name, role)
            for name, role in row.get("units", [])
        }
        for person in row.get("people", []):
            accounts.append(_person(made[row["code"]], units, person))
    for row in said.get("item", []):
        _item(_of(made, row), row)
    for row in said.get("number", []):
        enter_last_number(_of(made, row).pk, row["mark"], row["year"], row["last"])
    return accounts


def _item(agency: Agency, row: dict[str, Any]) -> None:
    kind, where = row.get("kind", "penalty"), f"事项“{row['name']}”"
    known = [*(each.code for each in matter_kinds.enforcement()), categories.SERVICE]
    if kind not in known:
        raise refuse(f"{where}的 kind 只能是：{'、'.join(known)}。", title="没有建立")
    if kind == "penalty":
        _check(row, ("broken",), where)
    add_item(
        agency,
        row["code"],
        row["name"],
        row.get("broken", ""),
        row["applied"],
        row.get("since", date(2000, 1, 1)),
        kind,
        row.get("details"),
    )


def _of(made: dict[str, Agency], row: dict[str, Any]) -> Agency:
    if row["body"] not in made:
        raise refuse(f"没有代码为“{row['body']}”的机关，请先在 [[body]] 里写明。", title="没有建立")
    return made[row["body"]]


def _body(row: dict[str, Any], made: dict[str, Agency]) -> Agency:
    if row["kind"] not in Agency.KINDS:
        raise refuse(f"{row['name']}的 kind 只能是：{'、'.join(Agency.KINDS)}。", title="没有建立")
    body = acts.found(
        row["name"],
        **{name: row.get(name, "") for name in TEXTS},
        basis=row.get("basis", {}),
        supervises=row.get("supervises", []),
        payment=row.get("payment", {}),
        reconsideration=made.get(row.get("reconsideration", "")),
        superior=made.get(row.get("superior", "")),
    )
    if body.pack:
        acts.adopt_pack(body, None, body.pack, LAW)
    return body


def _person(agency: Agency, units: dict[str, Unit], row: dict[str, Any]) -> tuple[str, str, str]:
    where = f"{agency.name}的 {row.get('name', '某人')}"
    _check(row, PERSON, where)
    if row["unit"] not in units:
        raise refuse(f"{where}：没有“{row['unit']}”这个科室。", title="没有建立")
    if unknown := set(row["roles"]) - set(vocabulary().roles):
        raise refuse(
            f"{where}：不认识的角色 {'、'.join(sorted(unknown))}，见 docs/vocabulary.md。",
            title="没有建立",
        )
    person = acts.add_person(row["name"], row.get("qualification", ""))
    acts.appoint(
        person,
        units[row["unit"]],
        row["title"],
        list(row["roles"]),
        row.get("since", date(2000, 1, 1)),
    )
    if row.get("certificate"):
        _check(row, ("certificate_until",), where)
        acts.certify(
            person,
            agency,
            row["certificate"],
            list(row.get("scope", [])),
            row.get("certificate_since", date(2000, 1, 1)),
            row["certificate_until"],
        )
    password = secrets.token_urlsafe(9)
    acts.open_account(person, row["login"], make_password(password), first=True)
    return row["name"], row["login"], password


def report(path: Path) -> int:
    """Run and print; 1 with the reason when nothing was founded."""
    try:
        accounts = found_from(path)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    for name, login, password in accounts:
        print(f"{login}\t{password}\t{name}")
    print("首次密码只显示这一次，请当面交给本人。", file=sys.stderr)
    return 0
