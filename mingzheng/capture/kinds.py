"""What a phone may send, and the step of a procedure that each becomes."""

from __future__ import annotations

from dataclasses import dataclass

from mingzheng.core.steps import Step
from mingzheng.procedures import registry
from mingzheng.records.models import Record


@dataclass(frozen=True)
class Kind:
    """`code` in the phone's messages, `name` on its screen, the key of the step; `alone` where a
    second one beside another's is right.
    """

    code: str
    name: str
    key: str
    icon: str
    alone: bool = True


# In the order of the screen (design U5). Two cameras at one place are no conflict, two checklists
# are a question.
CAPTURE_KINDS = (
    Kind("identified", "亮证", "officer.identified", "badge"),
    Kind("arrival", "到场", "inspection.started", "home"),
    Kind("rights", "告知权利义务", "party.notified:rights", "info"),
    Kind("recording", "语音说明、录制、拍照、文字说明", "recording.taken", "video", alone=False),
    Kind("photo", "拍照", "recording.taken", "camera", alone=False),
    Kind("text", "补全音像记录", "recording.taken:completing", "type", alone=False),
    Kind("signature", "现场笔录，当事人签名", "evidence.taken:on-site-record", "user"),
    Kind("checklist", "逐项检查", "checklist.filled", "check"),
)
_BY_CODE = {kind.code: kind for kind in CAPTURE_KINDS}


def find(code: str) -> Kind | None:
    """The kind with this code; None when there is none."""
    return _BY_CODE.get(code)


def steps_of(record: Record) -> list[tuple[Kind, Step]]:
    """The kinds that the record's own procedure knows, with its rows."""
    found = ((kind, registry.step_of(record, kind.key)) for kind in CAPTURE_KINDS)
    return [(kind, step) for kind, step in found if step is not None and not step.route]
