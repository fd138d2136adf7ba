"""Chinese names for what the record holds, from the vocabulary and the procedures' own words."""

from __future__ import annotations

import re

from mingzheng.core.regimes import vocabulary

# Acts of the platform itself, which no rule of law speaks about.
PLATFORM_ACTS = {
    "pack.adopted": "采用规则包",
    "calendar.loaded": "载入放假安排",
    "agency.founded": "登记机关",
    "countersign.answered": "会签意见",
    "case.read": "查看涉密案件",
    "volume.read": "查看案卷",
    "notice.read": "已阅",
    "calendar.opened": "建立工作日历",
    "calendar.proposed": "提出载入放假安排",
    "calendar.declined": "不同意载入放假安排",
    "post.appointed": "任职",
    "post.ended": "离岗",
    "account.opened": "开立账号",
    "account.renamed": "更正姓名",
    "account.code-given": "发出一次性代码",
    "account.disabled": "停用账号",
    "account.enabled": "启用账号",
    "account.unlocked": "解锁账号",
    "account.asked": "提出账号事项",
    "account.declined": "不同意账号事项",
    "account.reset": "重置密码",
    "password.changed": "设置密码",
    "factor.added": "添加第二步验证",
    "factor.removed": "移除第二步验证",
    "factor.recovered": "用了恢复码",
    "duty.reminded": "到期提醒",
    "recording.stored": "收到音像资料",
    "original.read": "取走原始文件",
    "delivery.refused": "渠道退回",
    "delivery.unanswered": "渠道没有回执",
    "delivery.again": "重新送渠道",
    "data.exported": "导出数据",
    "export.receipted": "登记平台回执",
    "data.imported": "导入清单",
    "publication.sealed": "公示内容存证",
    "publication.file-made": "公示附件制作完成",
    "evidence.stored": "证据文件存证",
    "device.registered": "登记设备",
    "device.lent": "领用设备",
    "device.returned": "交还设备",
    "device.defect": "设备故障登记",
    "device.fit": "设备修复",
    "device.retired": "设备报废",
    "room.registered": "登记场所",
    "room.booked": "预定场所",
    "room.freed": "取消预定",
}
# Bodies that packs name by code because no agency of this installation stands for them.
BODIES = {
    "body/credit-platform": "信用信息平台",
    "body/county-government": "县人民政府",
    "body/reconsideration-agency": "行政复议机关",
    "body/police": "公安机关",
}


# What rules say to those who look after them: a reading that nobody has confirmed, an order that
# was inferred.
_INNER = re.compile("（[^（）]*(?:待(?:本机关)?确认|待核对|为推断)[^（）]*）")


def plain(text: str) -> str:
    """A source or a rule's words for people who only want to know what holds; the rules' own pages
    show the marks.
    """
    return _INNER.sub("", text)


def act_name(kind: str, of: str = "") -> str:
    """The Chinese name of an act kind with its qualifier."""
    name = PLATFORM_ACTS.get(kind) or vocabulary().act_name(kind)
    word = vocabulary().qualifiers.get(of, "")
    return f"{name}（{word}）" if word else name


def role_name(role: str) -> str:
    """The Chinese name of a role of the vocabulary."""
    words = vocabulary()
    return (
        words.roles.get(role) or {"officer": "执法人员"}.get(role) or words.owners.get(role, role)
    )


def unit_name(unit: str) -> str:
    """What a number of this unit is called: 日, 个工作日."""
    return vocabulary().units.get(unit, unit).removesuffix("（自然日）")


def owner_name(owner: str) -> str:
    """The Chinese name of a unit that owes something."""
    return vocabulary().owners.get(owner) or BODIES.get(owner) or owner.removeprefix("body/")


def channel_name(channel: str) -> str:
    """The Chinese name of a channel."""
    return vocabulary().channels.get(channel, channel)
