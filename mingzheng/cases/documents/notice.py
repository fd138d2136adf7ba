"""Papers of notice, defence and hearing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from mingzheng.cases.documents.papers import base, paper
from mingzheng.cases.documents.parties import party_fields, party_of
from mingzheng.cases.documents.signatures import (
    officer_signs,
    officer_text,
    party_sign,
    signed_text,
)
from mingzheng.cases.documents.wording import long_date, moment
from mingzheng.documents.models import Draft
from mingzheng.procedures.doing import Doing
from mingzheng.records import law
from mingzheng.records.models import Act


def _contact(doing: Doing) -> str:
    agency = doing.agency
    return f"联系地址：{agency.address}　联系人及电话：{doing.data['contact']}。"


def _intended(doing: Doing, draft: Draft) -> tuple[dict[str, Any], list[str]]:
    """The elements of the draft and the paragraphs that tell facts, reasons, basis and content."""
    elements = json.loads(draft.body)["elements"]
    return elements, [
        f"经查，{elements['facts']}",
        f"上述行为违反了{elements['broken']}的规定。"
        f"依据{elements['applied']}，{elements['discretion']}".rstrip("，。")
        + "。",
        f"拟对你（单位）作出如下处理：{elements['decision']}",
    ]


@paper("joint-opinion", "联合机关审核意见")
def joint_opinion(doing: Doing, act: Act) -> dict[str, Any]:
    """国办发〔2018〕118号 四（一）: what the other agency says of the text that goes out in its
    name too.
    """
    review = dict(doing.form.fields["review"].choices)[doing.data["review"]]  # type: ignore[attr-defined]
    return {
        **base(doing),
        "fields": [
            ["案件", doing.record.title],
            ["法制审核", review],
            ["意见", doing.data["opinion"]],
            ["文本指纹", act.subject[:16]],
        ],
        "signs": [{"label": "联合机关经办人", "name": doing.by.name}],
        "elements": {},
    }


@paper("penalty-notice", "行政处罚事先告知书", "罚告", "letter", sealed=True)
def penalty_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第四十四条: content, facts, reasons, basis and rights."""
    elements, told = _intended(doing, doing.draft)
    rights = (
        "你（单位）有权进行陈述和申辩。可以在收到本告知书后向本机关提出；明确放弃或者逾期不提出的，"
        "本机关将依法作出决定。"
    )
    return {
        **base(doing),
        "to": party_of(doing).name,
        "lead": [
            *told,
            f"依照《中华人民共和国行政处罚法》第四十四条、第四十五条的规定，{rights}",
            _contact(doing),
        ],
        "elements": {
            "party": party_of(doing).name,
            "facts": elements["facts"],
            "grounds": f"{elements['broken']}；{elements['applied']}",
            "decision": elements["decision"],
            "rights": rights,
        },
    }


@paper("hearing-right-notice", "行政处罚听证告知书", "听告", "letter", sealed=True)
def hearing_right_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十三条、第六十四条第一项: the right to a hearing and until when it may be
    asked for.
    """
    elements, told = _intended(doing, doing.draft)
    day = hearing_until(doing)
    asked = f"请在{day}前（含当日）向本机关提出" if day else "请在法定期限内向本机关提出"
    right = "依照《中华人民共和国行政处罚法》第六十三条的规定，你（单位）有要求听证的权利。"
    return {
        **base(doing),
        "to": party_of(doing).name,
        "lead": [
            *told,
            f"{right}如要求听证，{asked}；逾期不提出的，视为放弃要求听证的权利。",
            _contact(doing),
        ],
        "elements": {
            "party": party_of(doing).name,
            "decision": elements["decision"],
            "hearing-right": right,
            "request-period": asked,
        },
    }


def hearing_until(doing: Doing, of: str = "penalty") -> str:
    """The last day of asking for a hearing, from the gate that waits for it; empty when no rule
    says one.
    """
    refused = doing.regime.refusals(
        "decision.made",
        doing.happened_at.date(),
        {**doing.facts(), "of": of},
        law.story(doing.record),
        law.calendar(),
        attrs={},
    )
    days = [item.earliest for item in refused if item.topic == "hearing/request" and item.earliest]
    if not days:
        return ""
    return long_date(max(days) - timedelta(days=1))


@paper("statement-record", "陈述申辩笔录及复核意见", layout="transcript")
def statement_record(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第四十五条: what was said and what was answered."""
    data = doing.data
    accepted = dict(doing.form.fields["accepted"].choices)[data["accepted"]]  # type: ignore[attr-defined]
    return {
        **base(doing),
        "fields": [
            ["时间", moment(act.happened_at)],
            ["陈述申辩人", data["speaker"]],
            ["听取人员", officer_text(doing.officers)],
            ["复核意见", f"{accepted}。{data['finding']}"],
        ],
        "text": data["text"],
        "signs": [*officer_signs(doing.officers), *party_sign(data, "陈述申辩人")],
        "elements": {},
    }


@paper("hearing-notice", "行政处罚听证会通知书", "听通", "letter", sealed=True)
def hearing_notice(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十四条: when, where, who hosts, agents and recusal."""
    data, party = doing.data, party_of(doing)
    where = f"{long_date(data['hearing_on'])}，{data['hearing_place']}"
    # How many agents there may be is the law's number: it is said in the words of the pack's own
    # list.
    rows = doing.regime.rows(
        "document/hearing-notice", doing.happened_at.date(), doing.facts()
    ).rows
    allowed = next((str(row["name"]) for row in rows if row["id"] == "agents"), "可以委托代理人")
    agents = (
        f"你（单位）可以亲自参加听证，也{allowed}；无正当理由拒不出席或者未经许可中途退出的，"
        "视为放弃听证权利。"
    )
    recusal = "认为主持人与本案有直接利害关系的，有权申请回避。"
    return {
        **base(doing),
        "to": party.name,
        "lead": [
            f"根据你（单位）的要求，本机关决定就“{doing.record.case.cause}”一案举行听证。",
            f"听证时间、地点：{where}。",
            f"听证主持人：{data['host']}；记录员：{data['clerk']}。",
            agents,
            recusal,
        ],
        "elements": {
            "party": party.name,
            "time-and-place": where,
            "host": data["host"],
            "agents": agents,
            "recusal": recusal,
        },
    }


@paper("hearing-record", "听证笔录", layout="transcript")
def hearing_record(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十四条第七项、第八项."""
    data, party = doing.data, party_of(doing)
    when = moment(act.happened_at)
    return {
        **base(doing),
        "fields": [
            ["时间", when],
            ["主持人", data["host"]],
            ["当事人", party.name],
            ["当事人到场情况", "到场" if data["attended"] == "yes" else "无正当理由未到场"],
            ["调查人员", officer_text(doing.officers)],
        ],
        "text": data["text"],
        "signs": [
            {"label": "主持人", "name": data["host"]},
            *officer_signs(doing.officers),
            *party_sign(data),
        ],
        "elements": {
            "time-and-place": when,
            "host": data["host"],
            "party": party.name,
            "body": data["text"],
            "signature-or-reason": signed_text(data),
        },
    }


@paper("hearing-report", "听证报告书", "听报")
def hearing_report(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第六十五条."""
    data = doing.data
    return {
        **base(doing),
        "fields": [
            ["案由", doing.record.case.cause],
            ["听证基本情况", data["text"]],
            ["主持人意见", data["opinion"]],
        ],
        "signs": [{"label": "主持人", "name": doing.by.name}],
        "elements": {},
    }


@paper("self-check-opinion", "合法性自查意见")
def self_check_opinion(doing: Doing, act: Act) -> dict[str, Any]:
    """The handling section's own check before review, where the pack asks for it."""
    return {
        **base(doing),
        "fields": [
            ["案由", doing.record.case.cause],
            *party_fields(party_of(doing)),
            ["自查意见", doing.data["text"]],
            ["结论", "自查合格，可以提交法制审核"],
        ],
        "signs": [{"label": "承办机构", "name": doing.by.name, "number": doing.by.certificate}],
        "elements": {},
    }


@paper("discussion-record", "行政处罚集体讨论记录", "罚集", "transcript")
def discussion_record(doing: Doing, act: Act) -> dict[str, Any]:
    """《行政处罚法》第五十七条第二款: everyone's opinion and the conclusion."""
    data = doing.data
    attendees = "；".join(line.strip() for line in data["attendees"].splitlines() if line.strip())
    when = moment(act.happened_at)
    return {
        **base(doing),
        "fields": [
            ["案由", doing.record.case.cause],
            ["时间", when],
            ["主持人", data["host"]],
            ["出席人员", attendees],
            ["汇报人", doing.by.name],
            ["结论性意见", data["conclusion"]],
        ],
        "text": data["text"],
        "signs": [{"label": "出席人员签名", "name": ""}],
        "elements": {
            "time-and-place": when,
            "host": data["host"],
            "attendees": attendees,
            "report": data["text"],
            "opinions": data["text"],
            "conclusion": data["conclusion"],
        },
    }
