"""What is typed can be printed: asked of every text of a form, at the field where it stands."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from mingzheng.documents import glyphs

_FREE = (forms.CharField,)
# These hold addresses of the net and patterns, which their own checks judge.
_OWN = (forms.EmailField, forms.URLField, forms.UUIDField)


def must_print(field: forms.Field) -> None:
    """Let a field refuse characters that no paper can show."""
    if isinstance(field, _FREE) and not isinstance(field, _OWN):
        field.validators = [*field.validators, printable]


def printable(text: str) -> None:
    """ValidationError that names the characters of a text which cannot be printed, each with what to
    do.
    """
    if found := glyphs.lacking(text):
        raise ValidationError("；".join(each.said for each in found[:3]))
