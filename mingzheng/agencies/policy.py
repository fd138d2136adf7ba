"""What is asked of accounts, passwords, sign-ins and sessions: data, not code."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

SHIPPED = Path(__file__).with_name("accounts.toml")
OWN = "accounts.toml"
Table = dict[str, Any]


def read(section: str) -> Table:
    """One table of the policy: as shipped, with what the installation changed on top."""
    return {**_tables(SHIPPED)[section], **_own(settings.DATA / OWN).get(section, {})}


def asked() -> bool:
    """Whether passwords age and second factors are asked for: everywhere but in a demo."""
    return bool(settings.ACCOUNT_POLICY)


def faults() -> list[str]:
    """What is wrong with the installation's own file, for the doctor."""
    path = settings.DATA / OWN
    if not path.is_file():
        return []
    try:
        own, shipped = tomllib.loads(path.read_text(encoding="utf-8")), _tables(SHIPPED)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return [f"{path} 读不出来：{error}。目前按随附的要求办。"]
    return [
        f"{path} 的 [{name}] {key} 不认识，或者值的类型不对。"
        for name, table in own.items()
        for key, value in (table.items() if isinstance(table, dict) else {"": table}.items())
        if type(shipped.get(name, {}).get(key)) is not type(value)
    ]


def _own(path: Path) -> dict[str, Table]:
    if not path.is_file() or faults():
        return {}
    return _tables(path)


@cache
def _tables(path: Path) -> dict[str, Table]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
