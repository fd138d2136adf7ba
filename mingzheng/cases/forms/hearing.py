"""Forms of a hearing."""

from __future__ import annotations

from django import forms

from mingzheng.cases.forms.service import ServedForm
from mingzheng.procedures.drafts import OnDraftForm
from mingzheng.procedures.forms import ActForm, choice, day, long_text
from mingzheng.procedures.presence import SignedForm
from mingzheng.procedures.registry import asks


@asks("hearing.requested")
class HearingRequestForm(ActForm):
    """听证申请."""

    keeps = ("applicant", "text")

    applicant = forms.CharField(label="申请人", max_length=120)
    text = long_text("申请理由", rows=3)


@asks("party.notified:hearing")
class HearingNoticeForm(ServedForm):
    """听证通知: day, place, host."""

    keeps: tuple[str, ...] = ("hearing_on", "hearing_place", "host", "clerk")
    names_handlers = True

    hearing_on = day("听证日期", help_text="离送达通知够不够天数，由系统按规则核对")
    hearing_place = forms.CharField(label="听证地点", max_length=200)
    host = forms.CharField(label="听证主持人", max_length=60, help_text="不能是本案调查人员")
    clerk = forms.CharField(label="记录员", max_length=60)

    def clean_host(self) -> str:
        """The host is nobody who investigates the case."""
        from mingzheng.agencies.models import Handler

        name = self.cleaned_data["host"].strip()
        if Handler.objects.filter(record=self.record, until=None, person__name=name).exists():
            raise forms.ValidationError(
                "听证由非本案调查人员主持，请换人（《行政处罚法》第六十四条第四项）"
            )
        return str(name)


@asks("hearing.held")
class HearingForm(SignedForm):
    """听证笔录."""

    keeps = ("host", "attended", "text")

    officers_label = "出席的调查人员"
    host = forms.CharField(label="听证主持人", max_length=60)
    attended = choice(
        "当事人是否到场", [("yes", "到场"), ("absent", "无正当理由未到|视为放弃听证权利")]
    )
    text = long_text("听证记录", rows=8)


@asks("hearing.reported")
class HearingReportForm(ActForm):
    """听证报告."""

    keeps = ("text", "opinion")

    text = long_text("听证基本情况", rows=4)
    opinion = long_text("主持人意见", rows=3)


@asks("party.notified:licence-hearing-right")
class RightToldForm(OnDraftForm, ServedForm):
    """告知听证权利: applicant and interested parties."""

    keeps = ("contact",)
    names_handlers = True

    contact = forms.CharField(label="联系人、电话", max_length=100)


class LicenceHearingForm(HearingNoticeForm):
    """听证通知, which also tells how long the hearing takes."""

    keeps = (*HearingNoticeForm.keeps, "expected")

    expected = forms.CharField(
        label="听证所需时间", max_length=60, help_text="一并书面告知申请人，这段时间不计入办理期限"
    )
    whys = {
        "expected": ("听证所需时间不计入办理期限，但要书面告知申请人。", "《行政许可法》第四十五条")
    }
