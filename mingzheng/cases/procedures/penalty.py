"""Ordinary and summary penalty procedure (《行政处罚法》第五章), as tables.

Which step must come before which is not said here: that is what the gates of
the rule packs are for. The tables say where a step may start, where it leads,
who takes it, who approves it and which papers it leaves.
"""

from __future__ import annotations

from mingzheng.cases.procedures import shared
from mingzheng.core.steps import Procedure, State, Step
from mingzheng.procedures.registry import register_procedure

STATES = (
    State("registered", "线索待处理"),
    State("investigating", "调查取证"),
    State("deciding", "审理"),
    State("decided", "已作决定"),
    State("served", "已送达"),
    State("executed", "已执行"),
    State("closed", "已结案", final=True),
    State("declined", "不予立案", final=True),
    State("transferred", "已移送", final=True),
)
STAGES = ("立案", "调查", "告知", "审核", "决定", "送达", "执行", "公示", "归档")
WORKING = ("investigating", "deciding")
LIVE = ("investigating", "deciding", "decided", "served", "executed")
AFTER = ("served", "executed", "closed")

COMMON = (
    Step("officer.identified", "出示执法证件", "调查", LIVE, source="《行政处罚法》第五十五条第一款"),
    Step("party.notified", "告知权利义务", "调查", WORKING, of="rights", documents=("rights-notice",),
         source="《行政处罚法》第四十四条、第四十五条"),
    Step("statement.heard", "听取陈述申辩", "告知", WORKING, documents=("statement-record",),
         source="《行政处罚法》第四十五条", after=("party.notified:penalty",)),
    Step("statement.waived", "登记放弃陈述申辩", "告知", WORKING, source="《行政处罚法》第四十五条、第六十二条", after=("party.notified:penalty",)),
    Step("payment.received", "登记缴款", "执行", ("decided", "served", "executed"),
         source="《行政处罚法》第六十七条至第七十一条"),
    Step("decision.executed", "登记执行完毕", "执行", ("served",), to="executed", main=True,
         source="《行政处罚法》第六十六条"),
    Step("case.closed", "结案", "归档", ("served", "executed"), to="closed", route="case.closed",
         documents=("closing-approval",), main=True),
    *shared.outcomes(AFTER, stage="执行", at="决定"),
    Step("recording.taken", "存入音像记录", "调查", LIVE, source="《行政处罚法》第四十七条"),
    *shared.people(WORKING, LIVE, "调查", source="《行政处罚法》第四十三条"),
    Step("address.confirmed", "确认送达地址", "送达", LIVE, documents=("address-confirmation",),
         source="《行政处罚法》第六十一条第二款"),
    *shared.publishing(("decided", *AFTER), AFTER, source="《行政处罚法》第四十八条"),
    *shared.archiving(("closed", "declined", "transferred")),
)

ORDINARY = register_procedure(Procedure(
    code="penalty-ordinary", name="行政处罚普通程序", kind="penalty", states=STATES, stages=STAGES,
    start="registered", draft="penalty-decision", steps=(
        Step("case.opened", "立案", "立案", ("registered",), to="investigating", by=("officer",),
             route="case.opened", limit="case/opening", documents=("filing-approval",), main=True,
             source="《行政处罚法》第五十四条第二款"),
        Step("case.declined", "不予立案", "立案", ("registered",), to="declined", by=("officer",),
             route="case.opened", documents=("declining-approval",)),
        Step("party.questioned", "询问", "调查", WORKING, documents=("inquiry-record",), recording=True,
             source="《行政处罚法》第五十五条第二款"),
        Step("evidence.taken", "现场检查（勘验）", "调查", WORKING, of="on-site-record",
             documents=("on-site-record",), recording=True, source="《行政处罚法》第五十五条第二款"),
        Step("evidence.taken", "调取书证物证", "调查", WORKING, of="documentary", documents=("evidence-list",),
             source="《行政处罚法》第四十六条"),
        Step("evidence.taken", "抽样取证", "调查", WORKING, of="sample", documents=("sampling-receipt",),
             recording=True, source="《行政处罚法》第五十六条"),
        Step("evidence.preserved", "先行登记保存", "调查", WORKING, route="evidence.preserved",
             documents=("preservation-notice", "preservation-list"), recording=True,
             source="《行政处罚法》第五十六条"),
        Step("preservation.handled", "处理登记保存的证据", "调查", WORKING, limit="preservation/limit",
             documents=("preservation-decision",), source="《行政处罚法》第五十六条", after=("evidence.preserved",)),
        Step("testing.commissioned", "委托检测鉴定", "调查", WORKING, documents=("testing-commission",)),
        Step("testing.reported", "收到检测鉴定结果", "调查", WORKING, after=("testing.commissioned",)),
        Step("order.issued", "责令改正", "调查", WORKING, documents=("correction-order",),
             source="《行政处罚法》第二十八条第一款"),
        Step("order.rechecked", "整改复查", "调查", LIVE, documents=("recheck-opinion",), after=("order.issued",)),
        Step("limit.extended", "延长办案期限", "决定", WORKING, of="decision/limit", route="limit.extended",
             documents=("extension-approval",), source="《行政处罚法》第六十条"),
        Step("period.suspended", "中止办理", "决定", WORKING, route="period.suspended",
             documents=("suspension-notice",), once=True),
        Step("period.resumed", "恢复办理", "决定", WORKING, after=("period.suspended",)),
        Step("investigation.ended", "调查终结", "调查", ("investigating",), to="deciding", main=True,
             documents=("investigation-report",), source="《行政处罚法》第五十七条"),
        Step("draft.made", "拟定处理意见", "告知", ("deciding",), main=True, source="《行政处罚法》第五十七条", once=True),
        Step("draft.amended", "修改处理意见", "告知", ("deciding",), source="《行政处罚法》第五十七条", after=("draft.made",)),
        Step("self-check.done", "合法性自查", "审核", ("deciding",), documents=("self-check-opinion",), after=("draft.made",)),
        Step("party.notified", "处罚事先告知", "告知", ("deciding",), of="penalty", main=True,
             documents=("penalty-notice",), source="《行政处罚法》第四十四条", after=("draft.made",)),
        Step("party.notified", "听证权利告知", "告知", ("deciding",), of="hearing-right",
             documents=("hearing-right-notice",), source="《行政处罚法》第六十三条", after=("draft.made",)),
        Step("hearing.requested", "登记听证申请", "告知", ("deciding",), source="《行政处罚法》第六十四条第一项",
             after=("party.notified:hearing-right",)),
        Step("hearing.waived", "登记放弃听证", "告知", ("deciding",), source="《行政处罚法》第六十四条", after=("party.notified:hearing-right",)),
        Step("party.notified", "听证通知", "告知", ("deciding",), of="hearing", documents=("hearing-notice",),
             source="《行政处罚法》第六十四条第二项", after=("hearing.requested",)),
        Step("hearing.held", "举行听证", "告知", ("deciding",), by=("hearing-host", "legal-reviewer"), documents=("hearing-record",), recording=True,
             source="《行政处罚法》第六十四条", after=("hearing.requested",)),
        Step("hearing.reported", "提交听证报告", "告知", ("deciding",), by=("hearing-host", "legal-reviewer"),
             documents=("hearing-report",), source="《行政处罚法》第六十五条", after=("hearing.held",), once=True),
        Step("review.submitted", "提交法制审核", "审核", ("deciding",), main=True, unit="review-unit",
             documents=("review-submission",), source="《行政处罚法》第五十八条", after=("draft.made",)),
        Step("review.passed", "法制审核通过", "审核", ("deciding",), by=("legal-reviewer",), unit="review-unit", main=True,
             documents=("review-opinion",), source="《行政处罚法》第五十八条", after=("review.submitted",)),
        Step("review.returned", "法制审核退回补正", "审核", ("deciding",), by=("legal-reviewer",),
             unit="review-unit", source="《行政处罚法》第五十八条", after=("review.submitted",)),
        Step("review.refused", "法制审核不通过", "审核", ("deciding",), by=("legal-reviewer",),
             unit="review-unit", documents=("review-opinion",), source="《行政处罚法》第五十八条", after=("review.submitted",)),
        Step("discussion.held", "负责人集体讨论", "决定", ("deciding",), by=("handler", "head", "deputy-head"),
             documents=("discussion-record",), source="《行政处罚法》第五十七条第二款", after=("draft.made",)),
        Step("decision.made", "作出处罚决定", "决定", ("deciding",), of="penalty", to="decided",
             route="decision.made", limit="decision/limit", documents=("penalty-decision",), main=True,
             source="《行政处罚法》第五十七条、第五十九条", after=("draft.made",)),
        Step("decision.made", "决定不予处罚", "决定", ("deciding",), of="no-penalty", to="decided",
             route="decision.made", documents=("no-penalty-decision",), source="《行政处罚法》第五十七条", after=("draft.made",)),
        Step("matter.transferred", "移送涉嫌犯罪案件", "决定", WORKING, to="transferred", route="transfer",
             documents=("transfer-letter",), source="《行政处罚法》第二十七条、第五十七条"),
        Step("public-notice.given", "公告", "送达", ("decided",), documents=("public-notice",),
             source="《民事诉讼法》第九十五条"),
        Step("decision.served", "送达决定书", "送达", ("decided",), to="served", limit="decision/service",
             documents=("service-receipt",), recording=True, main=True, source="《行政处罚法》第六十一条"),
        Step("payment.deferred", "延期、分期缴纳", "执行", ("served",), route="payment.deferred",
             documents=("deferral-approval",), source="《行政处罚法》第六十六条第二款"),
        Step("execution.urged", "催告", "执行", ("served",), documents=("urging-letter",),
             source="《行政强制法》第五十四条"),
        Step("additional-fine.decided", "加处罚款", "执行", ("served",), documents=("additional-fine-decision",),
             source="《行政处罚法》第七十二条", after=("execution.urged",)),
        Step("court.applied", "申请法院强制执行", "执行", ("served",), documents=("court-application",),
             source="《行政强制法》第五十三条、第五十四条", after=("execution.urged",)),
        *COMMON,
    )))

SUMMARY = register_procedure(Procedure(
    code="penalty-summary", name="行政处罚简易程序", kind="penalty", states=STATES, stages=STAGES,
    start="investigating", steps=(
        Step("party.notified", "当场告知", "告知", ("investigating",), of="penalty", main=True, verb="on-the-spot",
             source="《行政处罚法》第四十四条、第五十一条"),
        Step("decision.made", "当场作出处罚决定", "决定", ("investigating",), of="penalty", to="decided", main=True,
             verb="on-the-spot",
             documents=("on-the-spot-decision",), source="《行政处罚法》第五十一条、第五十二条"),
        Step("decision.served", "当场交付决定书", "送达", ("decided",), to="served", main=True, verb="on-the-spot",
             limit="decision/service", documents=("service-receipt",), source="《行政处罚法》第五十二条"),
        Step("decision.filed", "报所属机关备案", "决定", ("decided", "served", "executed"),
             source="《行政处罚法》第五十二条第三款", once=True),
        *COMMON,
    )))
