"""Forms: how a paper reaches the counterpart, service of the decision among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.cases.parties import respondents
from mingzheng.procedures.forms import ActForm, choice, long_text
from mingzheng.procedures.presence import SignedForm, signature
from mingzheng.procedures.registry import asks
from mingzheng.records.models import EffectiveAct

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext


MANNERS = {
    "direct": ("直接送达", "交当事人本人、法定代表人或者负责收件的人"),
    "left": ("留置送达", "拒收时使用，须有见证人，或者全程录音录像"),
    "post": ("邮寄送达", "以回执上注明的收件日期为准"),
    "entrusted": ("委托送达", "委托其他机关代为送达"),
    "public-notice": ("公告送达", "其他方式都无法送达时使用，须先公告期满"),
    "electronic": ("电子送达", "须有当事人签署的确认书"),
}
RELATIONS = [
    ("self", "本人"),
    ("legal-representative", "法定代表人（负责人）"),
    ("staff", "工作人员"),
    ("agent", "委托代理人"),
    ("family", "同住成年家属"),
    ("other", "其他"),
]


def service(data: dict[str, Any]) -> dict[str, Any]:
    """How a paper was served, as it is kept with the act."""
    return {
        name: data.get(name, "")
        for name in (
            "manner",
            "place",
            "receiver",
            "relation",
            "refusal_reason",
            "witness",
            "to_party",
        )
    }


def told(data: dict[str, Any]) -> dict[str, str]:
    """Which counterpart was told or served, where there are several; empty for the only one."""
    return {"party": str(data["to_party"])} if data.get("to_party") else {}


class ServedForm(ActForm):
    """How a paper reached the counterpart."""

    later = ("manner", "place", "receiver", "relation", "refusal_reason", "witness")

    manner = choice(
        "送达方式", [(code, f"{name}|{help}") for code, (name, help) in MANNERS.items()]
    )
    place = forms.CharField(label="送达地点", max_length=200)
    receiver = forms.CharField(label="签收人", max_length=60, required=False)
    relation = choice("签收人与当事人的关系", RELATIONS, radio=False, required=False)
    refusal_reason = forms.CharField(
        label="拒收的理由",
        required=False,
        max_length=300,
        help_text="留置送达时填写，照当事人的原话记，不要概括",
    )
    witness = forms.CharField(
        label="见证人", required=False, max_length=100, help_text="留置送达时填写姓名、单位和职务"
    )

    whys = {
        "manner": (
            "方式不同，生效的日子和要留的凭据不同。",
            "《行政处罚法》第六十一条；《民事诉讼法》第七章第二节",
        ),
        "receiver": ("证明文书交到了有权签收的人手里。", "《民事诉讼法》第八十八条"),
        "refusal_reason": (
            "拒收也能送达，但要有见证人，或者录音录像。",
            "《民事诉讼法》第八十九条",
        ),
        "happened_at": (
            "复议、诉讼和缴款的期限从这一天起算，算错会影响当事人的权利。",
            "《行政处罚法》第六十一条第一款",
        ),
    }

    def prepare(self) -> None:
        """Where there are several counterparts, each is served by himself."""
        rows = respondents(self.record)
        if len(rows) > 1:
            self.fields["to_party"] = choice(
                "送达给谁", [(str(row.pk), row.name) for row in rows], radio=False
            )
            self.order_fields(["to_party"])

    def clean(self) -> dict[str, Any]:
        """Each manner needs its own proof."""
        data = super().clean() or {}
        if self.making:
            return data
        manner = data.get("manner")
        if manner in ("direct", "entrusted", "post") and not data.get("receiver", "").strip():
            self.add_error("receiver", "请写签收人姓名")
        if manner == "left":
            if not data.get("refusal_reason", "").strip():
                self.add_error(
                    "refusal_reason", "请写明拒收的理由；当事人不说理由的，写“未说明理由”"
                )
            if not data.get("witness", "").strip() and not self._recorded():
                self.add_error("witness", "留置送达须有见证人签名，或者先存入送达过程的音像记录")
        if manner == "electronic" and not self._stands("address.confirmed"):
            self.add_error("manner", "电子送达须先登记当事人签署的送达地址确认书")
        if manner == "public-notice" and not self._stands("public-notice.given"):
            self.add_error("manner", "公告送达须先办理公告")
        return data

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """How the paper was served."""
        return {**super().act_content(context), **service(self.cleaned_data)}

    def _stands(self, kind: str) -> bool:
        return EffectiveAct.objects.filter(record=self.record, kind=kind, voided_by=None).exists()

    def _recorded(self) -> bool:
        return EffectiveAct.objects.filter(
            record=self.record, kind="recording.taken", of="decision.served", voided_by=None
        ).exists()


class ServeForm(ServedForm):
    """送达决定书."""

    upload = "送达回证（扫描件）"

    def qualifier(self, usual: str) -> str:
        """The manner of service."""
        return str(self.cleaned_data["manner"])


class SpotServeForm(ActForm):
    """当场交付决定书."""

    receiver = forms.CharField(label="签收人", max_length=60)

    def qualifier(self, usual: str) -> str:
        """Handing over on the spot is direct service."""
        return "direct"

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """Who took it, there and then."""
        return {"manner": "direct", "receiver": self.cleaned_data["receiver"], "place": ""}


@asks("public-notice.given")
class PublicNoticeForm(ActForm):
    """公告."""

    keeps = ("place", "reason", "text")

    place = forms.CharField(label="公告载体", max_length=200)
    reason = long_text("无法以其他方式送达的情形", rows=2)
    text = long_text("公告内容", rows=4)


class AddressForm(SignedForm):
    """送达地址确认书."""

    confirmed = forms.CharField(label="确认的送达地址", max_length=200)
    electronic = forms.CharField(label="电子送达地址（选填）", required=False, max_length=200)

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """What the counterpart signed; the officers only handed him the sheet."""
        data = self.cleaned_data
        return {
            "confirmed": data["confirmed"],
            "electronic": data["electronic"],
            **signature(data),
        }

    def act_attrs(self, context: StepContext) -> dict[str, Any]:
        """Nothing that a gate compares."""
        return {}
