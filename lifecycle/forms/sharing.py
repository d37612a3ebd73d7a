"""Cards kept for somebody, and cards shared out over a team."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.forms import AgentNameField, DayInput
from agents.querysets import AgentQuerySet
from cardfleet.accounts.models import Team
from cardfleet.accounts.querysets import TeamQuerySet
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.forms.handout import CardNameField
from lifecycle.services.handout import MOST_CARDS


class CardNamesField(forms.CharField):
    """Cards by number, last digits or ICCID, one a line; each line must name exactly one in scope."""

    cards: CardQuerySet = Card.objects.none()

    def clean(self, value: Any) -> list[Card]:
        """Return the cards, each once; an error names its line."""
        one = CardNameField()
        one.cards = self.cards
        found, errors = {}, []
        for number, line in enumerate(str(super().clean(value)).split(), start=1):
            try:
                card = one.clean(line)
                found[card.pk] = card
            except forms.ValidationError as error:
                words = format_lazy(_("Line {number}: {error}"), number=number, error=" ".join(error.messages))
                errors.append(forms.ValidationError(words, code=error.code))
        if errors:
            raise forms.ValidationError(errors)
        return list(found.values())


class ReservationForm(forms.Form):
    """Which cards, for whom, when."""

    cards = CardNamesField(
        label=_("Cards"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Number, last digits or ICCID, one a line; or only how many below."),
    )
    count = forms.IntegerField(label=_("Any other cards in stock"), required=False, min_value=1, max_value=MOST_CARDS)
    agent = AgentNameField(label=_("For the agent"), required=False)
    team = forms.ModelChoiceField(Team.objects.none(), label=_("or for the team"), required=False)
    starts_on = forms.DateField(label=_("From"), widget=DayInput)
    ends_on = forms.DateField(label=_("Until"), widget=DayInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(
        self, *args: Any, cards: CardQuerySet, agents: AgentQuerySet, teams: TeamQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cards"].cards = cards  # type: ignore[attr-defined]
        self.fields["agent"].agents = agents  # type: ignore[attr-defined]
        self.fields["agent"].widget.attrs |= {"list": "agent-options", "autocomplete": "off"}
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class DistributionForm(forms.Form):
    """How many cards are shared out over which team, and what its agents plan to call."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))
    count = forms.IntegerField(label=_("How many cards"), min_value=1, max_value=MOST_CARDS)
    planned = forms.IntegerField(
        label=_("Planned calls a day and agent"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_(
            "Cards needed are planned calls over the cap by the rules. Empty: those without a working card come first."
        ),
    )
    due_back_on = forms.DateField(label=_("Due back on"), required=False, widget=DayInput)

    def __init__(self, *args: Any, teams: TeamQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
