"""Rows at the end of a matter: the volume and what may be destroyed."""

from __future__ import annotations

from mingzheng.core.steps import Step
from mingzheng.procedures.publishing import States


def rows(final: States) -> tuple[Step, ...]:
    """Bind the volume and hand it over; destroy what the rules no longer let it hold."""
    return (
        Step(
            "erasure.executed",
            "依法销毁",
            "归档",
            final,
            by=("archivist",),
            route="erasure.executed",
            source="《档案法》；《个人信息保护法》第四十七条",
            after=("recording.stored", "evidence.taken:documentary"),
        ),
        Step(
            "volume.handed-over",
            "移交案卷",
            "归档",
            final,
            by=("handler", "archivist"),
            after=("volume.bound",),
            once=True,
            source="《档案法》第十四条",
        ),
        Step(
            "volume.bound",
            "组卷归档",
            "归档",
            final,
            by=("handler", "archivist"),
            main=True,
            once=True,
            source="国办发〔2018〕118号 三（三）",
        ),
    )
