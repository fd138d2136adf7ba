"""Forms of what is public: on a channel, reported, corrected, taken down, withheld."""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.core import clock
from mingzheng.disclosure.access import OWN_SITE, newest, ordered_down, shown_on
from mingzheng.disclosure.channels import connections
from mingzheng.disclosure.models import ChannelTask, Publication
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, choice, day, long_text, several
from mingzheng.records import law
from mingzheng.records.models import Duty
from mingzheng.records.words import channel_name, owner_name

LAW48 = "《行政处罚法》第四十八条"


def said_channel(code: str) -> str:
    """本平台 for our own site, else the channel's name."""
    return "本平台（本机关网站专栏）" if code == OWN_SITE else channel_name(code)


class PublishForm(ActForm):
    """发布: on this platform, or with the receipt of another channel."""

    channel = forms.ChoiceField(label="发布渠道")
    receipt = forms.CharField(label="回执号（本平台发布不用填）", max_length=120, required=False)
    shows = "publication"
    timed = False
    whys = {
        "channel": (
            "每个规定的渠道都要发布，一个渠道发了不等于都发了。",
            "本机关公示规定；规则包中的渠道",
        )
    }

    def prepare(self) -> None:
        """Offer this platform, every channel that a duty still waits for, and the pack's other
        channels.
        """
        owed = [
            row
            for row in Duty.objects.filter(record=self.record, state=Duty.OPEN)
            if "publication.published" in row.then
        ]
        listed = (
            law.regime(self.record)
            .rows("channels", clock.today(), registry.facts_of(self.record))
            .rows
        )
        late = ChannelTask.objects.filter(
            record=self.record,
            what=ChannelTask.UP,
            state__in=(ChannelTask.OPEN, ChannelTask.REFUSED),
        )
        ids = dict.fromkeys(
            [
                OWN_SITE,
                *[row.channel for row in owed if row.channel],
                *[str(row["id"]) for row in listed],
                *late.values_list("channel", flat=True),
            ]
        )
        self.choices["channel"] = [(code, said_channel(code)) for code in ids]

    def clean(self) -> dict[str, Any]:
        """Another channel's publication needs its receipt."""
        data = super().clean() or {}
        if (
            data.get("channel") not in (None, "own-site")
            and not (data.get("receipt") or "").strip()
        ):
            self.add_error("receipt", "在其他渠道发布的，请填回执号")
        return data

    def facts(self) -> dict[str, Any]:
        """The channel, for terms that differ by channel."""
        return {"channel": self.cleaned_data["channel"]}


class TransmitForm(ActForm):
    """报送: to whom a duty says the decision must be reported, with the receipt."""

    keeps = ("to", "receipt")

    to = forms.ChoiceField(label="报送对象")
    receipt = forms.CharField(label="报送回执号", max_length=120)
    whys = {
        "to": (
            "许可、处罚决定要按双公示标准报送，报送与公开各算各的期限。",
            "发改办财金〔2018〕424号",
        )
    }

    def prepare(self) -> None:
        """Everyone to whom an open duty owes the decision."""
        owed = [
            row
            for row in Duty.objects.filter(record=self.record, state=Duty.OPEN)
            if "decision.transmitted" in row.then
        ]
        self.choices["to"] = [(row.to, owner_name(row.to)) for row in owed] or [
            ("body/credit-platform", "信用信息平台")
        ]


class WithholdForm(ActForm):
    """依法不予公开: only on a ground that the pack knows."""

    ground = forms.ChoiceField(label="不予公开的情形", widget=forms.RadioSelect)
    reason = long_text("具体理由", rows=3)
    timed = False
    whys = {
        "ground": (
            "以公开为常态；不公开只能依列明的情形，并计入公开的统计数。",
            "《政府信息公开条例》第十四条至第十六条",
        )
    }

    def prepare(self) -> None:
        """The closed list of grounds of the agency's own pack."""
        rows = (
            law.regime(self.record)
            .rows("withholding-grounds", clock.today(), registry.facts_of(self.record))
            .rows
        )
        self.grounds = {str(row["id"]): row for row in rows}
        self.choices["ground"] = [
            (key, f"{row.get('name') or row.get('text') or key}|{row.get('source', '')}")
            for key, row in self.grounds.items()
        ]

    def clean(self) -> dict[str, Any]:
        """What is public is taken down first."""
        data = super().clean() or {}
        if newest(self.record, Publication.LIVE):
            self.add_error(None, "本案的决定正在公示。确需不予公开的，请先撤下公示")
        return data


class WithdrawForm(ActForm):
    """撤下公示: with a reason the public may read."""

    cause = choice(
        "撤下原因",
        [
            ("", "请选择"),
            ("revoked", "决定被撤销"),
            ("altered", "决定被变更"),
            ("unlawful", "决定被确认违法"),
            ("invalid", "决定被确认无效"),
            ("redo", "被责令重新作出"),
            ("term-ended", "公示期限届满"),
            ("wrong", "公示内容有误"),
            ("no-longer", "公示的事项已经取消、停用"),
        ],
        radio=False,
    )
    channels = several(
        "从哪些渠道撤下",
        required=False,
        help_text="只有公示期限届满的，才可以分渠道撤下；其他原因一律从全部渠道撤下",
    )
    reason = long_text("向社会公开的理由", rows=3)
    confirm = (
        "本平台的页面立即只保留撤下的时间、原因和依据，不再显示内容；其他渠道同时收到撤下通知，"
        "各自撤下后登记回执。"
    )
    timed = False
    whys = {
        "reason": (
            "处罚决定被依法变更、撤销、确认违法或者无效的，要撤回信息并公开说明理由。",
            f"{LAW48}第二款",
        ),
        "channels": (
            "不同渠道的公示期限可以不同，到期的先撤。",
            "《政府信息公开条例》；信用修复管理办法（2026年4月1日施行）",
        ),
    }

    def prepare(self) -> None:
        """The channels on which it stands."""
        told = ordered_down(self.record)
        self.up = [channel for channel in shown_on(self.record) if channel not in told]
        self.choices["channels"] = [(code, said_channel(code)) for code in self.up]
        if len(self.up) < 2:
            del self.fields["channels"]

    def clean(self) -> dict[str, Any]:
        """Whatever undid the decision takes it off everywhere."""
        data = super().clean() or {}
        if (
            data.get("channels")
            and data.get("cause") != "term-ended"
            and set(data["channels"]) != set(self.up)
        ):
            self.add_error("channels", "这种原因要从全部渠道撤下，不能只撤一部分")
        return data

    def route(self, usual: str) -> str:
        """Taking down at the end of the term has its own approver (LX-A12.2)."""
        return "take-down" if self.cleaned_data["cause"] == "term-ended" else usual

    def qualifier(self, usual: str) -> str:
        """Why it is taken down."""
        return str(self.cleaned_data["cause"])


class TakenDownForm(ActForm):
    """登记外部渠道撤下: a channel that was told to take it down has done so."""

    channel = forms.ChoiceField(label="已经撤下的渠道")
    receipt = forms.CharField(
        label="该渠道的撤下回执号",
        max_length=120,
        help_text="没有回执号的，写明怎样核实的，例如“已打开原网址核实”",
    )
    timed = False
    whys = {
        "channel": (
            "通知撤下不等于已经撤下。每个渠道撤下后分别登记，期限到那时才算完成。",
            f"{LAW48}第二款",
        )
    }

    def prepare(self) -> None:
        """The channels that were told and have not confirmed."""
        self.choices["channel"] = [(code, said_channel(code)) for code in ordered_down(self.record)]


class FoundWrongForm(ActForm):
    """登记公示内容有误: what is wrong, as far as it is known."""

    keeps = ("reason",)

    reason = long_text("哪里有误", rows=3)
    timed = False
    whys = {
        "reason": (
            "发现公开的信息不准确的，要及时更正，并分析原因。",
            "国办发〔2018〕118号 二（一）",
        )
    }


class CorrectForm(ActForm):
    """更正公示: the approved correction replaces what is public; a channel of others follows with
    its receipt, now or later.
    """

    reason = long_text("向社会公开的更正说明", rows=2)
    confirm = "更正后，原来的内容不再显示，新页面写明更正了哪些地方。"
    shows = "publication"
    timed = False
    whys = {"reason": ("更正的内容和原因一并公开。", "国办发〔2018〕118号 二（一）")}

    def prepare(self) -> None:
        """The receipt of every other channel on which it stands and to which it is not delivered
        by itself.
        """
        later = {OWN_SITE, *connections.of(self.record.agency_id), *ordered_down(self.record)}
        self.others = [code for code in shown_on(self.record) if code not in later]
        for code in self.others:
            self.fields[f"receipt-{code}"] = forms.CharField(
                label=f"{said_channel(code)}更正回执号",
                max_length=120,
                required=False,
                help_text="还没有更正的留空，更正以后在“发布公示”里登记",
            )

    def receipt(self, channel: str) -> str:
        """The receipt of a channel; empty for our own site."""
        return str(self.cleaned_data.get(f"receipt-{channel}", ""))


class EndEarlyForm(ActForm):
    """信用修复: a channel whose rules know an early end stops showing it."""

    channel = forms.ChoiceField(label="停止公示的渠道")
    decided_on = day("准予信用修复的日期", lies="behind")
    number = forms.CharField(label="信用修复决定文号", max_length=80)
    receipt = forms.CharField(label="该渠道停止公示的回执号", max_length=120)
    timed = False
    whys = {
        "channel": (
            "只有规则写明可以提前停止的渠道才能提前，而且不得早于最短公示期。",
            "信用修复管理办法（2026年4月1日施行）",
        )
    }

    def prepare(self) -> None:
        """Channels on which it stands and whose term may end early."""
        self.choices["channel"] = [
            (code, said_channel(code)) for code in shown_on(self.record) if code != OWN_SITE
        ]

    def facts(self) -> dict[str, Any]:
        """Repaired, on this channel."""
        return {"repaired": True, "channel": self.cleaned_data["channel"]}
