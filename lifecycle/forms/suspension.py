"""What the steps of stopped cards ask for beside note, files and time (R44-R47, R53)."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.forms import DayInput
from agents.models import Agent, Assignment, Course
from billing.services.ledger import LARGEST
from cards.models import Card
from lifecycle.choices import ContactChannel, CustomerChannel
from lifecycle.forms.conduct import CARD_HELP
from lifecycle.forms.handout import CardNameField
from lifecycle.playbooks.registry import StepForm
from lifecycle.rules.cases.suspension import CAUSES

HELD_BEFORE = timedelta(days=60)
WORDS = {"rows": 4}


class ContactStep(StepForm):
    """Whom we spoke to at the carrier; the note says what was said."""

    channel = forms.ChoiceField(label=_("Through"), choices=ContactChannel.choices)
    whom = forms.CharField(label=_("Whom we spoke to"), max_length=80, required=False)
    ticket = forms.CharField(label=_("The carrier's ticket"), max_length=60, required=False)


class CauseStep(StepForm):
    """What the carrier says was the cause."""

    cause = forms.ChoiceField(label=_("Cause confirmed by the carrier"), choices=CAUSES)
    ticket = forms.CharField(label=_("The carrier's ticket"), max_length=60, required=False)

    def offer(self) -> None:
        """Propose what the case was opened for."""
        self.fields["cause"].initial = self.case.reason


class PayStep(StepForm):
    """What was paid; its proof is the file."""

    amount = forms.DecimalField(
        label=_("Amount paid (CNY)"), min_value=Decimal("0.01"), max_value=LARGEST, decimal_places=2
    )
    reference = forms.CharField(label=_("Reference of the payment"), max_length=120, required=False)


class RectifyStep(StepForm):
    """What is changed so that it does not happen again."""

    measures = forms.CharField(
        label=_("What is changed"),
        max_length=2000,
        widget=forms.Textarea(attrs=WORDS),
        help_text=_("One measure a line. They are printed in the commitment letter."),
    )
    calls_a_day = forms.IntegerField(
        label=_("Calls a day from now on, at most"), min_value=1, max_value=1000, required=False
    )
    ready_on = forms.DateField(label=_("In place by"), widget=DayInput)


class TrainingStep(StepForm):
    """Who was trained again in what; a record of that day is taken as it is."""

    agents = forms.ModelMultipleChoiceField(
        label=_("Agents"),
        queryset=Agent.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who held the card is chosen; add others of the team who were trained with them."),
    )
    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.none())
    passed_on = forms.DateField(label=_("Passed on"), widget=DayInput)
    score = forms.IntegerField(label=_("Score"), min_value=0, max_value=100, required=False)

    def offer(self) -> None:
        """Offer those who held the card lately, chosen, and the others of its team; and the courses required."""
        since = self.case.opened_at - HELD_BEFORE
        held = Assignment.objects.filter(card=self.case.card_id, undone_at=None, started_at__lte=self.case.opened_at)
        lately = list(held.exclude(ended_at__lt=since).values_list("agent", flat=True).distinct())
        offered = Q(pk__in=lately)
        if self.person:
            seen = Agent.objects.visible_to(self.person).active()
            beside = seen.filter(user__team=self.case.card.team_id) if self.case.card.team_id else seen
            offered |= Q(pk__in=beside.values("pk"))
        agents = Agent.objects.filter(offered).select_related("user").order_by("user__name", "pk")
        self.fields["agents"].queryset = agents  # type: ignore[attr-defined]
        self.fields["agents"].initial = lately
        self.fields["course"].queryset = Course.objects.filter(is_required=True)  # type: ignore[attr-defined]


class ApplyStep(StepForm):
    """How the application went to the carrier."""

    channel = forms.ChoiceField(label=_("Through"), choices=ContactChannel.choices)
    ticket = forms.CharField(label=_("The carrier's ticket"), max_length=60, required=False)


class TestCallStep(StepForm):
    """What a test call to one's own line was like."""

    connected = forms.BooleanField(label=_("The call was connected, and we heard each other"))


class ContingencyStep(StepForm):
    """How customers are reached meanwhile: only where they agreed to it."""

    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=CustomerChannel.choices, widget=forms.CheckboxSelectMultiple
    )
    basis = forms.CharField(
        label=_("Where they agreed"),
        max_length=300,
        required=False,
        help_text=_("The record of consent, for instance of a form or the CRM. No names and no numbers."),
    )
    until = forms.DateField(label=_("Until"), widget=DayInput)


class ReplaceStep(StepForm):
    """Which card takes over."""

    card = CardNameField(label=_("Card that takes over"), help_text=CARD_HELP)

    def offer(self) -> None:
        """Look among the cards in scope."""
        cards = Card.objects.visible_to(self.person) if self.person else Card.objects.all()
        self.fields["card"].cards = cards.exclude(pk=self.case.card_id)  # type: ignore[attr-defined]
