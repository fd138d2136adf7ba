"""Licences as tables: on application, and taking one away of the agency's own motion (《行政许可法》第四章、第六章)."""

from __future__ import annotations

from mingzheng.cases.procedures import shared
from mingzheng.core.steps import Procedure, State, Step, Way
from mingzheng.procedures import publishing
from mingzheng.procedures.registry import register_procedure

STATES = (
    State("received", "收到申请"),
    State("examining", "审查"),
    State("decided", "已作决定"),
    State("served", "已送达"),
    State("closed", "已办结", final=True),
    State("rejected", "不予受理", final=True),
    State("withdrawn", "已撤回申请", final=True),
)
STAGES = ("申请", "审查", "听证", "审核", "决定", "颁证送达", "公示", "归档")
WORKING = ("examining",)
LIVE = ("received", "examining", "decided", "served")
AFTER = ("decided", "served", "closed")
EITHER = ("handler", "window")
XK = "《行政许可法》"

REVIEW = (
    Step("self-check.done", "合法性自查", "审核", WORKING, documents=("self-check-opinion",), after=("draft.made",)),
    Step("review.submitted", "提交法制审核", "审核", WORKING, unit="review-unit", documents=("review-submission",),
         source="国办发〔2018〕118号 四", after=("draft.made",)),
    Step("review.passed", "法制审核通过", "审核", WORKING, by=("legal-reviewer",), unit="review-unit",
         documents=("review-opinion",), source="国办发〔2018〕118号 四", after=("review.submitted",)),
    Step("review.returned", "法制审核退回补正", "审核", WORKING, by=("legal-reviewer",), unit="review-unit",
         source="国办发〔2018〕118号 四", after=("review.submitted",)),
    Step("review.refused", "法制审核不通过", "审核", WORKING, by=("legal-reviewer",), unit="review-unit",
         documents=("review-opinion",), source="国办发〔2018〕118号 四", after=("review.submitted",)),
)
HEARD = (
    Step("statement.heard", "听取陈述申辩", "听证", WORKING, documents=("statement-record",), source=XK + "第七条、第三十六条"),
    Step("statement.waived", "登记放弃陈述申辩", "听证", WORKING, source=XK + "第七条"),
)


def reviewed(at: str) -> tuple[Way, ...]:
    """Legal review where the decision is a major one, before the step `at`."""
    return (Way("重大决定，先法制审核", at, ("self-check.done", "review.submitted"), instead=True),
            Way("通过", "review.submitted", ("review.passed",)), Way("退回补正", "review.submitted", ("review.returned",), then="review.submitted"),
            Way("不通过", "review.submitted", ("review.refused",), then="draft.made"))


RIGHT = "party.notified:hearing-right"
WAYS = (
    Way("材料不齐全或者不符合法定形式", "application.accepted", ("materials.requested", "materials.completed"), instead=True),
    Way("依法不受理", "application.accepted", ("application.refused",), instead=True),
    Way("申请人撤回", "site.examined", ("application.withdrawn:applicant",), instead=True),
    Way("需要专家评审", "site.examined", ("testing.commissioned:expert-review", "testing.reported:expert-review")),
    Way("需要检验、检测、鉴定", "site.examined", ("testing.commissioned:testing", "testing.reported:testing")),
    Way("直接关系他人重大利益", "draft.made", ("party.added:interested", "party.notified:interested", "statement.heard"), instead=True),
    Way("依法应当告知听证权利", "draft.made", (RIGHT,)),
    Way("要求听证", RIGHT, ("hearing.requested", "party.notified:hearing", "hearing.held", "hearing.reported")),
    Way("放弃听证", RIGHT, ("hearing.waived",)), Way("期满没有要求", RIGHT),
    *reviewed("decision.made:granted"),
    Way("不能按期作出决定", "decision.made:granted", ("limit.extended:licence/limit", "party.told-of-extension"), instead=True),
    Way("不符合法定条件", "decision.made:granted", ("decision.made:refused",), instead=True, then="decision.served"),
    Way("延续申请逾期没有决定", "decision.made:granted", ("decision.made:deemed",), instead=True, then="certificate.issued"),
    *publishing.ways(),
)
ENDED = (
    Way("当事人陈述、申辩", "party.notified:revocation", ("statement.heard",)),
    *reviewed("decision.made:revoked"),
    Way("准予时的依据或者情况变了", "decision.made:revoked", ("decision.made:withdrawn",), instead=True),
    Way("有应当注销的情形", "decision.made:revoked", ("decision.made:cancelled",), instead=True),
    *publishing.ways(),
)


def _to_the_end(live: tuple[str, ...]) -> tuple[Step, ...]:
    """Service, completion, people, publication: the same for every decision about a licence."""
    return (
        Step("decision.served", "送达决定书", "颁证送达", ("decided",), to="served", limit="decision/service",
             documents=("service-receipt",), recording=True, main=True, source=XK + "第四十四条"),
        Step("public-notice.given", "公告", "颁证送达", ("decided",), documents=("public-notice",), source="《民事诉讼法》第九十五条"),
        Step("case.closed", "办结", "归档", ("served",), to="closed", documents=("completion-record",), main=True, verb="licence"),
        Step("officer.identified", "出示执法证件", "审查", live, source="国办发〔2018〕118号 二（三）"),
        *shared.recordings(live, "审查"),
        Step("address.confirmed", "确认送达地址", "颁证送达", live, documents=("address-confirmation",)),
        *shared.outcomes(AFTER, stage="颁证送达", at="决定"),
        *shared.people(WORKING, live, "审查"),
        *shared.mistakes((*live, "closed"), "归档"),
        *publishing.rows(AFTER, AFTER),
        *publishing.reported(AFTER),
    )


LICENCE = register_procedure(Procedure(
    code="licence", name="行政许可", kind="licence", states=STATES, stages=STAGES, start="received", draft="licence-decision", ways=WAYS,
    onward={"application.accepted": "材料齐全、符合法定形式", "site.examined": "继续办理",
            "decision.made:granted": "符合法定条件", **publishing.onward()}, steps=(
        Step("materials.requested", "一次告知补正", "申请", ("received",), by=EITHER, limit="licence/acceptance",
             documents=("materials-notice",), source=XK + "第三十二条第一款第四项", verb="licence"),
        Step("materials.completed", "登记补正材料", "申请", ("received",), by=EITHER, source=XK + "第三十二条第一款第五项",
             after=("materials.requested",), verb="licence"),
        Step("application.refused", "不予受理", "申请", ("received",), to="rejected", by=EITHER,
             documents=("non-acceptance-notice",), source=XK + "第三十二条", verb="licence"),
        Step("application.accepted", "受理", "申请", ("received",), to="examining", by=EITHER, limit="licence/acceptance",
             documents=("acceptance-notice",), main=True, source=XK + "第三十二条", verb="licence"),
        Step("application.withdrawn", "登记撤回申请", "申请", ("received", "examining"), to="withdrawn", by=EITHER, of="applicant",
             source=XK + "第二十九条"),
        Step("site.examined", "实地核查", "审查", WORKING, documents=("licence-check-record",), recording=True, main=True,
             source=XK + "第三十四条第三款", verb="licence"),
        Step("testing.commissioned", "组织专家评审", "审查", WORKING, of="expert-review", documents=("excluded-time-notice",),
             source=XK + "第四十五条"),
        Step("testing.reported", "登记专家评审意见", "审查", WORKING, of="expert-review",
             after=("testing.commissioned:expert-review",), source=XK + "第四十五条"),
        Step("testing.commissioned", "委托检验检测鉴定", "审查", WORKING, of="testing", documents=("excluded-time-notice",),
             source=XK + "第四十五条"),
        Step("testing.reported", "登记检验检测鉴定结果", "审查", WORKING, of="testing", after=("testing.commissioned:testing",),
             source=XK + "第四十五条"),
        Step("party.added", "登记利害关系人", "听证", WORKING, of="interested", source=XK + "第三十六条"),
        Step("party.notified", "告知利害关系人", "听证", WORKING, of="interested", documents=("interested-notice",),
             source=XK + "第三十六条", after=("party.added:interested",)),
        *HEARD,
        Step("draft.made", "拟定审查意见", "审查", WORKING, main=True, source=XK + "第三十七条", once=True, verb="licence"),
        Step("draft.amended", "修改审查意见", "审查", WORKING, source=XK + "第三十七条", after=("draft.made",), verb="licence"),
        Step("party.notified", "告知听证权利", "听证", WORKING, of="hearing-right", documents=("licence-hearing-right-notice",),
             source=XK + "第四十七条第一款", after=("draft.made",), verb="licence-hearing-right"),
        Step("hearing.requested", "登记听证申请", "听证", WORKING, limit="hearing/request", source=XK + "第四十七条第一款",
             after=("party.notified:hearing-right",)),
        Step("hearing.waived", "登记放弃听证", "听证", WORKING, source=XK + "第四十七条", after=("party.notified:hearing-right",)),
        Step("party.notified", "听证通知", "听证", WORKING, of="hearing", documents=("licence-hearing-notice",),
             limit="hearing/notice", source=XK + "第四十八条第一款第一项", after=("hearing.requested",), verb="licence-hearing"),
        Step("hearing.held", "举行听证", "听证", WORKING, by=("hearing-host", "legal-reviewer"), documents=("hearing-record",),
             recording=True, limit="hearing/hold", source=XK + "第四十八条", after=("hearing.requested",)),
        Step("hearing.reported", "提交听证报告", "听证", WORKING, by=("hearing-host", "legal-reviewer"),
             documents=("hearing-report",), source=XK + "第四十八条第二款", after=("hearing.held",), once=True),
        *REVIEW,
        Step("limit.extended", "延长办理期限", "决定", WORKING, of="licence/limit", route="licence/extension",
             documents=("licence-extension-notice",), source=XK + "第四十二条", verb="licence"),
        Step("party.told-of-extension", "告知延长的理由", "决定", ("examining", "decided"), limit="licence/extension-told",
             source=XK + "第四十二条第一款", after=("limit.extended:licence/limit",)),
        Step("decision.made", "准予许可", "决定", WORKING, of="granted", to="decided", route="decision.made", limit="licence/limit",
             documents=("licence-decision",), main=True, source=XK + "第三十八条第一款", after=("draft.made",), verb="licence-granted"),
        Step("decision.made", "不予许可", "决定", WORKING, of="refused", to="decided", route="decision.made",
             documents=("refusal-decision",), source=XK + "第三十八条第二款", after=("draft.made",), verb="licence-refused"),
        Step("decision.made", "登记视为准予延续", "决定", WORKING, of="deemed", to="served", documents=("deemed-renewal-note",),
             source=XK + "第五十条第二款", after=("application.received:renewal",), verb="licence-deemed"),
        Step("certificate.issued", "颁发证件", "颁证送达", ("decided", "served"), limit="licence/certificate",
             documents=("licence-certificate",), main=True, source=XK + "第四十四条", once=True,
             after=("decision.made:granted", "decision.made:deemed"), verb="licence"),
        *_to_the_end(LIVE),
        *shared.archiving(("closed", "rejected", "withdrawn")),
    )))

LICENCE_END = register_procedure(Procedure(
    code="licence-end", name="撤销、撤回、注销许可", kind="licence", states=(
        State("examining", "调查"), *(row for row in STATES if row.code in AFTER)),
    stages=STAGES, start="examining", draft="licence-ending", ways=ENDED,
    onward={"decision.made:revoked": "应当撤销", **publishing.onward()}, steps=(
        Step("site.examined", "实地核查", "审查", WORKING, documents=("licence-check-record",), recording=True,
             source=XK + "第三十四条第三款、第六十九条", verb="licence"),
        Step("draft.made", "拟定处理意见", "审查", WORKING, main=True, source=XK + "第六十九条、第七十条", once=True, verb="licence-end"),
        Step("draft.amended", "修改处理意见", "审查", WORKING, source=XK + "第六十九条、第七十条", after=("draft.made",),
             verb="licence-end"),
        Step("party.notified", "拟撤销、撤回告知", "听证", WORKING, of="revocation", documents=("licence-ending-notice",), main=True,
             source=XK + "第七条", after=("draft.made",)),
        *HEARD,
        *REVIEW,
        Step("decision.made", "撤销许可", "决定", WORKING, of="revoked", to="decided", route="decision.made", main=True,
             documents=("licence-revocation-decision",), source=XK + "第六十九条", after=("source.registered:revocation",), verb="licence-revoked"),
        Step("decision.made", "撤回许可", "决定", WORKING, of="withdrawn", to="decided", route="decision.made",
             documents=("licence-withdrawal-decision",), source=XK + "第八条第二款", after=("source.registered:withdrawal",),
             verb="licence-withdrawn"),
        Step("decision.made", "注销许可", "决定", WORKING, of="cancelled", to="decided", route="decision.made",
             documents=("licence-cancellation-decision",), source=XK + "第七十条", after=("source.registered:cancellation",),
             verb="licence-cancelled"),
        *_to_the_end(LIVE[1:]),
        *shared.archiving(("closed",)),
    )))
