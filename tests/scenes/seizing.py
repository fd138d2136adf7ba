"""What is seized in the scenes of coercion, and what the form of the seizure is answered."""

from __future__ import annotations

from typing import Any

from mingzheng.site.demo.play import at

THINGS = "变压器，S7-315/10，1台\n高压柜，KYN28，2台"
LAWS = "《中华人民共和国节约能源法》（示例）"


def answers(journey: Any, **more: Any) -> dict[str, Any]:
    """What the form of the seizure asks."""
    return {
        "officers": journey.play.officers_ids(),
        "way": "seize",
        "things": THINGS,
        "place": "厂区",
        "kept_at": "一号库",
        "present": "yes",
        "basis": LAWS,
        "reason": "防止转移涉案设备",
        "contained": "no",
        "signed": "signed",
        **more,
    }


def approve(journey: Any, hour: int = 12) -> None:
    """The head agrees that these things are seized."""
    with at(journey.day, hour):
        journey.play.step(
            "seizure.approved", way="seize", things=THINGS, basis=LAWS, reason="防止转移"
        )
        journey.play.approve()
