"""From what somebody wrote to the answer that he can look up."""

from __future__ import annotations

from mingzheng.core.steps import Procedure, State, Step
from mingzheng.procedures.registry import register_procedure

# Who sees what comes in before a section has it; a report is seen by the head alone until somebody handles it.
SORTERS = ("publisher", "legal-reviewer", "publishing-head", "deputy-head", "head")
HANDLERS = (*SORTERS, "officer", "window", "unit-head")
SOURCE = "国办发〔2018〕118号 二（三）"
CORRECTING = "《政府信息公开条例》第四十一条"

COMPLAINT = register_procedure(Procedure(
    code="feedback-complaint", name="投诉、举报、咨询", kind="feedback", start="received",
    states=(State("received", "待受理"), State("accepted", "办理中"), State("answered", "已答复", final=True),
            State("transferred", "已转交", final=True)),
    stages=("受理", "办理", "答复"), steps=(
        Step("complaint.accepted", "受理、分办", "受理", ("received",), to="accepted", by=SORTERS, main=True, source=SOURCE),
        Step("complaint.transferred", "转交有权机关", "受理", ("received", "accepted"), to="transferred", by=HANDLERS, source=SOURCE),
        Step("complaint.answered", "答复", "答复", ("received", "accepted"), to="answered", by=HANDLERS, main=True, source=SOURCE),
        Step("case.reassigned", "转办（更换承办人）", "办理", ("received", "accepted"), by=("unit-head", "head", "deputy-head")),
    )))

CORRECTION = register_procedure(Procedure(
    code="feedback-correction", name="公示信息更正申请", kind="feedback", start="received",
    states=(State("received", "待核实"), State("verified", "已核实"), State("answered", "已答复"), State("traced", "已办结", final=True)),
    stages=("核实", "答复", "追责"), steps=(
        Step("correction.verified", "核实", "核实", ("received",), to="verified", by=HANDLERS, main=True, source=CORRECTING),
        Step("correction.answered", "答复申请人", "答复", ("verified",), to="answered", by=HANDLERS, main=True, source=CORRECTING),
        Step("cause.traced", "分析原因、倒查责任", "追责", ("answered",), to="traced", by=("unit-head", "head", "deputy-head", "publisher"),
             main=True, source="《陵川县信访局行政执法公示实施办法》第十五条"),
    )))

TABLES = {"complaint": COMPLAINT, "report": COMPLAINT, "advice": COMPLAINT, "correction": CORRECTION}
