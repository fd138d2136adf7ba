"""From what somebody wrote to the answer that he can look up."""

from __future__ import annotations

from mingzheng.core.steps import Procedure, State, Step
from mingzheng.procedures.registry import register_procedure

# Who sees what comes in before a section has it; a report is seen by the head alone until somebody
# handles it.
SORTERS = ("publisher", "legal-reviewer", "publishing-head", "deputy-head", "head")
HANDLERS = (*SORTERS, "officer", "window", "unit-head")
SOURCE = "国办发〔2018〕118号 二（三）"
CORRECTING = "《政府信息公开条例》第四十一条"

COMPLAINT = register_procedure(
    Procedure(
        code="feedback-complaint",
        name="投诉、举报、咨询",
        kind="feedback",
        start="received",
        states=(
            State("received", "待受理"),
            State("accepted", "办理中"),
            State("answered", "已答复", final=True),
            State("transferred", "已转交", final=True),
        ),
        stages=("受理", "办理", "答复"),
        steps=(
            Step(
                "complaint.accepted",
                "受理、分办",
                "受理",
                ("received",),
                to="accepted",
                by=SORTERS,
                main=True,
                source=SOURCE,
            ),
            Step(
                "complaint.transferred",
                "转交有权机关",
                "受理",
                ("received", "accepted"),
                to="transferred",
                by=HANDLERS,
                source=SOURCE,
            ),
            Step(
                "complaint.answered",
                "答复",
                "答复",
                ("received", "accepted"),
                to="answered",
                by=HANDLERS,
                main=True,
                source=SOURCE,
            ),
            Step(
                "case.reassigned",
                "转办（更换承办人）",
                "办理",
                ("received", "accepted"),
                by=("unit-head", "head", "deputy-head"),
                source="国办发〔2018〕118号 二（三）",
            ),
        ),
    )
)

CORRECTION = register_procedure(
    Procedure(
        code="feedback-correction",
        name="公示信息更正申请",
        kind="feedback",
        start="received",
        states=(
            State("received", "待核实"),
            State("verified", "已核实"),
            State("answered", "已答复"),
            State("traced", "已办结", final=True),
        ),
        stages=("核实", "答复", "追责"),
        steps=(
            Step(
                "correction.verified",
                "核实",
                "核实",
                ("received",),
                to="verified",
                by=HANDLERS,
                main=True,
                source=CORRECTING,
            ),
            Step(
                "correction.answered",
                "答复申请人",
                "答复",
                ("verified",),
                to="answered",
                by=HANDLERS,
                main=True,
                source=CORRECTING,
            ),
            Step(
                "cause.traced",
                "分析原因、倒查责任",
                "追责",
                ("answered",),
                to="traced",
                by=("unit-head", "head", "deputy-head", "publisher"),
                main=True,
                source="《陵川县信访局行政执法公示实施办法》第十五条",
            ),
        ),
    )
)

# Who looks at how units publish (政策法规机构、公示机构、负责人).
SUPERVISORS = (
    "legal-reviewer",
    "review-head",
    "publishing-head",
    "publisher",
    "deputy-head",
    "head",
)
FAULTY = "《汶上县工业和信息化局行政执法公示规定》第十二条"

FINDING = register_procedure(
    Procedure(
        code="feedback-finding",
        name="公示问题整改",
        kind="feedback",
        start="found",
        states=(
            State("found", "已登记"),
            State("ordered", "责令改正中"),
            State("reported", "待复核"),
            State("rectified", "已改正", final=True),
        ),
        stages=("责令", "整改", "复核"),
        steps=(
            Step(
                "rectification.ordered",
                "责令改正",
                "责令",
                ("found",),
                to="ordered",
                by=SUPERVISORS,
                main=True,
                source=FAULTY,
            ),
            Step(
                "rectification.reported",
                "报告整改情况",
                "整改",
                ("ordered",),
                to="reported",
                by=("officer", "unit-head", "window"),
                main=True,
                source=FAULTY,
            ),
            Step(
                "finding.rechecked",
                "复核",
                "复核",
                ("reported",),
                to="rectified",
                by=SUPERVISORS,
                main=True,
                source=FAULTY,
            ),
            Step(
                "accountability.proposed",
                "提出责任追究建议",
                "复核",
                ("ordered", "reported", "rectified"),
                by=SUPERVISORS,
                once=True,
                source="《陵川县信访局行政执法公示实施办法》第十七条",
            ),
        ),
    )
)

TABLES = {
    "complaint": COMPLAINT,
    "report": COMPLAINT,
    "advice": COMPLAINT,
    "correction": CORRECTION,
}
