"""Papers of the investigation."""

from __future__ import annotations

from typing import Any

from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.signatures import (
    officer_signs,
    officer_text,
    party_sign,
    signed_text,
)
from mingzheng.cases.documents.wording import item_line, long_date, moment
from mingzheng.cases.models import JUDGED
from mingzheng.procedures.forms import lines
from mingzheng.procedures.step_context import StepContext
from mingzheng.records.models import Act

RIGHTS = (
    "您有权要求执法人员出示执法证件；认为执法人员与本案有直接利害关系或者有其他关系可能影响公正执法的，"
    "有权申请回避；"
    "有权进行陈述、申辩；对与本案无关的问题，有权拒绝回答。您应当如实回答询问，并协助调查或者检查，"
    "不得拒绝、阻挠。"
)
LIST_HEAD = ["序号", "名称", "规格型号", "数量", "备注"]


def _transcript(
    context: StepContext, act: Act, place: str, person: str, text: str
) -> dict[str, Any]:
    when, officers = moment(act.happened_at), context.officers
    return {
        **base(context),
        "text": text,
        "rights": RIGHTS,
        "signs": [*officer_signs(officers), *party_sign(context.data)],
        "elements": {
            "time-and-place": f"{when}，{place}",
            "officers": officer_text(officers),
            "party": person,
            "certificate-shown": officer_text(officers),
            "rights": RIGHTS,
            "body": text,
            "signature-or-reason": signed_text(context.data),
        },
    }


@paper("rights-notice", "权利义务告知书", layout="letter")
def rights_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第四十四条、第四十五条: what the counterpart may do and must do."""
    cause = context.record.case.cause
    return {
        **base(context),
        "to": context.data["to"],
        "lead": [
            (
                f"因调查“{cause}”一案，"
                f"我局执法人员{officer_text(context.officers)}依法向您出示执法证件，并告知以下事项。"
            ),
            RIGHTS,
        ],
        "signs": [*officer_signs(context.officers), *party_sign(context.data)],
        "elements": {"rights": RIGHTS},
    }


@paper("inquiry-record", "询问笔录", layout="transcript")
def inquiry_record(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十五条第二款: questions and answers."""
    data = context.data
    body = _transcript(context, act, data["place"], data["asked"], data["text"])
    body["fields"] = [
        ["询问时间", moment(act.happened_at)],
        ["询问地点", data["place"]],
        ["被询问人", data["asked"]],
        ["与当事人关系", data["relation"]],
        ["询问人", officer_text(context.officers)],
    ]
    return body


@paper("on-site-record", "现场检查（勘验）笔录", layout="transcript")
def on_site_record(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十五条第二款: what was seen."""
    data, party = context.data, party_of(context)
    body = _transcript(context, act, data["place"], party.name, data["text"])
    body["fields"] = [
        ["检查时间", moment(act.happened_at)],
        ["检查地点", data["place"]],
        ["被检查人", party.name],
        ["在场人员", data["present"]],
        ["检查人员", officer_text(context.officers)],
    ]
    return body


@paper("evidence-list", "证据材料登记表")
def evidence_list(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第四十六条: one piece of evidence with origin and purpose."""
    data = context.data
    files = "；".join(f"{name}（{blob.sha256[:16]}）" for blob, name, _ in context.files)
    return {
        **base(context),
        "fields": [
            ["证据种类", data["kind_of_evidence"]],
            ["证据名称", data["name"]],
            ["来源", data["origin"]],
            ["证明内容", data["proves"]],
            ["电子件及指纹", files],
            ["取证人员", officer_text(context.officers)],
            ["取证时间", moment(act.happened_at)],
        ],
        "signs": officer_signs(context.officers),
        "elements": {},
    }


@paper("sampling-receipt", "抽样取证凭证", "抽", "list")
def sampling_receipt(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十六条: samples taken."""
    return {
        **base(context),
        "fields": [["抽样地点", context.data["place"]], ["抽样时间", moment(act.happened_at)]],
        "table": {"head": LIST_HEAD, "rows": _rows(context.data["items"])},
        "signs": [*officer_signs(context.officers), *party_sign(context.data)],
        "elements": {},
    }


def _rows(text: str) -> list[list[str]]:
    return [item_line(index, line) for index, line in enumerate(lines(text), 1)]


@paper("preservation-notice", "先行登记保存证据通知书", "先保", "letter", sealed=True)
def preservation_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十六条: what is kept, where, until when, and that it may not be moved."""
    data, party = context.data, party_of(context)
    until = _until(context, act)
    return {
        **base(context),
        "to": party.name,
        "lead": [
            (
                f"因你（单位）涉嫌{context.record.case.cause}，{data['reason'].rstrip('。')}。"
                "依照《中华人民共和国行政处罚法》第五十六条的规定，经本机关负责人批准，"
                f"对下列证据先行登记保存，保存地点为{data['place']}。"
            ),
            "登记保存期间，当事人或者有关人员不得销毁、转移上述证据。",
            until,
        ],
        "table": {"head": LIST_HEAD, "rows": _rows(data["items"])},
        "signs": officer_signs(context.officers),
        "elements": {
            "party": party.name,
            "items": data["items"],
            "place": data["place"],
            "period": until,
            "no-disposal": "不得销毁或者转移",
            "officers": officer_text(context.officers),
        },
    }


def _until(context: StepContext, act: Act) -> str:
    duty = act.duties_opened.filter(topic="preservation/limit").first()
    day = long_date(duty.light_due) if duty else ""
    return (
        f"本机关将在{day}前对上述证据作出处理决定。"
        if day
        else "本机关将依法及时对上述证据作出处理决定。"
    )


@paper("preservation-list", "先行登记保存证据清单", layout="list")
def preservation_list(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十六条: the list that belongs to the notice."""
    return {
        **base(context),
        "fields": [["保存地点", context.data["place"]]],
        "table": {"head": LIST_HEAD, "rows": _rows(context.data["items"])},
        "signs": [*officer_signs(context.officers), {"label": "当事人", "name": ""}],
        "elements": {},
    }


@paper("preservation-decision", "先行登记保存证据处理决定书", "先保处", "letter", sealed=True)
def preservation_decision(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十六条: what becomes of it."""
    party = party_of(context)
    handling = context.form.choices["handling"][context.data["handling"]]
    return {
        **base(context),
        "to": party.name,
        "lead": [
            "本机关对先行登记保存的证据，依照《中华人民共和国行政处罚法》第五十六条的规定，作出如下处理决定：",
            f"{handling}。{context.data['detail']}",
        ],
        "signs": officer_signs(context.officers),
        "elements": {},
    }


@paper("testing-commission", "检测鉴定委托书", "鉴", "letter", sealed=True)
def testing_commission(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政强制法》第二十五条第三款: what is to be tested, and that the party was told."""
    data = context.data
    return {
        **base(context),
        "to": data["laboratory"],
        "lead": [
            f"因办理“{context.record.title}”一案需要，现委托你单位对下列物品进行检测鉴定。",
            data["items"],
            f"检测鉴定的期间已于{long_date(data['told_on'])}书面告知当事人。",
        ],
        "elements": {},
    }


@paper("correction-order", "责令改正通知书", "责改", "letter", sealed=True)
def correction_order(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第二十八条第一款: mend it, by this day."""
    data, party = context.data, party_of(context)
    return {
        **base(context),
        "to": party.name,
        "lead": [
            f"经查，你（单位）存在下列问题：{data['problem']}",
            (
                "依照《中华人民共和国行政处罚法》第二十八条第一款的规定，责令你（单位）改正。改正要求："
                f"{data['measure'].rstrip('。')}。改正期限：{long_date(data['until'])}前。"
            ),
        ],
        "signs": [*officer_signs(context.officers), *party_sign(data)],
        "elements": {},
    }


@paper("recheck-opinion", "整改复查意见书", "复查", "letter", sealed=True)
def recheck_opinion(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第二十八条第一款: whether it was mended."""
    data = context.data
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            f"本机关于{long_date(act.happened_at)}对你（单位）的改正情况进行了复查。",
            data["text"],
            f"复查意见：{'已经改正' if data['done'] else '没有改正'}。",
        ],
        "signs": [*officer_signs(context.officers), *party_sign(data)],
        "elements": {},
    }


@paper("investigation-report", "案件调查终结报告")
def investigation_report(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十七条第一款: facts, evidence, proposal, and the four judgments."""
    data, case = context.data, context.record.case
    judged = [(str(context.form.fields[key].label), key) for key in JUDGED]
    return {
        **base(context),
        "fields": [
            ["案由", case.cause],
            *party_fields(party_of(context)),
            ["立案日期", long_date(case.opened_on)],
            ["查明的事实", data["facts_found"]],
            ["证据", data["evidence"]],
            [
                "重大事项判断",
                "；".join(f"{name}：{'是' if data[key] else '否'}" for name, key in judged),
            ],
            ["处理建议", data["opinion"]],
        ],
        "signs": [{"label": "承办人", "name": context.by.name, "number": context.by.certificate}],
        "elements": {},
    }


@paper("extension-approval", "案件延期审批表", "延")
def extension_approval(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十条."""
    case = context.record.case
    return {
        **base(context),
        "fields": [
            ["案由", case.cause],
            ["立案日期", long_date(case.opened_on)],
            ["延长期限", f"{context.data['days']}日"],
        ],
        "opinions": opinions(context, context.data["reason"]),
        "elements": {},
    }


@paper("suspension-notice", "中止办理告知书", "中止", "letter", sealed=True)
def suspension_notice(context: StepContext, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十条: why the time does not run."""
    return {
        **base(context),
        "to": party_of(context).name,
        "lead": [
            f"你（单位）{context.record.case.cause}一案，因{context.data['reason'].rstrip('。')}，"
            "决定中止办理。中止期间不计入办案期限。"
        ],
        "opinions": opinions(context, context.data["reason"]),
        "elements": {},
    }
