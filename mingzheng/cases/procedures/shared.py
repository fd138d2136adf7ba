"""Rows that procedures of several kinds have in common, with the states of each."""

from __future__ import annotations

from mingzheng.core.steps import Step

States = tuple[str, ...]


def outcomes(states: States, *, stage: str, at: str, back: str = "") -> tuple[Step, ...]:
    """What reconsideration, litigation and supervision bring; `back` is where a decision is made
    anew.
    """
    undone = (
        ("decision.revoked", "登记决定被撤销"),
        ("decision.altered", "登记决定被变更"),
        ("decision.confirmed-unlawful", "登记决定被确认违法"),
        ("decision.confirmed-invalid", "登记决定被确认无效"),
        ("decision.ordered-redone", "登记被责令重新作出决定"),
    )
    return (
        Step(
            "reconsideration.accepted", "登记行政复议受理", stage, states, source="《行政复议法》"
        ),
        Step(
            "reconsideration.decided",
            "登记行政复议结果",
            stage,
            states,
            source="《行政复议法》",
            after=("reconsideration.accepted",),
        ),
        Step("litigation.accepted", "登记行政诉讼立案", stage, states, source="《行政诉讼法》"),
        Step(
            "litigation.decided",
            "登记行政诉讼结果",
            stage,
            states,
            source="《行政诉讼法》",
            after=("litigation.accepted",),
        ),
        *(
            Step(
                act,
                name,
                at,
                states,
                by=("handler", "legal-reviewer"),
                documents=("outcome-notice",),
                to=back if act == "decision.ordered-redone" else "",
                source="《行政处罚法》第四十八条第二款；国办发〔2018〕118号 二（三）",
            )
            for act, name in undone
        ),
    )


def people(
    working: States, live: States, stage: str, *, source: str = "《公务员法》第七十六条"
) -> tuple[Step, ...]:
    """Recusal, other handlers, another section's opinion, changes of the counterpart."""
    return (
        Step(
            "recusal.requested",
            "提出回避申请",
            stage,
            working,
            by=("handler", "legal-reviewer"),
            source=source,
        ),
        Step(
            "officer.recused",
            "决定回避",
            stage,
            working,
            by=("handler", "unit-head"),
            route="officer.recused",
            source=source,
            after=("recusal.requested",),
        ),
        Step(
            "case.reassigned",
            "转办（更换承办人）",
            stage,
            live,
            by=("unit-head",),
            source="国办发〔2018〕118号 三（一）",
        ),
        Step(
            "case.countersigned",
            "请其他科室会签",
            stage,
            live,
            by=("handler",),
            source="国办发〔2018〕118号 三（一）",
        ),
        Step("party.changed", "变更当事人", stage, live, source="《行政处罚法》第四十条"),
        Step(
            "grant.made",
            "请外单位人员参加",
            stage,
            live,
            verb="across",
            by=("head",),
            source=source,
        ),
    )


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


def evidence(
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


def mistakes(states: States, stage: str) -> tuple[Step, ...]:
    """A paper corrected or voided, its signed sheet scanned, a file replaced; an entry is declared
    void on its own page.
    """
    return (
        Step(
            "document.corrected",
            "更正（补正）文书",
            stage,
            states,
            documents=("correction-notice",),
            source="《行政处罚法》第五十九条",
        ),
        Step(
            "document.voided",
            "文书作废登记",
            stage,
            states,
            by=("unit-head", "head"),
            source="GB/T 9704",
        ),
        Step(
            "document.scanned",
            "登记签字扫描件",
            stage,
            states,
            source="国办发〔2018〕118号 三（一）",
        ),
        Step(
            "file.corrected", "更换传错的附件", stage, states, source="国办发〔2018〕118号 三（三）"
        ),
    )


def archiving(final: States) -> tuple[Step, ...]:
    """Bind the volume and hand it over; destroy what the rules no longer let it hold."""
    return (
        Step(
            "erasure.executed",
            "依法销毁",
            "归档",
            final,
            by=("handler", "archivist"),
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
