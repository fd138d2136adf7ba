"""What a bare 日 means in a given law: data in conventions.toml, never in code."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from mingzheng.core.workdays.counting import CountError


@cache
def conventions() -> dict[str, dict[str, Any]]:
    """Every convention by id: {name, source, workday | workday_up_to | all}."""
    path = Path(__file__).with_name("conventions.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def convention(law: str, n: int) -> str:
    """The unit ("workday" or "day") of n 日 in the law of this id; CountError for another id."""
    held = conventions().get(law)
    if held is None:
        raise CountError(f"没有登记“{law}”的日数约定，可用：{'、'.join(conventions())}")
    if "all" in held:
        return str(held["all"])
    counted = n in held.get("workday", ()) or n <= held.get("workday_up_to", 0)
    return "workday" if counted else "day"
