"""Forms of recordings: taking one in, completing it, and why text alone is enough."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from mingzheng.agencies.models import Device
from mingzheng.core import clock
from mingzheng.evidence import recording_requirements
from mingzheng.evidence.models import Recording, Upload
from mingzheng.procedures import registry
from mingzheng.procedures.forms import ActForm, choice, long_text, several, yes_no
from mingzheng.procedures.registry import asks
from mingzheng.records import law
from mingzheng.records.words import act_name

_MARK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})\s+(\S+)\s*(.*)")
SOURCES = [
    ("desk", "办公室上传"),
    ("live", "现场拍摄"),
    ("gallery", "从相册选取（标明非现场拍摄）"),
    ("import", "执法记录仪导出"),
]


class AskingForm(ActForm):
    """A form that asks the facts on which the mode of recording hangs, where the matter does not
    know them.
    """

    def prepare(self) -> None:
        """One question a fact, by its name in the vocabulary."""
        regime, facts = law.regime(self.record), registry.facts_of(self.record)
        for name in recording_requirements.unanswered(regime, clock.today(), facts):
            self.fields[f"fact-{name}"] = yes_no(
                f"是否{regime.words.fact_name(name).removeprefix('是否')}",
                required=False,
                help_text="不填按要求最严的处理",
            )

    def facts(self) -> dict[str, Any]:
        """What was answered."""
        return {
            name.removeprefix("fact-"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("fact-") and value is not None
        }


class AboutForm(AskingForm):
    """What is asked about a recording, new or held: statement, markers, breaks, description."""

    ended_at = forms.DateTimeField(
        label="离开现场（结束记录）的时间",
        required=False,
        help_text="必须全程记录的环节要填",
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        ),
        input_formats=[
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%d %H:%M:%S",
        ],
    )
    spoken = long_text(
        "语音说明要点", rows=2, required=False, help_text="部门、人员、事由、时间、地点"
    )
    marks = long_text(
        "关键点",
        rows=3,
        required=False,
        help_text="一行一个：分:秒 名称 说明，如 00:12 亮证情况 两人出示证件",
    )
    gap_ground = forms.ChoiceField(label="中断的原因", required=False)
    gap_why = forms.CharField(
        label="中断经过", required=False, max_length=300, help_text="有中断时填写"
    )
    informed = choice(
        "是否告知被记录人正在录音录像", [("yes", "已告知"), ("no", "没有告知")], required=False
    )
    informed_how = forms.CharField(
        label="告知方式，或者没有告知的原因", required=False, max_length=200
    )
    text = long_text("文字简要说明", rows=2, required=False)
    large = True

    whys = {
        "text": (
            "录完以后写一小段，查卷的人不看录像也知道录了什么。",
            "国办发〔2018〕118号 三（二）",
        ),
        "marks": ("以后查看时可以直接跳到这一处。", "国办发〔2018〕118号 三（二）"),
    }

    order = (
        "step",
        "recording",
        "waiting",
        "fact-",
        "source",
        "device",
        "clock_offset",
        "happened_at",
        "ended_at",
        "late_reason",
        "said-",
        "spoken",
        "marks",
        "informed",
        "informed_how",
        "text",
        "gap_",
    )
    sections = {
        "happened_at": "时间",
        "informed": "告知和说明",
        "gap_ground": "中断（全程记录有中断时填写）",
    }
    halves = frozenset({"happened_at", "ended_at", "device", "clock_offset"})

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        rank = {
            name: next(
                (at for at, start in enumerate(self.order) if name.startswith(start)),
                len(self.order),
            )
            for name in self.fields
        }
        self.order_fields(sorted(self.fields, key=rank.__getitem__))
        first = next(
            (name for name in self.fields if name.startswith(("said-", "spoken"))), "marks"
        )
        self.sections = {**self.sections, first: "语音说明和关键点"}

    def prepare(self) -> None:
        """One field a point of the spoken statement where the pack lists them; grounds of breaks
        from its list.
        """
        super().prepare()
        regime, facts = law.regime(self.record), registry.facts_of(self.record)
        rows = recording_requirements.of(regime, "", clock.today(), facts)
        self.choices["gap_ground"] = [
            ("", "没有中断"),
            *((str(row["id"]), str(row["name"])) for row in rows.grounds),
        ]
        for row in rows.statement:
            self.fields[f"said-{row['id']}"] = forms.CharField(
                label=f"语音说明：{row['name']}", required=False, max_length=200
            )
        if rows.statement:
            del self.fields["spoken"]
        if rows.markers:
            names = "、".join(str(row["name"]) for row in rows.markers)
            self.fields["marks"].help_text = f"一行一个：分:秒 名称 说明。至少标出：{names}"

    def clean_marks(self) -> list[dict[str, Any]]:
        """Lines of time, name and note; a line that is none of these is named."""
        out = []
        for line in filter(
            None, (each.strip() for each in self.cleaned_data.get("marks", "").splitlines())
        ):
            found = _MARK.fullmatch(line)
            if found is None:
                raise forms.ValidationError(
                    f"看不懂“{line[:40]}”。请写成：分:秒 名称 说明，例如 00:12 亮证情况 两人出示证件"
                )
            hours, minutes, seconds, name, note = found.groups()
            at = (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000
            out.append({"at_ms": at, "name": name[:60], "note": note[:200]})
        return out

    def statement(self) -> dict[str, str]:
        """What was said at the start, by the ids of the pack's list."""
        said = {
            name.removeprefix("said-"): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("said-") and value
        }
        if self.cleaned_data.get("spoken"):
            said["spoken"] = str(self.cleaned_data["spoken"])
        return said

    def clean(self) -> dict[str, Any]:
        """A ground of a break needs its words; a recording ends after it began and not in the
        future.
        """
        data = super().clean() or {}
        ended = data.get("ended_at")
        if ended and (
            ended > clock.now() or (data.get("happened_at") and ended < data["happened_at"])
        ):
            self.add_error("ended_at", "结束时间要晚于开始时间，并且不能是将来")
        if data.get("gap_ground") and not str(data.get("gap_why", "")).strip():
            self.add_error("gap_why", "请写明中断的经过")
        if data.get("informed") == "no" and not str(data.get("informed_how", "")).strip():
            self.add_error("informed_how", "没有告知被记录人的，请写明原因")
        return data


class RecordingForm(AboutForm):
    """存入音像记录: files of one step."""

    step = forms.ChoiceField(label="记录的是哪一环节")
    device = forms.ChoiceField(label="记录设备", required=False)
    clock_offset = forms.IntegerField(
        label="设备时钟误差（秒）",
        required=False,
        min_value=-86400 * 366,
        max_value=86400 * 366,
        help_text="设备比标准时间快填正数，慢填负数",
    )
    source = choice("来源", SOURCES, radio=False, required=False)
    upload = "录音、录像或者照片"
    upload_required = True

    def sent(self) -> list[str]:
        """What was uploaded for this form, then what had come in by import and is put here now."""
        chosen = (
            [str(code) for code in self.data.getlist("waiting")]
            if hasattr(self.data, "getlist")
            else list(self.data.get("waiting", ()))
        )
        known = {code for code, _ in getattr(self.fields.get("waiting"), "choices", ())}
        return list(dict.fromkeys([*super().sent(), *(code for code in chosen if code in known)]))

    def prepare(self) -> None:
        """The steps of this procedure that are recorded, by its own table or by the pack's list;
        the agency's devices.
        """
        super().prepare()
        procedure, facts = registry.procedure(self.record.procedure), registry.facts_of(self.record)
        rows = law.regime(self.record).rows("recordings", clock.today(), facts).rows
        named = {str(row.get("act")) for row in rows}
        acts = dict.fromkeys(
            step.act for step in procedure.steps if step.recording or step.act in named
        )
        modes = {
            act: recording_requirements.of(law.regime(self.record), act, clock.today(), facts).mode
            for act in acts
        }
        self.choices["step"] = [
            ("", "请选择"),
            *(
                (
                    act,
                    act_name(act)
                    + (
                        f"（{Recording.MODES[modes[act]]}）"
                        if modes[act] in Recording.MODES and modes[act]
                        else ""
                    ),
                )
                for act in acts
            ),
        ]
        came = Upload.objects.filter(
            person_id=self.actor.person_id,
            agency_id=self.record.agency_id,
            state=Upload.STORED,
            claimed_at=None,
            meta__source="import",
        )
        if came:
            self.fields["waiting"] = several(
                "已导入、还没有归入案件的录像",
                [(row.code, row.name) for row in came.order_by("name")],
                required=False,
            )
            self.fields["waiting"].initial = [
                row.code for row in came if row.meta.get("matched") == self.record.pk
            ]
        devices = Device.objects.filter(agency=self.record.agency_id, state=Device.FIT).order_by(
            "number"
        )
        self.choices["device"] = [
            ("", "没有登记的设备"),
            *((str(row.pk), f"{row.number} {row.name}") for row in devices),
        ]

    def qualifier(self, usual: str) -> str:
        """The step that was recorded."""
        return str(self.cleaned_data["step"])


class CompleteForm(AboutForm):
    """补全音像记录: what a held recording still lacks."""

    recording = forms.ChoiceField(label="补全哪一份")
    upload = "补充的录音、录像或者照片"
    timed = False

    def prepare(self) -> None:
        """The recordings of this matter that are held as incomplete."""
        super().prepare()
        held = Recording.objects.filter(record=self.record, taken_by=None).order_by("pk")
        self.choices["recording"] = [
            (
                str(row.pk),
                f"{act_name(row.step)}，{clock.local(row.began_at):%-m月%-d日 %H:%M} 开始",
            )
            for row in held
        ]

    def qualifier(self, usual: str) -> str:
        """The step that was recorded."""
        return str(Recording.objects.get(pk=int(self.cleaned_data["recording"])).step)


class WaiveForm(AskingForm):
    """登记不作音像记录: the text records it fully, where the pack has that clause."""

    keeps = ("step", "reason")

    step = forms.ChoiceField(label="哪一环节")
    reason = long_text("文字为什么足以全面记录", rows=3)
    timed = False

    def prepare(self) -> None:
        """Only steps that the pack wants recorded as needed, and only in packs that have the
        clause.
        """
        super().prepare()
        answer = law.regime(self.record).rows(
            "recordings", clock.today(), registry.facts_of(self.record)
        )
        never = tuple((answer.waiver or {}).get("never", ()))
        strict = {
            str(row.get("act"))
            for row in answer.rows
            if row.get("mode") in never and not row.get("unknown")
        }
        fit = [
            act
            for act in dict.fromkeys(str(row.get("act")) for row in answer.rows)
            if answer.waiver and act not in strict
        ]
        self.choices["step"] = [(act, act_name(act)) for act in fit]
        if not fit:
            self.fields["step"].help_text = "本机关的规则里没有可以只用文字记录的环节，这一步不能办"

    def clean(self) -> dict[str, Any]:
        """Refused before anybody is asked to approve it, when the answers make it a step that must
        be recorded.
        """
        data = super().clean() or {}
        if data.get("step"):
            demand = recording_requirements.of(
                law.regime(self.record),
                data["step"],
                clock.today(),
                {**registry.facts_of(self.record), **self.facts()},
            )
            if not demand.waivable:
                self.add_error(
                    "step",
                    f"这一环节{Recording.MODES.get(demand.mode, '')}，"
                    f"不能只用文字记录（{demand.source}）",
                )
        return data

    def qualifier(self, usual: str) -> str:
        """The step that was not recorded."""
        return str(self.cleaned_data["step"])


@asks("exception.approved:recording")
class ExceptionForm(ActForm):
    """记录例外: why a step could not be recorded as the rules want it."""

    keeps = ("step", "reason")

    ground = choice("例外情形", ())
    step = forms.CharField(label="哪一环节", max_length=60)
    reason = long_text("经过和理由", rows=3)
    timed = False
    fitting = ("device-failure", "rescue-first")
    whys = {
        "ground": (
            "例外只能是清单里列明的，每一件单独登记、写明理由并经批准。",
            "本机关规则包中的例外清单",
        )
    }

    def prepare(self) -> None:
        """The pack's closed list, as far as it concerns recordings."""
        rows = (
            law.regime(self.record)
            .rows("exceptions", clock.today(), registry.facts_of(self.record))
            .rows
        )
        self.choices["ground"] = [
            (str(row["id"]), str(row["name"])) for row in rows if row["id"] in self.fitting
        ]

    def qualifier(self, usual: str) -> str:
        """Which exception."""
        return str(self.cleaned_data["ground"])
