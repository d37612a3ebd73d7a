"""What people type about counts of cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import AgentNameField
from agents.querysets import AgentQuerySet
from cards.models import Location


class TakeForm(forms.Form):
    """What is counted: a place or an agent's cards."""

    location = forms.ModelChoiceField(
        label=_("Place"), queryset=Location.objects.filter(is_active=True), required=False
    )
    agent = AgentNameField(
        label=_("or the cards of an agent"),
        required=False,
        help_text=_("Staff number, name or pinyin initials."),
    )

    def __init__(self, *args: Any, agents: AgentQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].agents = agents  # type: ignore[attr-defined]
