"""Forms of evidence items: collected, monitored, handed on, sealed, released as an original."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.core import clock
from mingzheng.evidence.models import EVIDENCE_KINDS, Item, ItemFile, Segment
from mingzheng.procedures.forms import ActForm, choice, day, long_text
from mingzheng.procedures.presence import OfficersForm
from mingzheng.procedures.registry import asks
from mingzheng.records.models import Record

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext


class CollectForm(OfficersForm):
    """调取证据: what it is, where it came from, what it proves; from a carrier, how it was taken
    off it.
    """

    keeps = (
        "kind_of_evidence",
        "name",
        "origin",
        "proves",
        "carrier",
        "extracted",
        "original",
        "why_not",
    )
    names_handlers = True

    kind_of_evidence = choice("证据种类", [(name, name) for name in EVIDENCE_KINDS], radio=False)
    name = forms.CharField(label="证据名称", max_length=200)
    origin = forms.CharField(label="来源（提供人、原件存放处）", max_length=200)
    proves = forms.CharField(label="证明内容", max_length=300)
    carrier = forms.CharField(
        label="原始载体",
        max_length=200,
        required=False,
        help_text="视听资料、电子数据填写：型号、编号、现在由谁保管",
    )
    extracted = forms.CharField(label="提取方法和工具", max_length=300, required=False)
    original = choice(
        "原始载体怎样处理",
        [
            ("kept", "随案扣押或者封存"),
            ("returned", "提取后留当事人处"),
            ("none", "无法取得原始载体"),
        ],
        required=False,
    )
    why_not = forms.CharField(label="无法取得原始载体的原因", max_length=300, required=False)
    keeper = forms.CharField(label="保管人", max_length=60, required=False)
    place = forms.CharField(label="存放位置", max_length=120, required=False)
    upload = "证据文件（扫描件、照片、录音录像、电子数据）"
    upload_required = True
    large = True
    sections = {"carrier": "视听资料、电子数据", "keeper": "保管"}
    halves = frozenset({"happened_at", "late_reason", "keeper", "place"})
    whys = {
        "carrier": (
            "视听资料、电子数据应当取自原始载体，取不到的要说明原因、写明复制经过。",
            "《行政处罚法》第四十六条第二款、第三款",
        )
    }

    def clean(self) -> dict[str, Any]:
        """Sound, pictures and data say from which carrier and how."""
        data = super().clean() or {}
        if data.get("kind_of_evidence") in ("视听资料", "电子数据"):
            for name, say in (
                ("carrier", "请写明原始载体"),
                ("extracted", "请写明怎样提取、用什么工具"),
                ("original", "请选择原始载体怎样处理"),
            ):
                if not str(data.get(name, "")).strip():
                    self.add_error(name, say)
            if data.get("original") == "none" and not str(data.get("why_not", "")).strip():
                self.add_error("why_not", "无法取得原始载体的，请写明原因")
        return data


class MonitoringForm(OfficersForm):
    """电子技术监控: the record of a fixed device, with both reviews and the publication of its
    place.
    """

    keeps = ("name", "proves")
    names_handlers = True

    name = forms.CharField(label="记录名称", max_length=200)
    site = forms.CharField(label="监控设备设置地点", max_length=200)
    published_on = day("设置地点向社会公布的日期")
    standard = forms.CharField(label="设备符合的标准、检定证书", max_length=200)
    legal_review = forms.CharField(label="法制审核人", max_length=60)
    technical_review = forms.CharField(label="技术审核人", max_length=60)
    checked = long_text("审核记录（真实、清晰、完整、准确）", rows=2)
    proves = forms.CharField(label="证明内容", max_length=300)
    told_on = day("告知当事人违法事实的日期", required=False)
    upload = "监控记录"
    upload_required = True
    large = True
    whys = {
        "legal_review": (
            "监控设备收集的事实应当经过法制和技术审核，设置合理、标准合格、地点公布。",
            "《行政处罚法》第四十一条",
        )
    }

    def clean(self) -> dict[str, Any]:
        """The place was published before; two people reviewed."""
        data = super().clean() or {}
        if data.get("legal_review") and data.get("legal_review") == data.get("technical_review"):
            self.add_error("technical_review", "法制审核和技术审核不能是同一个人")
        return data


def items_of(record: Record) -> list[tuple[str, str]]:
    """The matter's evidence by number."""
    return [
        (str(row.pk), f"{row.number} 号 {row.kind} {row.name}")
        for row in Item.objects.filter(record=record).order_by("number")
    ]


class CustodyForm(ActForm):
    """证据移交保管."""

    keeps = ("giver", "taker", "place", "why")

    item = forms.ChoiceField(label="哪一件")
    giver = forms.CharField(label="移交人", max_length=60)
    taker = forms.CharField(label="接收人", max_length=60)
    place = forms.CharField(label="存放位置", max_length=120)
    why = forms.CharField(label="移交原因", max_length=200)

    def prepare(self) -> None:
        """The matter's evidence."""
        self.choices["item"] = items_of(self.record)


class SealForm(OfficersForm):
    """封存证据."""

    keeps = ("seal_number", "present", "place")
    names_handlers = True

    item = forms.ChoiceField(label="哪一件")
    seal_number = forms.CharField(label="封条编号", max_length=60)
    present = forms.CharField(label="在场见证人", max_length=100)
    place = forms.CharField(label="存放位置", max_length=120)

    def prepare(self) -> None:
        """The matter's evidence that is not sealed yet."""
        super().prepare()
        held = {str(row.pk) for row in Item.objects.filter(record=self.record, sealed_by=None)}
        self.choices["item"] = [each for each in items_of(self.record) if each[0] in held]


@asks("original.released")
class ReleaseForm(ActForm):
    """提供原始文件: which, to whom, why; the file itself is downloaded afterwards."""

    keeps = ("to", "why")

    file = forms.ChoiceField(label="哪一份原始文件")
    to = forms.CharField(label="提供给谁", max_length=100)
    why = long_text("用途", rows=2)
    timed = False
    whys = {
        "file": (
            "页面上看到的都是本平台生成的播放件；原始文件只在批准后作为附件提供，每次都有记录。",
            "国办发〔2018〕118号 三（三）",
        )
    }

    def prepare(self) -> None:
        """Every original of the matter's recordings and evidence."""
        segments = (
            Segment.objects.filter(recording__record=self.record)
            .order_by("pk")
            .values_list("blob_id", "name")
        )
        files = (
            ItemFile.objects.filter(item__record=self.record)
            .order_by("pk")
            .values_list("blob_id", "name")
        )
        self.choices["file"] = [
            (blob, f"{name}（{blob[:8]}）") for blob, name in dict([*segments, *files]).items()
        ]

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """To whom, what for, and when."""
        return {**super().act_content(context), "on": clock.today().isoformat()}

    def act_subject(self, context: StepContext) -> str:
        """The file that leaves."""
        return str(self.cleaned_data["file"])
