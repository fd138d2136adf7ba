"""Rows of evidence and of its recordings, the same in every kind."""

from __future__ import annotations

from mingzheng.core.steps import Step
from mingzheng.procedures.publishing import States


def recordings(
    states: States,
    stage: str,
    *,
    source: str = "国办发〔2018〕118号 三（二）",
    name: str = "存入音像记录",
    exceptions: bool = False,
) -> tuple[Step, ...]:
    """Sound and pictures of a step: taken in, completed, or left out with a reason where the rules
    have that clause.
    """
    return (
        Step("recording.taken", name, stage, states, source=source),
        Step(
            "recording.taken",
            "补全音像记录",
            stage,
            states,
            of="completing",
            source=source,
            after=("recording.stored",),
        ),
        Step(
            "recording.waived",
            "登记不作音像记录",
            stage,
            states,
            route="recording.waived",
            source=source,
        ),
        *(
            (
                Step(
                    "exception.approved",
                    "记录例外报批",
                    stage,
                    states,
                    route="exception.approved",
                    verb="recording",
                    source=source,
                ),
            )
            if exceptions
            else ()
        ),
    )


def items(
    states: States, kept: States, stage: str, *, source: str = "《行政处罚法》第四十六条"
) -> tuple[Step, ...]:
    """Evidence of the eight kinds and its chain of custody; `kept` are the states in which
    originals may still be asked for.
    """
    some = ("evidence.taken:documentary", "evidence.taken:monitoring")
    return (
        Step(
            "evidence.taken",
            "调取证据",
            stage,
            states,
            of="documentary",
            documents=("evidence-list",),
            recording=True,
            source=source,
        ),
        Step("evidence.moved", "证据移交保管", stage, kept, source=source, after=some),
        Step("evidence.sealed", "封存证据", stage, states, source=source, after=some),
        Step(
            "original.released",
            "提供原始文件",
            stage,
            kept,
            route="original.released",
            by=("handler", "archivist", "legal-reviewer"),
            source="国办发〔2018〕118号 三（三）",
            after=("recording.stored", *some),
        ),
    )
