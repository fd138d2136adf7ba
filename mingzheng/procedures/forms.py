"""The form of an act: fields in order, and beside each why it is asked and by which article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from mingzheng.core import clock, given, legible
from mingzheng.documents import acts as document_acts
from mingzheng.procedures.situation import Matter
from mingzheng.procedures.typed import must_print
from mingzheng.records.acts import LATE_REASONS
from mingzheng.records.duties import WHOLE
from mingzheng.records.models import Duty, Record

if TYPE_CHECKING:
    from mingzheng.procedures.step_context import StepContext

UPLOAD_LIMIT = 20 * (1 << 20)


def fen(amount: Decimal | None) -> int | None:
    """Yuan as typed to 分 as stored."""
    return None if amount is None else int((amount * 100).to_integral_value())


def lines(text: str) -> list[str]:
    """The non-empty lines of a field that takes one item a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def codes_in(text: str) -> list[str]:
    """The codes of uploads in a field of a form, each once, in order."""
    return list(dict.fromkeys(re.findall(r"[a-z2-7]{26}", text)))


class Choices:
    """What may be chosen in the fields of a form, by the field's name."""

    def __init__(self, form: forms.Form) -> None:
        self.form = form

    def __getitem__(self, name: str) -> dict[str, str]:
        field = self.form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        rows: Any = field.choices
        return {str(value): str(text) for value, text in rows}

    def __setitem__(self, name: str, rows: Iterable[tuple[Any, Any]]) -> None:
        field = self.form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(rows)


class ActForm(forms.Form):
    """Base of every act's form. `whys` maps a field to (why it is asked, article).

    What the act of the step says is said here too: a step that only keeps its answers and leaves
    the papers of its row has no function, only a form (`registry.asks`).
    """

    # The answers that the act keeps as they were given; those of one item a line, kept as lists;
    # amounts, typed in yuan and kept in 分.
    keeps: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    # Whether the act names who handles the matter, because later gates compare them.
    names_handlers = False
    # What is known only once the paper has been handed over or signed: not asked when it is made
    # beforehand.
    later: tuple[str, ...] = ()
    # Whether the matter is closed with this step.
    closes = False

    whys: dict[str, tuple[str, str]] = {}
    upload: str = ""
    upload_required = False
    # Files of any size come beforehand by resumable upload; the form then names them by code.
    large = False
    timed = True
    confirm: str = ""
    # A heading before the field it names, and fields short enough to stand two in a row.
    sections: dict[str, str] = {}
    halves: frozenset[str] = frozenset({"happened_at", "late_reason"})
    # Which text the step is about, shown beside the form: "decision", "publication" or none.
    shows: str = ""
    # Why the step is to be taken anew, in somebody else's words.
    heard: str = ""
    # Shown again with the answers so far and not yet judged.
    looking = False

    def __init__(
        self,
        data: Any = None,
        *,
        record: Record,
        actor: Any,
        routed: bool = False,
        making: bool = False,
        situation: Matter | None = None,
        **kwargs: Any,
    ) -> None:
        """`situation` is what whoever shows or judges the form has read of this record already;
        `making` judges the answers that the papers need, and no others.
        """
        self.choices = Choices(self)
        self.record, self.actor, self.making = record, actor, making
        self._situation = situation
        kwargs.setdefault("label_suffix", "")
        super().__init__(_seen(data), **kwargs)
        self.prepare()
        if making:
            for name in self.later:
                self.fields[name].required = False
        if self.timed and not routed and not making:
            self.fields["happened_at"] = forms.DateTimeField(
                label="发生时间",
                help_text="以事情发生的时刻为准，不是录入的时刻",
                initial=clock.now,
                widget=forms.DateTimeInput(
                    attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
                ),
                input_formats=[
                    "%Y-%m-%dT%H:%M",
                    "%Y-%m-%dT%H:%M:%S",
                    "%Y-%m-%d %H:%M",
                    "%Y-%m-%d %H:%M:%S",
                ],
            )
            self.fields["late_reason"] = forms.ChoiceField(
                label="补录原因",
                required=False,
                choices=[("", "当日办理，不用填"), *LATE_REASONS.items()],
                help_text="发生日期早于今天时必须选择",
            )
        self.left_open = self._still_owed() if self.closes else []
        if self.left_open:
            self._ask_about_what_is_owed()
        for name, field in self.fields.items():
            _speak_chinese(name, field)
            must_print(field)

    def _still_owed(self) -> list[Duty]:
        """Duties that the end of the matter would leave open, the nearest first; not those that it
        ends itself, nor what is bound only afterwards.
        """
        owed = [
            duty
            for duty in self.situation.open_duties
            if not {each.partition(":")[0] for each in duty.then} <= {"case.closed", *WHOLE}
        ]
        return sorted(owed, key=lambda duty: (duty.light_due is None, duty.light_due, duty.pk))

    def _ask_about_what_is_owed(self) -> None:
        """A matter is never closed silently over what is still owed: each is named and confirmed,
        and one that is late needs a reason.
        """
        today = clock.today()
        late = [duty for duty in self.left_open if duty.light_due and duty.light_due < today]
        said = "；".join(dict.fromkeys(_owed_in_words(duty, today) for duty in self.left_open))
        self.fields["left_open"] = forms.BooleanField(
            label=f"还有 {len(self.left_open)} 项没有了结，办结以后继续办：{said}"
        )
        if late:
            self.fields["left_why"] = long_text("逾期没有办的，为什么现在办结", rows=2)

    def clean(self) -> dict[str, Any]:
        """Days that are still to come do not lie before the act, days that are over not ahead."""
        data: dict[str, Any] = super().clean() or {}
        today, happened = clock.today(), data.get("happened_at")
        on = clock.local(happened).date() if happened else today
        for name, field in self.fields.items():
            lies, said = getattr(field, "lies", ""), data.get(name)
            if said and lies == "ahead" and said < on:
                self.add_error(name, f"{field.label}不能早于办理这一步的 {on:%Y年%-m月%-d日}")
            elif said and lies == "behind" and said > today:
                self.add_error(name, f"{field.label}不能晚于今天")
        for paper in document_acts.unserved(self.record) if self.closes else ():
            self.add_error(
                None,
                f"先制作的《{paper.title}》（{paper.full_number}）还没有送达，请先填送达情况；"
                "不再用的，先办“文书作废登记”",
            )
        return data

    @property
    def situation(self) -> Matter:
        """What is known of the record; read by the form itself where nobody handed it in."""
        if self._situation is None:
            self._situation = Matter(self.record)
        return self._situation

    def prepare(self) -> None:
        """Fill choices and initial values from the record; subclasses override."""

    def qualifier(self, usual: str) -> str:
        """What the act is about, for these answers; the step's own word unless a subclass knows
        better.
        """
        return usual

    def route(self, usual: str) -> str:
        """The approval route for these answers; the step's own unless a subclass knows better."""
        return usual

    def entered_late(self) -> bool:
        """Whether the answers speak of an earlier day than today and say why it is entered only
        now.
        """
        happened = self.cleaned_data.get("happened_at")
        return (
            bool(self.cleaned_data.get("late_reason"))
            and happened is not None
            and clock.local(happened).date() < clock.today()
        )

    def sent(self) -> list[str]:
        """The codes of the finished uploads that the form names, in order."""
        return codes_in(str(self.data.get("uploads", ""))) if self.large else []

    def facts(self) -> dict[str, Any]:
        """The facts this form adds for the rules, once it is valid."""
        return {}

    def attrs(self) -> dict[str, Any]:
        """What later gates compare (how much longer, for instance), known before acting; once the
        form is valid.
        """
        return {}

    def act_content(self, context: StepContext) -> dict[str, Any]:
        """What the act says: the answers that the form keeps; subclasses add what they know."""
        answers = self.cleaned_data
        left = {
            "left_open": [duty.rule for duty in self.left_open],
            "left_why": answers.get("left_why", ""),
        }
        return {
            **(left if self.left_open else {}),
            **{name: answers.get(name, "") for name in self.keeps},
            **{name: lines(answers[name]) for name in self.listed},
            **{name: fen(answers[name]) or 0 for name in self.money},
        }

    def act_subject(self, context: StepContext) -> str:
        """The one thing that the act is about, where there is one: a text, a person, a file."""
        return ""

    def act_attrs(self, context: StepContext) -> dict[str, Any]:
        """What later gates compare, with what is known only when the step is done."""
        return {**self.attrs(), **({"handler": context.handlers} if self.names_handlers else {})}

    def raw(self) -> dict[str, Any]:
        """The data as typed, in JSON's types, so that a proposal can be checked again when it is
        approved.
        """
        out: dict[str, Any] = {}
        for name, field in self.fields.items():
            many = isinstance(field, forms.MultipleChoiceField)
            value = (
                self.data.getlist(name)
                if many and hasattr(self.data, "getlist")
                else self.data.get(name)
            )
            if value not in (None, ""):
                out[name] = list(value) if many and not isinstance(value, str) else value
        return json.loads(json.dumps(out, default=str))  # type: ignore[no-any-return]


def _seen(data: Any) -> Any:
    """The answers without what cannot be seen: a reason of invisible characters is none, and no name
    hides one.
    """
    if data is None:
        return None
    if not hasattr(data, "getlist"):
        return {name: _plain(value) for name, value in data.items()}
    hiding = [name for name in data if any(_plain(v) != v for v in data.getlist(name))]
    if hiding:
        data = data.copy()
        for name in hiding:
            data.setlist(name, [_plain(value) for value in data.getlist(name)])
    return data


def _plain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "" if legible.blank(value) else legible.shown(value)


def _says_something(text: str) -> None:
    if not legible.says_something(text):
        raise forms.ValidationError("只有标点、符号，没有写内容，请写明")


def _possible(value: date | float) -> None:
    """A year that calendars and time zones can count, a number that a column can hold."""
    if isinstance(value, date) and value.year not in given.YEARS:
        raise forms.ValidationError("没有这样的日期，请核对年份")
    if not isinstance(value, date) and abs(value) > given.LARGEST:
        raise forms.ValidationError("数字太大，请核对")


def _owed_in_words(duty: Duty, today: date) -> str:
    """What is owed, and until when."""
    text = duty.text if len(duty.text) <= 40 else duty.text[:40] + "……"
    if duty.light_due is None:
        return f"{text}（及时）"
    late = "，已逾期" if duty.light_due < today else ""
    return f"{text}（{duty.light_due:%-m月%-d日}前{late}）"


def _speak_chinese(name: str, field: forms.Field) -> None:
    label = field.label or name
    ticked = isinstance(field, forms.BooleanField)
    field.error_messages["required"] = f"请核对后勾选：{label}" if ticked else f"请填写{label}"
    field.error_messages.setdefault("invalid", f"{label}的格式不对，请核对")
    if isinstance(field, forms.ChoiceField):
        field.error_messages["invalid_choice"] = f"{label}只能从列出的选项中选择"
    if isinstance(field, (forms.DateField, forms.DateTimeField)):
        field.error_messages["invalid"] = f"{label}的格式不对，例如 2026-11-21"
    if isinstance(field, forms.DecimalField):
        field.error_messages |= {
            "invalid": f"{label}请填数字，单位是元",
            "min_value": f"{label}不能小于 {field.min_value}",
            "max_value": f"{label}不能大于 {field.max_value}",
            "max_digits": f"{label}的数太大，请核对",
            "max_whole_digits": f"{label}的数太大，请核对",
            "max_decimal_places": f"{label}最多写到分（两位小数）",
        }
    if isinstance(field, (forms.DateField, forms.DateTimeField, forms.IntegerField)):
        field.validators.append(_possible)
    widget = field.widget
    if not isinstance(
        widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
    ):
        widget.attrs.setdefault("class", "input")


def long_text(
    label: str, *, required: bool = True, help_text: str = "", rows: int = 4
) -> forms.CharField:
    """A field for several sentences."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=20_000,
        validators=[_says_something],
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def yes_no(label: str, *, help_text: str = "", required: bool = True) -> forms.TypedChoiceField:
    """是 / 否, and nothing chosen in advance: an unknown stays unknown."""
    return forms.TypedChoiceField(
        label=label,
        required=required,
        help_text=help_text,
        choices=[("yes", "是"), ("no", "否")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )


def day(
    label: str, *, required: bool = True, help_text: str = "", lies: str = ""
) -> forms.DateField:
    """A calendar day: one that `lies` "ahead" is no earlier than the day of the act, one that lies
    "behind" no later than today.
    """
    field = forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field.lies = lies  # type: ignore[attr-defined]
    return field


def yuan(label: str, *, required: bool = True, help_text: str = "") -> forms.DecimalField:
    """An amount in yuan with at most two decimals."""
    return forms.DecimalField(
        label=label,
        required=required,
        help_text=help_text,
        min_value=0,
        max_digits=14,
        decimal_places=2,
    )


def choice(
    label: str, choices: Any, *, required: bool = True, radio: bool = True, help_text: str = ""
) -> forms.ChoiceField:
    """One of several, shown as radio buttons or as a drop-down."""
    items = list(choices)
    if not radio and not required:
        items = [("", "请选择"), *items]
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=items,
        help_text=help_text,
        widget=forms.RadioSelect if radio else forms.Select,
    )


def several(
    label: str, choices: Any = (), *, required: bool = True, help_text: str = ""
) -> forms.MultipleChoiceField:
    """Any number of the choices."""
    return forms.MultipleChoiceField(
        label=label,
        required=required,
        choices=choices,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )
