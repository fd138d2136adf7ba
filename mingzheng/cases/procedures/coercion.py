"""Administrative coercion (《行政强制法》): measures inside any case, a matter of its own, and
execution.
"""

from __future__ import annotations

from mingzheng.cases.procedures import archiving, evidence, mistakes, people, remedies
from mingzheng.core.steps import Procedure, State, Step, Way
from mingzheng.procedures import publishing
from mingzheng.procedures.publishing import States
from mingzheng.procedures.registry import register_procedure

QZ = "《行政强制法》"


def measures(working: States, kept: States, stage: str, main: bool = False) -> tuple[Step, ...]:
    """Sealing and seizing, from approval to release, and the store.

    `kept` are the states in which things may still be kept; `main` makes them the road itself,
    not a way aside from it.
    """
    seized = ("property.seized",)
    return (
        Step(
            "seizure.approved",
            "查封扣押审批",
            stage,
            working,
            route="property.seized",
            documents=("seizure-approval",),
            main=main,
            source=QZ + "第十八条第一项、第十九条",
        ),
        Step(
            "property.seized",
            "实施查封、扣押",
            stage,
            working,
            main=main,
            documents=("seizure-decision", "seizure-list"),
            recording=True,
            limit="seizure/limit",
            source=QZ + "第十八条、第二十四条",
            after=("seizure.approved",),
        ),
        Step(
            "property.seized",
            "情况紧急，当场查封、扣押",
            stage,
            working,
            of="urgent",
            verb="urgent",
            documents=("seizure-decision", "seizure-list"),
            recording=True,
            limit="seizure/limit",
            source=QZ + "第十九条",
        ),
        Step(
            "urgent.reported",
            "补报紧急查封扣押",
            stage,
            working,
            limit="seizure/urgent-report",
            source=QZ + "第十九条",
            after=("property.seized:urgent",),
        ),
        Step(
            "limit.extended",
            "延长查封扣押期限",
            stage,
            kept,
            of="seizure/limit",
            route="seizure/extension",
            documents=("seizure-extension",),
            source=QZ + "第二十五条第一款、第二款",
            after=seized,
        ),
        Step("property.moved", "移库", stage, kept, source=QZ + "第二十六条", after=seized),
        Step(
            "seizure.handled",
            "处理查封扣押的财物",
            stage,
            kept,
            main=main,
            route="seizure.handled",
            documents=("seizure-handling",),
            source=QZ + "第二十七条",
            after=seized,
        ),
        Step(
            "seizure.lifted",
            "解除查封扣押并退还",
            stage,
            kept,
            documents=("seizure-release",),
            source=QZ + "第二十八条",
            after=seized,
        ),
    )


def execution(served: States) -> tuple[Step, ...]:
    """Carrying a decision out by force, or agreeing on how it is carried out."""
    urged = ("execution.urged",)
    return (
        Step(
            "statement.heard",
            "听取催告后的陈述申辩",
            "执行",
            served,
            of="urging",
            documents=("statement-record",),
            source=QZ + "第三十六条",
            after=urged,
        ),
        Step(
            "statement.waived",
            "登记催告后放弃陈述申辩",
            "执行",
            served,
            of="urging",
            source=QZ + "第三十六条",
            after=urged,
        ),
        Step(
            "execution.agreed",
            "签订执行协议",
            "执行",
            served,
            documents=("execution-agreement",),
            source=QZ + "第四十二条",
            after=urged,
        ),
        Step(
            "coercion.executed",
            "实施行政强制执行",
            "执行",
            served,
            route="coercion.executed",
            documents=("coercion-decision",),
            recording=True,
            source=QZ + "第三十五条至第三十七条、第四十三条",
            after=urged,
        ),
        Step(
            "remedy.expired",
            "登记救济期限届满",
            "执行",
            served,
            once=True,
            source=QZ + "第五十三条",
        ),
    )


COERCION_STATES = (
    State("registered", "待审批"),
    State("working", "办理中"),
    State("closed", "已办结", final=True),
    State("declined", "不予实施", final=True),
)
LIVE = ("registered", "working")
SEIZING = measures(("working",), ("working",), "处理", main=True)

WAYS = (
    Way("可以不采取强制措施", "case.opened", ("case.declined",), instead=True),
    Way(
        "情况紧急，当场实施",
        "seizure.approved",
        ("property.seized:urgent", "urgent.reported"),
        instead=True,
        then="seizure.handled",
    ),
    Way("当事人陈述、申辩", "party.notified:rights", ("statement.heard",)),
    Way(
        "情况复杂，不能按期处理", "seizure.handled", ("limit.extended:seizure/limit",), instead=True
    ),
    Way(
        "需要检测、鉴定",
        "seizure.handled",
        ("testing.commissioned", "testing.reported"),
        instead=True,
    ),
    Way(
        "不再需要查封、扣押", "seizure.handled", ("seizure.lifted",), instead=True, ends="退还财物"
    ),
    *publishing.ways(),
)

COERCION = register_procedure(
    Procedure(
        code="coercion",
        name="行政强制",
        kind="coercion",
        states=COERCION_STATES,
        start="registered",
        ways=WAYS,
        onward={
            "case.opened": "需要采取",
            "seizure.approved": "先审批再实施",
            **publishing.onward(),
        },
        stages=("审批", "现场", "处理", "公示", "归档"),
        steps=(
            Step(
                "case.opened",
                "受理承办",
                "审批",
                ("registered",),
                to="working",
                by=("officer",),
                main=True,
                verb="coercion",
                source=QZ + "第十八条",
            ),
            Step(
                "case.declined",
                "不予实施",
                "审批",
                ("registered",),
                to="declined",
                by=("officer",),
                verb="coercion",
                source=QZ + "第十六条第二款",
            ),
            SEIZING[0],
            Step(
                "officer.identified",
                "出示执法证件",
                "现场",
                ("working",),
                source=QZ + "第十八条第三项",
            ),
            Step(
                "party.notified",
                "告知理由、依据和权利",
                "现场",
                ("working",),
                of="rights",
                documents=("rights-notice",),
                main=True,
                source=QZ + "第十八条第五项",
            ),
            Step(
                "statement.heard",
                "听取陈述申辩",
                "现场",
                ("working",),
                documents=("statement-record",),
                source=QZ + "第十八条第六项",
            ),
            *evidence.recordings(("working",), "现场", exceptions=True),
            *evidence.items(("working",), ("working", "closed"), "现场"),
            Step(
                "evidence.taken",
                "制作现场笔录",
                "现场",
                ("working",),
                of="on-site-record",
                documents=("on-site-record",),
                main=True,
                source=QZ + "第十八条第七项",
            ),
            *SEIZING[1:],
            Step(
                "testing.commissioned",
                "委托检测鉴定",
                "处理",
                ("working",),
                documents=("testing-commission",),
                source=QZ + "第二十五条第三款",
            ),
            Step(
                "testing.reported",
                "收到检测鉴定结果",
                "处理",
                ("working",),
                after=("testing.commissioned",),
                source=QZ + "第二十五条第三款",
            ),
            Step(
                "case.closed",
                "办结",
                "归档",
                ("working",),
                to="closed",
                main=True,
                verb="coercion",
                source=QZ + "第二十七条、第二十八条",
            ),
            Step(
                "address.confirmed",
                "确认送达地址",
                "现场",
                ("working",),
                documents=("address-confirmation",),
                source=QZ + "第三十八条",
            ),
            *remedies.rows(("working", "closed"), stage="处理", at="处理"),
            *people.rows(("working",), LIVE, "审批"),
            *mistakes.rows(("working", "closed"), "归档"),
            *publishing.rows(("working", "closed"), ("working", "closed")),
            *archiving.rows(("closed", "declined")),
        ),
    )
)
