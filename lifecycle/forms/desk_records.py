"""Checklists and the directory in the administration."""

from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from cards.forms.reference import LinesField
from lifecycle.models import Checklist, DirectoryEntry


class ChecklistForm(forms.ModelForm):  # type: ignore[type-arg]
    """The next version of a list: a question a line, the law it rests on after a bar."""

    questions = LinesField(
        label=_("questions"),
        help_text=_("One line a question; the law it rests on after “ | ”. All of them, old and new."),
    )

    class Meta:
        model = Checklist
        fields = ("kind", "questions", "reason")


class DirectoryEntryForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of the directory."""

    class Meta:
        model = DirectoryEntry
        fields = "__all__"  # noqa: DJ007 - the service lists what may be edited
        field_classes = {"site": partial(forms.URLField, assume_scheme="https")}
