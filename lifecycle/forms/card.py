"""What is written on the card page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team, User
from cardfleet.kernel.reading import Unreadable
from cards.rules.notes import read_note
from cards.rules.tags import split_tags


class TagsField(forms.CharField):
    """Names of tags, parted by commas."""

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the names."""
        try:
            return split_tags(str(super().clean(value)))
        except Unreadable as error:
            raise forms.ValidationError(str(error.message), code=error.code) from error


class TeamForm(forms.Form):
    """The team a card goes to."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["team"]
        assert isinstance(teams, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        teams.queryset = Team.objects.visible_to(person)


class TagsForm(forms.Form):
    """Tags to put on a card, and those to take off it."""

    add = TagsField(label=_("New tags"), required=False, max_length=1000)
    remove = TagsField(label=_("Take off"), required=False, max_length=1000)


class NoteField(forms.CharField):
    """The text of a note; the browser cuts nothing off, so that a note too long is told and not shortened."""

    widget = forms.Textarea

    def clean(self, value: Any) -> str:
        """Return the text."""
        try:
            return read_note(str(super().clean(value)))
        except Unreadable as error:
            raise forms.ValidationError(str(error.message), code=error.code) from error


class NoteForm(forms.Form):
    """A note on a card."""

    text = NoteField(label=_("Note"), required=False, strip=False)


class DocumentForm(forms.Form):
    """A document of a card."""

    file = forms.FileField(label=_("File"), max_length=1000)
