"""What people type about customers' problems."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import AgentNameField, DayInput
from agents.models import Agent
from cardfleet.accounts.models import User
from cards.models import Card
from lifecycle.choices import ProblemKind
from lifecycle.forms.performance import MARKS


class ProblemForm(forms.Form):
    """A problem: an agent's own, or for the office one of an agent in scope."""

    agent = AgentNameField(label=_("Agent"), help_text=_("Staff number, name or pinyin initials."), max_length=80)
    kind = forms.ChoiceField(label=_("about what"), choices=ProblemKind.choices)
    text = forms.CharField(
        label=_("the problem"),
        max_length=300,
        help_text=_("In your words, without the customer's name or number."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    raised_on = forms.DateField(label=_("day of the call"), widget=DayInput)
    card = forms.ModelChoiceField(Card.objects.none(), label=_("card"), required=False)

    def __init__(self, *args: Any, person: User, own: Agent | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents, cards = self.fields["agent"], self.fields["card"]
        assert isinstance(agents, AgentNameField)  # noqa: S101 - for the type checker
        assert isinstance(cards, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        agents.agents = Agent.objects.visible_to(person)
        if own:
            del self.fields["agent"]
            cards.queryset = Card.objects.filter(holder=person).select_related("carrier")
        else:
            del self.fields["card"]


class SolveForm(forms.Form):
    """How it was solved, and how content the customer is."""

    solution = forms.CharField(label=_("how it was solved"), max_length=300)
    satisfaction = forms.TypedChoiceField(
        label=_("customer's satisfaction"), choices=[("", "—"), *MARKS], coerce=int, required=False, empty_value=None
    )
