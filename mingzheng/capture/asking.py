"""A form of a step as the phone draws it: the same fields, choices and words as at the desk."""

from __future__ import annotations

from typing import Any

from django import forms

from mingzheng.procedures.forms import ActForm
from mingzheng.procedures.strokes import StrokeField

# The phone measures these itself, or sends them with the files.
MEASURED = frozenset({"happened_at", "ended_at", "late_reason", "clock_offset", "source", "marks"})


def fields(form: ActForm, *also: str) -> list[dict[str, Any]]:
    """Each field as {name, label, help, kind, required, choices, value, most, section, why,
    source}; those of `also` although measured.

    Kinds: line, text, one, many, day, tick, pad.
    """
    return [_field(form, bound) for bound in form if bound.name not in MEASURED - set(also)]


def _field(form: ActForm, bound: forms.BoundField) -> dict[str, Any]:
    field = bound.field
    value = field.initial() if callable(field.initial) else field.initial
    why, source = form.whys.get(bound.name, ("", ""))
    return {
        "name": bound.name,
        "label": str(field.label or bound.name),
        "help": str(field.help_text),
        "kind": _kind(field),
        "required": field.required,
        "value": value if isinstance(value, list) else "" if value is None else str(value),
        "choices": [
            [str(key), *str(text).split("|")]
            for key, text in getattr(field, "choices", ())
            if str(key)
        ],
        "most": getattr(field, "max_length", None) or 0,
        "section": form.sections.get(bound.name, ""),
        "why": why,
        "source": source,
    }


def _kind(field: forms.Field) -> str:
    if isinstance(field, StrokeField):
        return "pad"
    if isinstance(field, forms.MultipleChoiceField):
        return "many"
    if isinstance(field, forms.ChoiceField):
        return "one"
    if isinstance(field, forms.BooleanField):
        return "tick"
    if isinstance(field, forms.DateField):
        return "day"
    return "text" if isinstance(field.widget, forms.Textarea) else "line"
