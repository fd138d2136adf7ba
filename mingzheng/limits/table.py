"""The numbers: those that come along, with what the installation's own file says otherwise."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

HERE = Path(__file__).parent / "limits.toml"


@cache
def numbers() -> dict[str, dict[str, Any]]:
    """Tables `rate`, `size`, `gate`, read once by each process."""
    found: dict[str, dict[str, Any]] = tomllib.loads(HERE.read_text(encoding="utf-8"))
    for name, rows in _own().items():
        if isinstance(rows, dict) and name in found:
            found[name] |= {key: value for key, value in rows.items() if not _fault(name, value)}
    return found


def faults() -> list[str]:
    """What is wrong with the installation's own file, as sentences; a wrong line counts as not
    written.
    """
    known = tomllib.loads(HERE.read_text(encoding="utf-8"))
    try:
        own = _own(strict=True)
    except (OSError, ValueError) as error:
        return [f"限额文件 limits.toml 读不懂，按出厂数值执行：{error}"]
    return [
        f"限额文件 limits.toml 的 {name}.{key} 写法不对，按出厂数值执行"
        for name, rows in own.items()
        for key, value in (rows.items() if isinstance(rows, dict) else [("", None)])
        if name not in known or _fault(name, value)
    ]


def _own(strict: bool = False) -> dict[str, Any]:
    place = Path(settings.DATA) / "limits.toml"
    try:
        return tomllib.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    except (OSError, ValueError):
        if strict:
            raise
        return {}


def _fault(name: str, value: Any) -> bool:
    if name == "rate":
        return not (
            isinstance(value, dict)
            and set(value) <= {"address", "object"}
            and all(
                isinstance(pair, list)
                and len(pair) == 2
                and all(isinstance(each, int) and each > 0 for each in pair)
                for pair in value.values()
            )
        )
    return not isinstance(value, int) or isinstance(value, bool) or value <= 0
