"""Levies, payments, rewards, rulings: one plain table, on application or of the agency's own
motion.

Which of them an agency does, with which materials, in what time, public or not, is said by its
list of items.
"""

from __future__ import annotations

from mingzheng.cases.procedures import archiving, evidence, mistakes, people, remedies
from mingzheng.cases.procedures.licence import REVIEW, reviewed
from mingzheng.core.steps import Procedure, State, Step, Way
from mingzheng.procedures import publishing
from mingzheng.procedures.registry import register_procedure

OTHER_STATES = (
    State("received", "收到申请"),
    State("examining", "审查"),
    State("decided", "已作决定"),
    State("served", "已送达"),
    State("executed", "已执行"),
    State("closed", "已办结", final=True),
    State("withdrawn", "已撤回申请", final=True),
)
OTHER_STAGES = ("申请", "审查", "听证", "审核", "决定", "颁证送达", "公示", "归档")
WORKING = ("examining",)
LIVE = ("examining", "decided", "served", "executed")
AFTER = ("decided", "served", "executed", "closed")
ITEMS = "本机关行政执法事项清单"

OTHER_STEPS = (
    Step("officer.identified", "出示执法证件", "审查", LIVE, source="国办发〔2018〕118号 二（三）"),
    *evidence.items(WORKING, LIVE, "审查", source=ITEMS),
    Step(
        "statement.heard",
        "听取陈述申辩",
        "审查",
        WORKING,
        documents=("statement-record",),
        source="国办发〔2018〕118号 二（三）",
    ),
    Step(
        "statement.waived",
        "登记放弃陈述申辩",
        "审查",
        WORKING,
        source="国办发〔2018〕118号 二（三）",
    ),
    Step(
        "draft.made",
        "拟定处理意见",
        "审查",
        WORKING,
        main=True,
        source=ITEMS,
        once=True,
        verb="other",
    ),
    Step(
        "draft.amended",
        "修改处理意见",
        "审查",
        WORKING,
        source=ITEMS,
        after=("draft.made",),
        verb="other",
    ),
    *REVIEW,
    Step(
        "decision.made",
        "作出决定",
        "决定",
        WORKING,
        of="granted",
        to="decided",
        route="decision.made",
        limit="other/limit",
        documents=("other-decision",),
        main=True,
        source=ITEMS,
        after=("draft.made",),
        verb="other",
    ),
    Step(
        "decision.made",
        "决定不予办理",
        "决定",
        WORKING,
        of="refused",
        to="decided",
        route="decision.made",
        documents=("other-decision",),
        source=ITEMS,
        after=("draft.made",),
        verb="other-refused",
    ),
    Step(
        "decision.served",
        "送达决定书",
        "颁证送达",
        ("decided",),
        to="served",
        documents=("service-receipt",),
        recording=True,
        main=True,
        source=ITEMS,
    ),
    Step(
        "decision.executed",
        "登记征缴、给付、发放完毕",
        "颁证送达",
        ("served",),
        to="executed",
        main=True,
        source=ITEMS,
        verb="other",
    ),
    Step(
        "case.closed",
        "办结",
        "归档",
        ("served", "executed"),
        to="closed",
        main=True,
        source=ITEMS,
        verb="other",
    ),
    *evidence.recordings(LIVE, "审查"),
    *remedies.rows(AFTER, stage="颁证送达", at="决定"),
    *people.rows(WORKING, LIVE, "审查"),
    *mistakes.rows((*LIVE, "closed"), "归档"),
    *publishing.rows(AFTER, AFTER),
)

WAYS = (
    Way("当事人陈述、申辩", "draft.made", ("statement.heard",)),
    *reviewed("decision.made:granted"),
    Way("不符合条件", "decision.made:granted", ("decision.made:refused",), instead=True),
    *publishing.ways(),
)
ONWARD = {"decision.made:granted": "符合条件", **publishing.onward()}

OTHER_APPLIED = register_procedure(
    Procedure(
        code="other-application",
        name="其他行政行为（依申请）",
        kind="other",
        states=OTHER_STATES,
        stages=OTHER_STAGES,
        start="received",
        draft="other-decision",
        onward=ONWARD,
        ways=(
            Way("材料要补", "application.accepted", ("materials.completed",), instead=True),
            Way("申请人撤回", "draft.made", ("application.withdrawn:applicant",), instead=True),
            *WAYS,
        ),
        steps=(
            Step(
                "materials.completed",
                "登记补交的材料",
                "申请",
                ("received",),
                by=("handler", "window"),
                source=ITEMS,
                verb="licence",
            ),
            Step(
                "application.accepted",
                "受理",
                "申请",
                ("received",),
                to="examining",
                by=("handler", "window"),
                main=True,
                source=ITEMS,
                limit="other/limit",
                verb="other",
            ),
            Step(
                "application.withdrawn",
                "登记撤回申请",
                "申请",
                ("received", "examining"),
                to="withdrawn",
                of="applicant",
                source=ITEMS,
            ),
            *OTHER_STEPS,
            *archiving.rows(("closed", "withdrawn")),
        ),
    )
)

OTHER_OWN = register_procedure(
    Procedure(
        code="other-motion",
        name="其他行政行为（依职权）",
        kind="other",
        states=tuple(
            state for state in OTHER_STATES if state.code not in ("received", "withdrawn")
        ),
        stages=OTHER_STAGES,
        start="examining",
        draft="other-decision",
        onward=ONWARD,
        ways=WAYS,
        steps=(*OTHER_STEPS, *archiving.rows(("closed",))),
    )
)
