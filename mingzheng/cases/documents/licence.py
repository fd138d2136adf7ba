"""Papers of a licence matter: receipt, acceptance, check, hearing, decision, certificate."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzheng.cases.documents.notice import hearing_until
from mingzheng.cases.documents.papers import base, opinions, paper
from mingzheng.cases.documents.parties import party_fields, party_of, party_text
from mingzheng.cases.documents.remedies import remedies_of
from mingzheng.cases.documents.signatures import (
    officer_signs,
    officer_text,
    party_sign,
    signed_text,
)
from mingzheng.cases.documents.wording import long_date, moment
from mingzheng.cases.models import Application, Licence
from mingzheng.procedures.doing import Doing
from mingzheng.records.models import Act

LAW = "《中华人民共和国行政许可法》"
SEAL_NOTE = "加盖本机关印章后生效"


def applicant_fields(doing: Doing) -> list[list[str]]:
    """Who applies, and for what."""
    return [
        *party_fields(party_of(doing), "申请人"),
        ["申请事项", doing.record.case.cause],
    ]


def organ_and_date(doing: Doing) -> str:
    """The element that says who decided and when."""
    return f"{doing.agency.name}，日期以签发日为准"


def _due(act: Act, topic: str) -> str:
    duty = act.duties_opened.filter(topic=topic).exclude(due=None).order_by("due").first()
    return long_date(duty.light_due) if duty else ""


@paper(
    "materials-notice",
    "申请材料补正告知书",
    "补正",
    "letter",
    sealed=True,
    source="《行政许可法》第三十二条第一款第四项",
)
def materials_notice(doing: Doing, act: Act, names: list[str]) -> dict[str, Any]:
    """《行政许可法》第三十二条第一款第四项: everything that is lacking, at once."""
    lacking = "；".join(names)
    return {
        **base(doing),
        "to": party_of(doing).name,
        "lead": [
            (
                f"你（单位）申请的“{doing.record.case.cause}”，申请材料不齐全或者不符合法定形式。"
                f"依照{LAW}第三十二条的规定，现一次告知需要补正的全部内容。"
            ),
            f"补正要求：{doing.data['content']}",
        ],
        "table": {
            "head": ["序号", "需要补正的材料"],
            "rows": [[str(n), name] for n, name in enumerate(names, 1)],
        },
        "elements": {
            "applicant": party_of(doing).name,
            "materials": lacking,
            "agency-and-date": organ_and_date(doing),
        },
    }


@paper(
    "non-acceptance-notice",
    "行政许可申请不予受理通知书",
    "不受",
    "letter",
    sealed=True,
    source="《行政许可法》第三十二条第二款",
)
def non_acceptance_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十二条: why it is not accepted, and where to object."""
    remedies = remedies_of(doing)
    ground = doing.form.grounds[doing.data["ground"]]  # type: ignore[attr-defined]
    return {
        **base(doing),
        "to": party_of(doing).name,
        "lead": [
            (
                f"你（单位）提出的“{doing.record.case.cause}”申请，经审查，{ground}。"
                f"理由：{doing.data['reasons']}"
            ),
            f"依照{LAW}第三十二条的规定，决定不予受理。",
            remedies,
        ],
        "remedy": remedies,
        "elements": {
            "applicant": party_of(doing).name,
            "reasons": doing.data["reasons"],
            "remedies": remedies,
            "agency-and-date": organ_and_date(doing),
        },
    }


@paper(
    "acceptance-notice",
    "行政许可申请受理通知书",
    "受",
    "letter",
    sealed=True,
    source="《行政许可法》第三十二条第二款",
)
def acceptance_notice(doing: Doing, act: Act, accepted_on: date) -> dict[str, Any]:
    """《行政许可法》第三十二条: accepted on this day, to be decided by that one."""
    due, on = _due(act, "licence/limit"), long_date(accepted_on)
    late = (
        "因没有按期告知补正，依法自收到申请材料之日起即为受理。"
        if accepted_on < doing.happened_at.date()
        else ""
    )
    return {
        **base(doing),
        "to": party_of(doing).name,
        "lead": [
            f"你（单位）提出的“{doing.record.case.cause}”申请，本机关自{on}起予以受理。{late}",
            *(
                [
                    f"本机关将在{due}前作出决定；依法需要听证、检验、检测、检疫、鉴定和专家评审的，"
                    "所需时间另行书面告知。"
                ]
                if due
                else []
            ),
        ],
        "fields": applicant_fields(doing),
        "elements": {
            "applicant": party_of(doing).name,
            "item": doing.record.case.cause,
            "accepted-on": on,
            "limit": due,
            "agency-and-date": organ_and_date(doing),
        },
    }


@paper(
    "interested-notice",
    "利害关系人告知书",
    "利告",
    "letter",
    sealed=True,
    source="《行政许可法》第三十六条",
)
def interested_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十六条: whom else it concerns, and that they may speak."""
    names = "、".join(
        doing.record.parties.filter(role="interested", until=None).values_list("name", flat=True)
    )
    return {
        **base(doing),
        "to": names,
        "lead": [
            (
                f"{party_of(doing).name}向本机关申请“{doing.record.case.cause}”，"
                f"该事项直接关系你（单位）的重大利益。{doing.data['text']}"
            ),
            f"依照{LAW}第三十六条的规定，你（单位）有权进行陈述和申辩。",
        ],
        "elements": {},
    }


@paper(
    "excluded-time-notice",
    "行政许可办理期限扣除告知书",
    "扣告",
    "letter",
    sealed=True,
    source="《行政许可法》第四十五条",
)
def excluded_time_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第四十五条: how long testing or the experts take."""
    data = doing.data
    return {
        **base(doing),
        "to": party_of(doing).name,
        "lead": [
            (
                f"办理你（单位）申请的“{doing.record.case.cause}”，"
                f"需要由{data['laboratory']}进行：{data['items'].rstrip('。')}。"
            ),
            f"所需时间：{data['expected']}。依照{LAW}第四十五条的规定，这段时间不计入办理期限。",
            f"告知日期：{long_date(data['told_on'])}。",
        ],
        "elements": {},
    }


@paper(
    "licence-check-record",
    "实地核查笔录",
    layout="transcript",
    source="《行政许可法》第三十四条第三款",
)
def check_record(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十四条第三款: what was found, by whom, signed or not."""
    data, when = doing.data, moment(act.happened_at)
    conclusion = dict(doing.form.fields["conclusion"].choices)[data["conclusion"]]  # type: ignore[attr-defined]
    return {
        **base(doing),
        "fields": [
            ["核查时间", when],
            ["核查地点", data["place"]],
            ["申请人", party_of(doing).name],
            ["到场人员", data["present"]],
            ["核查人员", officer_text(doing.officers)],
            ["核查结论", conclusion],
        ],
        "text": data["text"],
        "signs": [*officer_signs(doing.officers), *party_sign(data, "申请人")],
        "elements": {
            "time-and-place": f"{when}，{data['place']}",
            "officers": officer_text(doing.officers),
            "applicant": party_of(doing).name,
            "body": data["text"],
            "conclusion": conclusion,
            "signature-or-reason": signed_text(data),
        },
    }


@paper(
    "licence-hearing-right-notice",
    "行政许可听证告知书",
    "许听告",
    "letter",
    sealed=True,
    source="《行政许可法》第四十七条",
)
def hearing_right_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第四十七条第一款: the right to a hearing, and until when."""
    names = "、".join(
        doing.record.parties.filter(until=None).order_by("pk").values_list("name", flat=True)
    )
    day = hearing_until(doing, "granted")
    asked = (
        f"如要求听证，请在{day}前（含当日）向本机关提出"
        if day
        else "如要求听证，请在法定期限内向本机关提出"
    )
    return {
        **base(doing),
        "to": names,
        "lead": [
            f"本机关正在办理“{doing.record.case.cause}”，该事项直接涉及申请人与他人之间的重大利益关系。",
            (
                f"依照{LAW}第四十七条的规定，你（单位）享有要求听证的权利。{asked}；申请人、"
                "利害关系人不承担组织听证的费用。"
            ),
            f"联系地址：{doing.agency.address}　联系人及电话：{doing.data['contact']}。",
        ],
        "elements": {},
    }


@paper(
    "licence-hearing-notice",
    "行政许可听证通知书",
    "许听通",
    "letter",
    sealed=True,
    source="《行政许可法》第四十八条",
)
def hearing_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第四十八条、第四十五条: when, where, who hosts; and that its time does not
    count.
    """
    data = doing.data
    return {
        **base(doing),
        "to": "、".join(doing.record.parties.filter(until=None).values_list("name", flat=True)),
        "lead": [
            (
                f"本机关决定就“{doing.record.case.cause}”举行听证。时间、"
                f"地点：{long_date(data['hearing_on'])}，{data['hearing_place']}。"
            ),
            (
                f"主持人：{data['host']}；记录员：{data['clerk']}。"
                "认为主持人与该事项有直接利害关系的，有权申请回避。"
            ),
            f"听证所需时间：{data['expected']}。依照{LAW}第四十五条的规定，这段时间不计入办理期限。",
        ],
        "elements": {},
    }


@paper(
    "licence-extension-notice",
    "行政许可延长办理期限告知书",
    "延告",
    "letter",
    sealed=True,
    source="《行政许可法》第四十二条",
)
def extension_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第四十二条: how much longer, and why."""
    data = doing.data
    return {
        **base(doing),
        "to": party_of(doing).name,
        "lead": [
            f"你（单位）申请的“{doing.record.case.cause}”，因{data['reason'].rstrip('。')}，"
            f"依照{LAW}第四十二条的规定，"
            f"经批准，办理期限延长{data['days']}个工作日。"
        ],
        "opinions": opinions(doing, data["reason"]),
        "elements": {},
    }


@paper(
    "deemed-renewal-note",
    "视为准予延续告知书",
    "视延",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第五十条第二款",
)
def deemed_renewal_note(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第五十条第二款: renewed by silence, until when."""
    until, name = long_date(doing.data["until"]) or "长期", party_of(doing).name
    basis, item = f"{LAW}第五十条第二款", doing.record.case.item
    decision = f"{name}申请的{doing.record.case.cause}视为准予延续，有效期至：{until}。"
    return {
        **base(doing),
        "to": name,
        "lead": [f"原许可的有效期届满前没有作出决定。依照{basis}，{decision}"],
        "elements": {"decision": decision, "facts": decision},
        "public": {
            "title": f"{name}{doing.record.case.cause}视为准予延续",
            "facts": item.name if item else "",
            "basis": basis,
            "decision": decision,
        },
    }


def validity(granted: dict[str, Any]) -> str:
    """The period in words."""
    since = granted.get("since")
    head = long_date(date.fromisoformat(since)) if since else "决定之日"
    until = granted.get("until")
    return (
        f"自{head}起至{long_date(date.fromisoformat(until))}" if until else f"自{head}起，长期有效"
    )


def decision_body(doing: Doing) -> dict[str, Any]:
    """《行政许可法》第三十八条: the body of a grant or a refusal, from the answers of the draft
    form.
    """
    data, party, item = doing.data, party_of(doing), doing.record.case.item
    granted = data["outcome"] == "granted"
    asked = Application.objects.get(record=doing.record)
    ends = doing.record.case.sort == "cancellation"
    verdict = ("准予注销许可" if ends else "准予许可") if granted else "不予许可"
    period = "原许可自决定之日起不再有效" if ends else validity(asked.granted) if granted else ""
    decision = f"决定{verdict}：{party.name}申请的{doing.record.case.cause}。"
    remedies = remedies_of(doing)
    elements = {
        "applicant": party_text(party),
        "decision": decision,
        "basis": data["basis"],
        "remedies": remedies,
        "agency-and-date": organ_and_date(doing),
        "seal": SEAL_NOTE,
        **(
            {"content": data["content"], "validity": period}
            if granted
            else {"reasons": data["reasons"]}
        ),
    }
    sections = [{"head": "审查情况", "paras": [data["examined"]]}]
    if granted:
        head = "注销的许可" if ends else "许可内容和有效期"
        sections.append(
            {"head": head, "paras": [f"{data['content'].rstrip('。')}。", f"{period}。"]}
        )
    else:
        sections.append({"head": "不予许可的理由", "paras": [data["reasons"]]})
    sections += [
        {"head": "决定", "paras": [f"依据{data['basis']}，{decision}"]},
        {"head": "权利救济", "paras": [remedies]},
    ]
    manner = "不予" if not granted else "注销" if ends else "准予"
    shown = f"{data['content']}（{period}）" if granted else f"不予许可。{data['reasons']}"
    return {
        **base(doing),
        "fields": party_fields(party, "申请人"),
        "sections": sections,
        "remedy": remedies,
        "lead": [
            f"你（单位）于{long_date(asked.received_on)}提出的“{doing.record.case.cause}”申请，"
            "本机关已依法受理和审查。"
        ],
        "elements": elements,
        "answers": doing.form.raw(),
        "public": {
            "title": f"{party.name}{doing.record.case.cause}的{manner}行政许可决定",
            "facts": item.name if item else doing.record.case.cause,
            "basis": data["basis"],
            "decision": shown,
        },
    }


@paper(
    "licence-decision",
    "准予行政许可决定书",
    "许",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第三十八条第一款",
)
def licence_decision(doing: Doing, act: Act) -> dict[str, Any]:
    """Issued from the reviewed draft only; the builder stands for the draft itself."""
    return decision_body(doing)


@paper(
    "refusal-decision",
    "不予行政许可决定书",
    "不许",
    "letter",
    sealed=True,
    public=True,
    source="《行政许可法》第三十八条第二款",
)
def refusal_decision(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十八条第二款: issued from the reviewed draft only."""
    return decision_body(doing)


@paper(
    "licence-certificate",
    "行政许可证件",
    layout="letter",
    sealed=True,
    source="《行政许可法》第三十九条",
)
def certificate(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政许可法》第三十九条: the certificate itself."""
    held = Licence.objects.get(record=doing.record)
    period = validity(
        {"since": held.since.isoformat(), "until": held.until.isoformat() if held.until else ""}
    )
    return {
        **base(doing),
        "fields": [
            ["证件名称", held.name],
            ["编号", held.number],
            ["被许可人", held.holder],
            ["许可内容", held.content],
            ["有效期", period],
            ["领取人", doing.data["receiver"]],
        ],
        "elements": {
            "number": held.number,
            "holder": held.holder,
            "content": held.content,
            "validity": period,
            "agency-and-date": organ_and_date(doing),
        },
    }


@paper("completion-record", "行政许可办结登记表", source="《行政许可法》第四十四条")
def completion_record(doing: Doing, act: Act) -> dict[str, Any]:
    """What was decided, and that everything is out."""
    case = doing.record.case
    held = Licence.objects.filter(record=doing.record).first()
    return {
        **base(doing),
        "fields": [
            *applicant_fields(doing),
            ["决定日期", long_date(case.decided_on)],
            ["证件编号", held.number if held else "无"],
            ["办结情况", doing.data["text"]],
        ],
        "signs": [{"label": "承办人", "name": doing.by.name, "number": doing.by.certificate}],
        "elements": {},
    }
