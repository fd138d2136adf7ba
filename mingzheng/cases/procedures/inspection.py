"""Inspection visits (国办发〔2024〕54号; 行政检查文书基本格式), as a table."""

from __future__ import annotations

from mingzheng.cases.procedures import archiving, evidence, mistakes, people
from mingzheng.core.steps import Procedure, State, Step, Way
from mingzheng.procedures import publishing
from mingzheng.procedures.registry import register_procedure

VISIT_STATES = (
    State("planned", "准备检查"),
    State("visiting", "检查中"),
    State("ended", "检查结束"),
    State("concluded", "结果已形成"),
    State("closed", "已办结", final=True),
    State("cancelled", "已取消", final=True),
)
ON_SITE = ("planned", "visiting")
LIVE = ("planned", "visiting", "ended", "concluded")
HANDLED = ("ended", "concluded")
NOTICE54 = "国办发〔2024〕54号"

WAYS = (
    Way(
        "情况紧急，来不及事先审批",
        "visit.approved",
        ("exception.approved",),
        instead=True,
        then="inspection.started",
    ),
    Way(
        "综合查一次，共用通知书",
        "notice.prepared",
        ("notice.joined",),
        instead=True,
        then="inspection.started",
    ),
    Way("因故不检查", "inspection.started", ("visit.cancelled",), instead=True),
    Way("需要询问", "inspection.ended", ("party.questioned",), instead=True),
    Way(
        "发现违法行为，责令改正", "result.formed", ("order.issued", "order.rechecked"), instead=True
    ),
    Way("已经改正", "order.rechecked"),
    Way("应当立案", "order.rechecked", ("matter.followed-up",)),
    Way("不归本机关管", "result.formed", ("matter.transferred:other-agency",), instead=True),
    *publishing.ways("result"),
)

VISIT = register_procedure(
    Procedure(
        code="inspection",
        name="行政检查",
        kind="inspection",
        states=VISIT_STATES,
        start="planned",
        ways=WAYS,
        onward={
            "visit.approved": "事先审批",
            "inspection.started": "按计划检查",
            "result.formed": "没有发现问题",
            **publishing.onward("result"),
        },
        stages=("审批", "通知", "现场", "结果", "处理", "公示", "归档"),
        steps=(
            Step(
                "visit.approved",
                "检查审批",
                "审批",
                ("planned",),
                route="inspection.started",
                once=True,
                main=True,
                documents=("inspection-approval",),
                source=NOTICE54,
            ),
            Step(
                "visit.cancelled", "取消检查", "审批", ("planned",), to="cancelled", source=NOTICE54
            ),
            Step(
                "exception.approved",
                "例外事项报批",
                "审批",
                LIVE,
                route="exception.approved",
                verb="inspection",
                source=NOTICE54,
            ),
            Step(
                "notice.prepared",
                "制作检查通知书",
                "通知",
                ("planned",),
                once=True,
                main=True,
                documents=("inspection-notice",),
                source=NOTICE54,
            ),
            Step(
                "notice.joined",
                "共用牵头机关的检查通知书",
                "通知",
                ("planned",),
                once=True,
                source="国办发〔2024〕54号（综合查一次）",
            ),
            Step(
                "party.notified",
                "送达检查通知书",
                "通知",
                ("planned",),
                of="inspection",
                once=True,
                verb="inspection",
                source="养老机构行政检查办法",
                after=("notice.prepared", "notice.joined"),
            ),
            Step(
                "officer.identified",
                "出示执法证件",
                "现场",
                ON_SITE,
                source="国办发〔2018〕118号 二（三）",
            ),
            Step(
                "inspection.started",
                "到场开始检查",
                "现场",
                ("planned",),
                to="visiting",
                main=True,
                source=NOTICE54,
                after=("visit.approved", "exception.approved:urgent-inspection"),
            ),
            Step(
                "party.notified",
                "告知权利义务",
                "现场",
                ("visiting",),
                of="rights",
                documents=("rights-notice",),
                main=True,
                source="国办发〔2018〕118号 二（三）",
            ),
            Step("visit.scan-excused", "登记未扫码的原因", "现场", ("visiting",), source=NOTICE54),
            *evidence.recordings(LIVE, "现场"),
            Step("checklist.filled", "逐项检查", "现场", ("visiting",), main=True, source=NOTICE54),
            Step(
                "evidence.taken",
                "制作现场检查笔录",
                "现场",
                ("visiting",),
                of="on-site-record",
                documents=("on-site-record",),
                recording=True,
                main=True,
                source="《行政处罚法》第五十五条第二款",
            ),
            *evidence.items(("visiting", "ended"), LIVE, "现场"),
            Step(
                "party.questioned",
                "询问",
                "现场",
                ("visiting", "ended"),
                documents=("inquiry-record",),
                recording=True,
                source="《行政处罚法》第五十五条第二款",
            ),
            Step(
                "inspection.ended",
                "检查结束",
                "结果",
                ("visiting",),
                to="ended",
                main=True,
                recording=True,
                source=NOTICE54,
            ),
            Step(
                "order.issued",
                "责令改正",
                "处理",
                HANDLED,
                documents=("correction-order",),
                source="《行政处罚法》第二十八条第一款",
            ),
            Step(
                "order.rechecked",
                "整改复查",
                "处理",
                HANDLED,
                documents=("recheck-opinion",),
                after=("order.issued",),
                source="《行政处罚法》第二十八条第一款",
            ),
            Step(
                "matter.followed-up",
                "转为立案线索",
                "处理",
                HANDLED,
                source="《行政处罚法》第五十四条第二款",
            ),
            Step(
                "matter.transferred",
                "移送有权机关",
                "处理",
                HANDLED,
                of="other-agency",
                documents=("referral-letter",),
                source="《行政处罚法》第二十七条",
            ),
            Step(
                "result.formed",
                "形成检查结果",
                "结果",
                ("ended",),
                to="concluded",
                main=True,
                documents=("inspection-result",),
                source=NOTICE54,
            ),
            Step(
                "result.changed",
                "更改检查结果",
                "结果",
                ("concluded",),
                documents=("inspection-result",),
                source=NOTICE54,
            ),
            Step(
                "case.closed",
                "办结",
                "归档",
                ("concluded",),
                to="closed",
                main=True,
                verb="inspection",
                source="国办发〔2018〕118号 三（三）",
            ),
            *people.rows(ON_SITE, LIVE, "审批"),
            *publishing.rows(("concluded", "closed"), ("concluded", "closed"), of="result"),
            *mistakes.rows((*LIVE, "closed"), "归档"),
            *archiving.rows(("closed", "cancelled")),
        ),
    )
)
