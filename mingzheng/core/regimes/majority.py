"""Whether a decision is major: the condition of that name, asked for each party."""

from collections.abc import Mapping, Sequence
from typing import Any

from mingzheng.core.regimes.answers import Major
from mingzheng.core.regimes.scene import Scene


def major_of(scenes: Sequence[Scene]) -> Major:
    """Major if it is for any party; unknown if facts that are missing would decide."""
    because: dict[str, Mapping[str, Any]] = {}
    unknown: set[str] = set()
    for scene in scenes:
        for rule, each, verdict in scene.alternatives("major"):
            id = str(each.get("id", rule.id))
            if verdict.value:
                because.setdefault(
                    id,
                    {
                        "id": id,
                        "source": each.get("source", rule.source),
                        "text": each.get("text", ""),
                        "pack": rule.origin.pack,
                        "facts": sorted(verdict.used),
                        "confirmed": rule.confirmed and each.get("confirmed") is not False,
                        "party": scene.party or None,
                    },
                )
            elif verdict.value is None:
                unknown |= verdict.unknown
    if because:
        return Major(True, tuple(because.values()))
    return Major(None, (), tuple(sorted(unknown))) if unknown else Major(False)
