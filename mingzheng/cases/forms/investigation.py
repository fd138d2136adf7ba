"""Forms: certificates shown, rights told, questioning, evidence, preservation, end of
investigation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.cases.models import JUDGED
from mingzheng.procedures.forms import ActForm, choice, day, long_text, yes_no
from mingzheng.procedures.presence import OfficersForm, SignedForm
from mingzheng.procedures.registry import asks

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext


@asks("officer.identified")
class IdentifyForm(OfficersForm):
    """出示执法证件: who showed, to whom, how."""

    keeps = ("mode", "to", "place")
    names_handlers = True

    mode = choice("亮证方式", [("shown", "主动出示"), ("worn", "佩戴")])
    to = forms.CharField(label="向谁出示", max_length=100)
    place = forms.CharField(label="地点", max_length=200)

    whys = {
        "officers": (
            "调查、检查不得少于两人；同一个人登记两次只算一人。",
            "《行政处罚法》第四十二条第一款",
        ),
        "mode": ("执法人员应当主动出示执法证件。", "《行政处罚法》第五十五条第一款"),
    }

    def qualifier(self, usual: str) -> str:
        """Shown or worn: some packs take only the one."""
        return str(self.cleaned_data["mode"])


@asks("party.notified:rights")
class RightsForm(SignedForm):
    """告知权利义务."""

    keeps = ("to",)
    names_handlers = True

    to = forms.CharField(label="被告知人", max_length=100)


@asks("party.questioned")
class QuestionForm(SignedForm):
    """询问笔录."""

    keeps = ("asked", "relation", "place", "text")
    names_handlers = True

    asked = forms.CharField(label="被询问人", max_length=60)
    relation = forms.CharField(label="与当事人的关系、职务", max_length=100)
    place = forms.CharField(label="询问地点", max_length=200)
    text = long_text("询问记录", rows=10, help_text="一问一答，照实记录")


@asks("evidence.taken:on-site-record")
class OnSiteForm(SignedForm):
    """现场检查（勘验）笔录."""

    keeps = ("place", "present", "text")
    names_handlers = True

    place = forms.CharField(label="检查地点", max_length=200)
    present = forms.CharField(label="在场人员", max_length=200)
    text = long_text("检查（勘验）情况", rows=8)


@asks("evidence.taken:sample")
class SampleForm(SignedForm):
    """抽样取证."""

    keeps = ("place",)
    listed = ("items",)
    names_handlers = True

    items = long_text("样品", rows=3, help_text="一行一件：名称，规格，数量")
    place = forms.CharField(label="抽样地点", max_length=200)


@asks("evidence.preserved")
class PreserveForm(OfficersForm):
    """先行登记保存."""

    keeps = ("place", "reason")
    listed = ("items",)
    names_handlers = True

    items = long_text("保存的证据", rows=3, help_text="一行一件：名称，规格，数量")
    place = forms.CharField(label="保存地点", max_length=200)
    reason = long_text("可能灭失或者以后难以取得的情形", rows=2)

    whys = {
        "reason": (
            "只有证据可能灭失或者以后难以取得时才能先行登记保存，须经负责人批准。",
            "《行政处罚法》第五十六条",
        )
    }


@asks("preservation.handled")
class PreservationHandledForm(OfficersForm):
    """登记保存的处理决定."""

    keeps = ("handling", "detail")
    names_handlers = True

    handling = choice(
        "处理结果",
        [
            ("return", "解除登记保存"),
            ("evidence", "采取记录、复制等证据保全措施"),
            ("test", "送交检测鉴定"),
            ("seize", "依法查封、扣押"),
            ("transfer", "移送有关部门"),
        ],
    )
    detail = long_text("处理说明", rows=2)


class CommissionForm(ActForm):
    """委托检测鉴定: time that does not count, when the party is told of it."""

    keeps = ("laboratory",)
    listed = ("items",)

    laboratory = forms.CharField(label="受委托机构", max_length=120)
    items = long_text("检测鉴定的物品和要求", rows=3)
    told_on = day("书面告知当事人检测期间的日期", lies="behind")

    whys = {
        "told_on": (
            "查封、扣押等期限要扣除检测时间的，须先书面告知当事人检测期间。",
            "《行政强制法》第二十五条第三款",
        )
    }


@asks("testing.reported")
class TestedForm(ActForm):
    """收到检测鉴定结果."""

    keeps = ("number", "conclusion")

    number = forms.CharField(label="报告编号", max_length=60)
    conclusion = long_text("检测鉴定意见", rows=3)
    upload = "检测鉴定报告"


@asks("order.issued")
class CorrectionForm(SignedForm):
    """责令改正."""

    keeps = ("problem", "measure", "until")
    names_handlers = True

    problem = long_text("存在的问题", rows=3)
    measure = long_text("改正要求", rows=2)
    until = day("改正期限", lies="ahead")

    whys = {
        "until": ("实施处罚时应当责令当事人改正或者限期改正。", "《行政处罚法》第二十八条第一款")
    }


@asks("order.rechecked")
class RecheckForm(SignedForm):
    """整改复查."""

    keeps = ("done", "text")
    names_handlers = True

    done = yes_no("是否已经改正")
    text = long_text("复查情况", rows=3)


class EndForm(ActForm):
    """调查终结: facts, evidence, and the judgments the review of major decisions depends on."""

    keeps = ("facts_found", "evidence", "opinion")
    names_handlers = True

    facts_found = long_text("查明的违法事实", rows=5)
    evidence = long_text("证据", rows=3, help_text="一行一项，说明证明什么")
    opinion = long_text("处理建议", rows=3)
    public_interest = yes_no("是否涉及重大公共利益")
    social_impact = yes_no("是否具有一定社会影响")
    social_risk = yes_no("是否可能造成重大社会影响或者引发社会风险")
    major_rights = yes_no("是否直接关系当事人或者第三人重大权益")
    complex = yes_no("案件情况是否疑难复杂")
    many_legal_relations = yes_no("是否涉及多个法律关系")
    review_by_other_law = yes_no("是否有其他法律、法规规定应当法制审核")
    crime_suspected = yes_no("是否涉嫌犯罪")

    whys = {
        "public_interest": (
            "这几项决定是否必须法制审核；留空系统不会当作“否”。",
            "《行政处罚法》第五十八条第一款",
        ),
        "crime_suspected": ("涉嫌犯罪的应当及时移送司法机关。", "《行政处罚法》第二十七条"),
    }

    def facts(self) -> dict[str, Any]:
        """What the officers judged."""
        return {name: self.cleaned_data[name] for name in JUDGED}


@asks("limit.extended:decision/limit")
class ExtendForm(ActForm):
    """延长办案期限: how long is granted and why."""

    keeps = ("days", "reason")

    days = forms.IntegerField(label="延长多少日", min_value=1, max_value=3650)
    reason = long_text("延长的理由", rows=3)

    def act_attrs(self, context: StepContext) -> dict[str, Any]:
        """How much longer."""
        return {"n": self.cleaned_data["days"], "unit": "day"}


class SuspendForm(ActForm):
    """中止办理."""

    keeps = ("reason",)

    reason = long_text("中止的理由", rows=3)
    told_on = day("书面告知当事人的日期", lies="behind")


@asks("period.resumed")
class ResumeForm(ActForm):
    """恢复办理."""

    keeps = ("reason",)

    reason = long_text("恢复的情形", rows=2)


class CountersignForm(ActForm):
    """请其他科室会签: one colleague is asked, his answer is kept."""

    keeps = ("question",)

    person = forms.ChoiceField(label="请谁会签")
    question = long_text("会签事项", rows=2)

    def prepare(self) -> None:
        """Everyone of the agency but the asker."""
        from mingzheng.agencies.models import Post

        rows = Post.objects.filter(agency=self.actor.agency_id, until=None).exclude(
            person=self.actor.person_id
        )
        self.choices["person"] = [
            (str(p.person_id), f"{p.unit.name} {p.person.name}")
            for p in rows.select_related("person", "unit")
        ]
