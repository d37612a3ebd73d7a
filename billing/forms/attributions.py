"""Who held a card in a time that was recorded late."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import AgentNameField, MomentInput
from agents.querysets import AgentQuerySet


class AttributionForm(forms.Form):
    """Whose the calls of a time are, and why."""

    agent = AgentNameField(
        label=_("Agent"), required=False, help_text=_("Staff number, name or pinyin initials; empty for nobody.")
    )
    starts_at = forms.DateTimeField(label=_("From"), widget=MomentInput)
    ends_at = forms.DateTimeField(label=_("Until"), widget=MomentInput)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The reason is kept in the journal."))

    def __init__(self, *args: Any, agents: AgentQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].agents = agents  # type: ignore[attr-defined]
