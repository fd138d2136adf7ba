"""Papers of coercion: approval, decision with its list, extension, handling, release, execution."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.signatures import officer_signs, party_sign
from mingzheng.cases.documents.wording import item_line, long_date, moment, yuan
from mingzheng.cases.models import Property, Seizure
from mingzheng.procedures.forms import fen, lines
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act

HEAD = ["序号", "名称", "规格型号", "数量", "备注"]
LAW = "《中华人民共和国行政强制法》"


def _rows(text: str) -> list[list[str]]:
    return [item_line(index, line) for index, line in enumerate(lines(text), 1)]


def _things(things: Sequence[Property]) -> dict[str, Any]:
    return {
        "head": ["序号", "编号", "名称", "规格型号", "数量"],
        "rows": [
            [str(index), row.number, row.name, row.specification, row.quantity]
            for index, row in enumerate(things, 1)
        ],
    }


@paper("seizure-approval", "行政强制措施审批表", "强审", source="《行政强制法》第十八条")
def seizure_approval(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第十八条第一项: what is to be sealed or seized, on what basis, who agreed."""
    data = context.data
    return {
        **base(context),
        "fields": [
            ["事由", context.record.case.cause],
            *party_fields(party_of(context)),
            ["拟采取的措施", Seizure.WAYS[data["way"]]],
            ["涉案场所、设施、财物", data["things"]],
            ["依据", data["basis"]],
            ["理由", data["reason"]],
        ],
        "opinions": opinions(context, data["reason"]),
        "elements": {},
    }


@paper(
    "seizure-decision",
    "查封（扣押）决定书",
    "强",
    "letter",
    sealed=True,
    public=True,
    source="《行政强制法》第二十四条",
)
def seizure_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第二十四条第二款: party, reasons, basis and time, things, remedies."""
    data, party, agency = context.data, party_of(context), context.agency
    way, until = Seizure.WAYS[data["way"]], Seizure.objects.get(act=act).until
    period = (
        f"期限自{long_date(act.happened_at)}起至{long_date(until)}止" if until else "期限依法计算"
    )
    reasons = f"理由：{data['reason'].rstrip('。')}。依据{data['basis']}，决定予以{way}，{period}"
    remedy = remedies_of(context)
    said = {
        "party": party_text(party),
        "reasons": reasons,
        "items": data["things"],
        "remedies": remedy,
        "agency-and-date": f"{agency.name}，日期以签发日为准",
    }
    return {
        **base(context),
        "to": party.name,
        "lead": [
            f"你（单位）涉及“{context.record.case.cause}”一事。{reasons}。",
            (
                f"{way}的场所、设施、财物见下列清单，存放（查封）于{data['kept_at']}。"
                f"{way}期间，不得使用、损毁或者擅自转移。"
            ),
            "情况复杂需要延长的，另行书面告知；检测、检验、鉴定的期间不计算在内，另行书面告知。",
            *([remedy] if remedy else []),
        ],
        "table": {"head": HEAD, "rows": _rows(data["things"])},
        "remedy": remedy,
        "signs": [*officer_signs(context.officers), *party_sign(data)],
        "elements": said,
        "public": {
            "title": f"对{party.name}{context.record.case.cause}的{way}决定",
            "facts": data["reason"],
            "basis": data["basis"],
            "decision": f"{way}：{'；'.join(lines(data['things']))}。{period}。",
        },
    }


@paper(
    "seizure-list", "查封（扣押）财物清单", "强清", "list", source="《行政强制法》第二十四条第三款"
)
def seizure_list(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第二十四条第三款: two copies, one for the party."""
    data = context.data
    present = (
        "当事人到场"
        if data["present"] == "yes"
        else f"当事人没有到场，见证人：{data.get('witness', '')}"
    )
    return {
        **base(context),
        "fields": [
            ["当事人", party_of(context).name],
            ["地点", data["place"]],
            ["存放（查封）位置", data["kept_at"]],
            ["到场情况", present],
            ["时间", moment(act.happened_at)],
            ["份数", "一式二份，由当事人和行政机关分别保存"],
        ],
        "table": {"head": HEAD, "rows": _rows(data["things"])},
        "signs": [*officer_signs(context.officers), *party_sign(data)],
        "elements": {},
    }


@paper(
    "seizure-extension",
    "延长查封（扣押）期限决定书",
    "强延",
    "letter",
    sealed=True,
    source="《行政强制法》第二十五条",
)
def seizure_extension(context: StepContext, act: Act, until: date | None) -> dict[str, Any]:
    """《行政强制法》第二十五条第二款: until when, and why."""
    data = context.data
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"因{data['reason'].rstrip('。')}，依照{LAW}第二十五条的规定，经本机关负责人批准，"
                f"决定将查封（扣押）期限延长{data['days']}日，至{long_date(until)}止。"
            ),
            remedies_of(context),
        ],
        "elements": {},
    }


@paper(
    "seizure-handling",
    "查封（扣押）财物处理决定书",
    "强处",
    "letter",
    sealed=True,
    source="《行政强制法》第二十七条",
)
def seizure_handling(context: StepContext, act: Act, things: Sequence[Property]) -> dict[str, Any]:
    """《行政强制法》第二十七条: what becomes of the things."""
    data = context.data
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"本机关对查封（扣押）的下列财物，依据{data['basis']}，"
                f"决定予以{Property.STATES[data['how']].removeprefix('已')}。{data['note']}"
            ),
            f"接收（承办）单位：{data['receiver']}。监督人员：{data['witnesses'] or '无'}。",
            remedies_of(context),
        ],
        "table": _things(things),
        "elements": {},
    }


@paper(
    "seizure-release",
    "解除查封（扣押）决定书",
    "强解",
    "letter",
    sealed=True,
    source="《行政强制法》第二十八条",
)
def seizure_release(context: StepContext, act: Act, things: Sequence[Property]) -> dict[str, Any]:
    """《行政强制法》第二十八条: lifted, the things given back to whom."""
    data = context.data
    ground = context.form.choices["ground"][data["ground"]]
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"因{ground}，依照{LAW}第二十八条的规定，"
                f"自{long_date(act.happened_at)}起解除查封（扣押），下列财物退还你（单位）。"
            ),
            f"领取人：{data['receiver']}。",
        ],
        "table": _things(things),
        "signs": [*officer_signs(context.officers), *party_sign(data, "领取人")],
        "elements": {},
    }


@paper(
    "execution-agreement",
    "行政强制执行协议",
    "强协",
    "letter",
    sealed=True,
    source="《行政强制法》第四十二条",
)
def execution_agreement(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第四十二条: what was agreed, and that failing it execution goes on."""
    data = context.data
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            (
                f"依照{LAW}第四十二条的规定，"
                f"本机关与你（单位）就“{context.record.case.cause}”一案的履行达成如下协议："
            ),
            data["text"],
            f"履行期限至{long_date(data['until'])}。不履行本协议的，本机关恢复强制执行。",
        ],
        "signs": [{"label": "当事人", "name": ""}],
        "elements": {},
    }


@paper(
    "coercion-decision",
    "行政强制执行决定书",
    "强执",
    "letter",
    sealed=True,
    source="《行政强制法》第三十七条",
)
def coercion_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第三十七条: reasons, basis, manner and time, remedies."""
    data, party = context.data, party_of(context)
    manner = context.form.choices["manner"][data["manner"]]
    money = f"，标的金额{yuan(fen(data['amount']))}" if data.get("amount") else ""
    remedy = remedies_of(context)
    return {
        **base(context),
        "to": party.name,
        "lead": [
            (
                f"你（单位）经催告仍不履行本机关就“{context.record.case.cause}”作出的决定，"
                f"又无正当理由。依据{data['basis']}和{LAW}第三十七条的规定，"
                f"决定自{long_date(data['on'])}起实施强制执行，方式为{manner}{money}。"
            ),
            data["text"],
            remedy,
        ],
        "signs": officer_signs(context.officers),
        "elements": {"remedies": remedy},
    }
