"""What people enter about budgets (R66)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import AgentNameField
from agents.models import Agent
from billing.choices import BudgetPeriod, BudgetScope
from billing.forms.top_ups import one_card
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.money import ZERO
from cards.models import Card, RatePlan

LEAST, MOST = Decimal(1), Decimal("99999999.99")


class AmountForm(forms.Form):
    """What may be spent."""

    amount = forms.DecimalField(
        label=_("Budget (CNY)"), min_value=LEAST, max_value=MOST, max_digits=10, decimal_places=2
    )


class BudgetForm(AmountForm):
    """Whose budget, for which month or year, and how much."""

    field_order = ("scope", "team", "agent", "card", "period", "amount")
    scope = forms.ChoiceField(label=_("Whose"), choices=BudgetScope)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False)
    agent = AgentNameField(label=_("Agent"), required=False, help_text=_("Staff number, name or pinyin initials."))
    card = forms.CharField(label=_("Card"), required=False, help_text=_("Number, last digits or ICCID."))
    period = forms.ChoiceField(label=_("For a"), choices=BudgetPeriod)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["team"].queryset = Team.objects.visible_to(person)  # type: ignore[attr-defined]
        self.fields["agent"].agents = Agent.objects.visible_to(person)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Add `of`: the one team, agent or card that the scope asks for, None for the company."""
        given = dict(super().clean() or self.cleaned_data)
        scope = given.get("scope")
        given["of"] = None if scope == BudgetScope.COMPANY else self._named(str(scope), given)
        return given

    def _named(self, scope: str, given: dict[str, Any]) -> Team | Agent | Card | None:
        try:
            found = self._card(given) if scope == BudgetScope.CARD else given.get(scope)
        except forms.ValidationError as error:
            self.add_error("card", error)
            return None
        if not found and scope in self.fields and not self.has_error(scope):
            self.add_error(scope, forms.ValidationError(_("Say whose budget it is."), code="required"))
        return found or None

    def _card(self, given: dict[str, Any]) -> Card | None:
        return one_card(Card.objects.visible_to(self.person), given["card"]) if given.get("card") else None


class WhatIfForm(forms.Form):
    """What might change."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("all that I see")
    )
    cards = forms.IntegerField(label=_("Cards more or fewer"), required=False, min_value=-100_000, max_value=100_000)
    plan = forms.ModelChoiceField(
        label=_("On the plan"), queryset=RatePlan.objects.select_related("carrier"), required=False
    )
    price = forms.DecimalField(label=_("Prices, %"), required=False, min_value=-100, max_value=1000, decimal_places=1)
    calls = forms.DecimalField(label=_("Calls, %"), required=False, min_value=-100, max_value=1000, decimal_places=1)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(person)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse cards of no plan: nobody could say what they cost."""
        given = dict(super().clean() or self.cleaned_data)
        if given.get("cards") and not given.get("plan"):
            self.add_error("plan", forms.ValidationError(_("Say which plan the cards have."), code="required"))
        return given

    def given(self) -> dict[str, Any]:
        """Return what was entered; nothing is no change."""
        given = self.cleaned_data
        return {
            "team": given["team"],
            "plan": given["plan"],
            "cards": given["cards"] or 0,
            "price": given["price"] or ZERO,
            "calls": given["calls"] or ZERO,
        }
