"""Chinese names for what the record holds, from the vocabulary and the procedures' own words."""

from __future__ import annotations

from mingzheng.core.regimes import vocabulary

# Acts of the platform itself, which no rule of law speaks about.
OWN = {
    "pack.adopted": "采用规则包", "calendar.loaded": "载入放假安排", "agency.founded": "登记机关",
    "countersign.answered": "会签意见", "case.read": "查看涉密案件", "notice.read": "已阅", "calendar.opened": "建立工作日历",
    "post.ended": "离岗",
}
# What an act's qualifier says, for people.
QUALIFIERS = {
    "penalty": "行政处罚", "no-penalty": "不予处罚", "rights": "权利义务", "hearing": "听证通知",
    "hearing-right": "听证权利", "on-site-record": "现场检查", "documentary": "书证物证", "sample": "抽样",
    "decision/limit": "办案期限", "full": "缴清", "part": "部分", "testing": "检测鉴定", "period": "中止办理",
    "upheld": "维持", "revoked": "撤销", "altered": "变更", "unlawful": "确认违法", "invalid": "确认无效",
    "interested": "利害关系人", "licence/limit": "许可期限", "expert-review": "专家评审", "revocation": "拟撤销、撤回",
    "granted": "准予", "refused": "不予", "deemed": "视为准予延续", "cancelled": "注销", "change": "变更", "renewal": "延续",
    "cancellation": "注销", "fits": "相符", "differs": "不相符", "self": "本机关撤销", "silence": "视为撤回", "party": "一方撤回",
    "applicant": "申请人撤回", "redo": "责令重作", "urging": "催告", "urgent": "紧急", "seizure/limit": "查封扣押期限",
    "withdrawn": "撤回", "rejected": "驳回",
}

# Bodies that packs name by code because no agency of this installation stands for them.
BODIES = {"body/credit-platform": "信用信息平台", "body/county-government": "县人民政府",
          "body/reconsideration-agency": "行政复议机关", "body/police": "公安机关"}


def act_name(kind: str, of: str = "") -> str:
    """The Chinese name of an act kind with its qualifier."""
    name = OWN.get(kind) or vocabulary().act_name(kind)
    word = QUALIFIERS.get(of, "")
    return f"{name}（{word}）" if word else name


def role_name(role: str) -> str:
    """The Chinese name of a role of the vocabulary."""
    words = vocabulary()
    return words.roles.get(role) or {"officer": "执法人员"}.get(role) or words.owners.get(role, role)


def fact_name(fact: str) -> str:
    """The Chinese name of a fact."""
    return vocabulary().fact_name(fact)


def unit_name(unit: str) -> str:
    """What a number of this unit is called: 日, 个工作日."""
    return vocabulary().units.get(unit, unit).removesuffix("（自然日）")


def owner_name(owner: str) -> str:
    """The Chinese name of a unit that owes something."""
    return vocabulary().owners.get(owner) or BODIES.get(owner) or owner.removeprefix("body/")


def channel_name(channel: str) -> str:
    """The Chinese name of a channel."""
    return vocabulary().channels.get(channel, channel)
