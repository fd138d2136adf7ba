"""Registration of marriage and divorce as tables (《民法典》婚姻家庭编；《婚姻登记条例》).

No row publishes anything: what is registered here is private by the rules' own list.
"""

from __future__ import annotations

from mingzheng.cases.procedures import archiving, evidence, mistakes, people, remedies
from mingzheng.core.steps import Procedure, State, Step, Way
from mingzheng.procedures.registry import register_procedure

DONE = (
    State("decided", "已作决定"),
    State("served", "已发证、已送达"),
    State("closed", "已办结", final=True),
)
REGISTRATION_STAGES = ("申请", "审查", "登记", "发证送达", "归档")
AFTER = ("decided", "served", "closed")
RULES = "《婚姻登记条例》"


def _rows(working: tuple[str, ...]) -> tuple[Step, ...]:
    """What marriage and divorce have in common, with the states in which each is examined and
    decided.
    """
    live = (*working, "decided", "served")
    return (
        Step(
            "materials.examined",
            "当场审查",
            "审查",
            working,
            main=True,
            documents=("registration-record",),
            source=RULES,
            verb="registration",
        ),
        *evidence.recordings(live, "审查", source=RULES, name="存入声明和合影影像"),
        Step(
            "decision.made",
            "准予登记",
            "登记",
            working,
            of="granted",
            to="decided",
            main=True,
            source=RULES,
            verb="registration-granted",
        ),
        Step(
            "decision.made",
            "不予登记",
            "登记",
            working,
            of="refused",
            to="decided",
            documents=("registration-refusal",),
            source=RULES,
            verb="registration-refused",
        ),
        Step(
            "certificate.issued",
            "发给证书",
            "发证送达",
            ("decided",),
            to="served",
            main=True,
            source=RULES,
            after=("decision.made:granted",),
            verb="registration",
        ),
        Step(
            "decision.served",
            "送达不予登记告知书",
            "发证送达",
            ("decided",),
            to="served",
            documents=("service-receipt",),
            source=RULES,
            after=("decision.made:refused",),
        ),
        Step(
            "case.closed",
            "办结",
            "归档",
            ("served",),
            to="closed",
            main=True,
            source=RULES,
            verb="registration",
        ),
        *remedies.rows(AFTER, stage="发证送达", at="登记"),
        *people.rows(working, live, "审查"),
        *mistakes.rows((*live, "closed"), "归档"),
    )


REFUSED = (
    Way(
        "不符合登记条件",
        "decision.made:granted",
        ("decision.made:refused", "decision.served"),
        instead=True,
        ends="不予登记",
    ),
)
ONWARD = {"decision.made:granted": "符合登记条件"}

REGISTRATION = register_procedure(
    Procedure(
        code="registration",
        name="婚姻登记",
        kind="confirmation",
        states=(State("examining", "当场审查"), *DONE),
        stages=REGISTRATION_STAGES,
        start="examining",
        ways=REFUSED,
        onward=ONWARD,
        steps=(*_rows(("examining",)), *archiving.rows(("closed",))),
    )
)

DIVORCE = register_procedure(
    Procedure(
        code="divorce",
        name="离婚登记",
        kind="confirmation",
        states=(
            State("received", "收到申请"),
            State("cooling", "冷静期、待申请发证"),
            *DONE,
            State("withdrawn", "已撤回、视为撤回", final=True),
        ),
        stages=REGISTRATION_STAGES,
        start="received",
        onward=ONWARD,
        ways=(
            Way(
                "一方撤回申请", "materials.examined", ("application.withdrawn:party",), instead=True
            ),
            Way(
                "期满没有申请发证",
                "materials.examined",
                ("application.withdrawn:silence",),
                instead=True,
            ),
            *REFUSED,
        ),
        steps=(
            Step(
                "application.accepted",
                "出具受理回执",
                "申请",
                ("received",),
                to="cooling",
                main=True,
                documents=("divorce-receipt",),
                source="《民法典》第一千零七十七条第一款",
                verb="divorce",
            ),
            Step(
                "application.withdrawn",
                "登记一方撤回申请",
                "申请",
                ("received", "cooling"),
                to="withdrawn",
                of="party",
                source="《民法典》第一千零七十七条第一款",
            ),
            Step(
                "application.withdrawn",
                "登记视为撤回",
                "申请",
                ("cooling",),
                to="withdrawn",
                of="silence",
                source="《民法典》第一千零七十七条第二款",
            ),
            *_rows(("cooling",)),
            *archiving.rows(("closed", "withdrawn")),
        ),
    )
)
