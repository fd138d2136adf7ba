"""Chinese names for the topics and lists of packs, as the public reads them. Names only: no rule
is here.
"""

from __future__ import annotations

from mingzheng.core.regimes import vocabulary

TOPICS = {
    "publication/approval": "公示审批",
    "publication/correction": "更正",
    "publication/never": "不公示的事项",
    "lists/filing": "清单备案",
    "annual/report-up": "年报报送",
    "annual/data": "年度数据",
    "officers/certificate": "出示证件",
    "officers/number": "执法人数",
    "rights/told": "权利告知",
    "guide/burden": "不加负担",
    "recording/required": "音像记录",
    "recording/whole": "全过程音像记录",
    "recording/upload": "音像上传",
    "recording/service": "留置送达记录",
    "review/required": "法制审核",
    "review/self-check": "送审前自查",
    "training/yearly": "培训",
    "archive/consultation": "调阅审批",
    "archive/one-volume": "一单一卷",
    "archive/consultation-papers": "调阅手续",
    "archive/lending": "外借",
    "archive/return": "归还",
    "archive/av": "音像归档",
    "archive/hand-over": "移交",
    "random/handling": "抽查问题处理",
    "inspection/notice-ahead": "检查前通知",
    "inspection/no-forewarning": "不事先告知",
    "licence/limit": "许可期限",
    "supervision/plan": "督查方案",
    "supervision/leader": "督查组长",
    "supervision/team-size": "督查组人数",
    "supervision/report": "督查报告",
    "supervision/proposal": "督查建议",
    "supervision/discipline": "督查纪律",
    "supervision/provincial-system": "录入省系统",
    "township/item": "赋权事项",
    "volume.consulted": "调阅审批",
    "dispute.settled": "意见分歧怎样决定",
    "recordings": "音像记录事项",
    "review-catalogue": "法制审核目录",
    "supervision/reply": "监督意见反馈",
    "petition/advice-feedback": "信访建议反馈",
    "major": "重大决定的范围",
    "publication.approved": "公示由谁批",
    "take-down": "撤下由谁批",
    "supervision-plan": "督查方案由谁批",
    "decision.made": "决定由谁批",
    "credit/report": "双公示报送",
}
LISTS = {
    "officer-fields": "执法人员公示哪些内容",
    "item-list-fields": "执法事项清单写哪些内容",
    "random-list-fields": "随机抽查清单写哪些内容",
    "flow-chart-fields": "流程图写哪些内容",
    "flow-chart": "流程图怎样编",
    "guide-fields": "服务指南写哪些内容",
    "guide-bases": "指南必须写明的依据",
    "window-board-fields": "窗口公示哪些内容",
    "published-fields": "决定公示哪些内容",
    "published-lists": "公布哪些清单",
    "channels": "在哪里公示",
    "compilers": "谁来编制",
    "withholding-grounds": "哪些情形可以不公开",
    "recordings": "哪些环节要音像记录",
    "recording-markers": "音像记录要标明什么",
    "recording-statement": "开始记录时说明什么",
    "recording-list-owner": "音像清单由谁编",
    "recording-tolerance": "多久算中断",
    "recording-gap-grounds": "中断的原因有哪些",
    "review-catalogue": "法制审核目录",
    "review-points": "法制审核看什么",
    "review-materials": "送审要交什么",
    "responsibilities": "谁负什么责任",
    "training": "培训谁",
    "focus-areas": "重点领域",
    "rollout-tasks": "推行任务",
    "rollout-deliverables": "推行成果",
    "leading-group": "领导小组",
    "record-uses": "记录用来做什么",
    "publication-flow": "公示流程",
    "counterpart-signs": "哪些记录要当事人签字",
    "secrets": "哪些材料按规定保密",
    "consultation-papers": "调阅要带什么",
    "reading-room-rules": "阅卷纪律",
    "custodians": "谁来保管",
    "rooms": "设哪些场所",
    "on-site-checklist": "现场检查要点",
    "document/supervision-report": "督查报告写什么",
    "proposals": "可以提哪些建议",
    "supervision-scope": "督查哪些事",
    "supervision-roles": "督查组谁做什么",
    "supervision-names": "督查的名称",
    "never-published": "不公示的登记",
    "granted-items": "赋权的处罚事项",
}


def kind_name(kind: str) -> str:
    """行政处罚 for penalty."""
    return vocabulary().facts["kind"].choices.get(kind, kind)


def topic_name(topic: str) -> str:
    """决定信息公开 for publication/decision."""
    known = vocabulary().topics.get(topic)
    return str(known["name"]) if known else TOPICS.get(topic) or LISTS.get(topic, "")


def list_name(id: str) -> str:
    """What a list is about."""
    return LISTS.get(id, "清单")
