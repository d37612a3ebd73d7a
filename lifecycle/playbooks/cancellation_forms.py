"""What the steps of a cancellation ask for."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.services.ledger import LARGEST
from lifecycle.playbooks.registry import StepForm
from lifecycle.selectors.ending import ways_of

COPIED, NOTHING = "copied", "nothing"


class IntentForm(StepForm):
    """What depends on the number (R104, R108, R116)."""

    customers_told = forms.CharField(
        label=_("How customers were told another number"),
        required=False,
        max_length=500,
        help_text=_("Needed where customers rely on it."),
    )
    gives_up = forms.BooleanField(label=_("Customers rely on it, and it may go all the same"), required=False)
    unbound = forms.BooleanField(label=_("No bank, WeChat or office account is bound to it any more"))
    not_forwarded = forms.BooleanField(label=_("No call is forwarded to or from it any more"))
    may_be_lost = forms.BooleanField(
        label=_("Nobody is to take the number over: it may go to somebody else for good"),
        help_text=_("To pass it on, withdraw this and open a formal transfer."),
    )


class BackupForm(StepForm):
    """Where the contents are kept; who and when are those of the step (R9)."""

    contents = forms.ChoiceField(
        label=_("Contents"),
        choices=[(COPIED, _("Copied to a safe place")), (NOTHING, _("Nothing is kept on the card"))],
    )
    place = forms.CharField(label=_("Kept where"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """A copy lies somewhere."""
        given = super().clean() or {}
        if given.get("contents") == COPIED and not (given.get("place") or "").strip():
            self.add_error("place", forms.ValidationError(_("Say where the copy is kept."), code="place_missing"))
        return given


class SettleForm(StepForm):
    """What was paid to settle."""

    paid = forms.DecimalField(
        label=_("Paid now (CNY)"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=LARGEST,
        decimal_places=2,
        help_text=_("It is posted as a top-up."),
    )
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120)


class LockForm(StepForm):
    """Whether the penalty is accepted."""

    accepts_penalty = forms.BooleanField(
        label=_("The penalty is accepted"),
        required=False,
        help_text=_("Only within the contract's term; not by who opened the case."),
    )


class PapersForm(StepForm):
    """By which way, and which papers are at hand."""

    channel = forms.ChoiceField(label=_("Way"))
    papers = forms.MultipleChoiceField(label=_("Papers at hand"), required=False, widget=forms.CheckboxSelectMultiple)

    def offer(self) -> None:
        """Offer the carrier's ways and what any of them asks for."""
        ways = ways_of(self.case.card.carrier)
        papers = dict.fromkeys(paper for way in ways for paper in way.papers)
        self.fields["channel"].choices = [(way.channel.value, way.channel.label) for way in ways]  # type: ignore[attr-defined]
        self.fields["papers"].choices = [(paper, paper) for paper in papers]  # type: ignore[attr-defined]


class SubmitForm(StepForm):
    """What the carrier gave for it."""

    reference = forms.CharField(label=_("Carrier's case number"), required=False, max_length=120)


class BillForm(StepForm):
    """What the final bill says."""

    charged = forms.DecimalField(
        label=_("Charged beyond what is posted (CNY)"),
        required=False,
        min_value=Decimal(0),
        max_value=LARGEST,
        decimal_places=2,
    )
    refunded = forms.DecimalField(
        label=_("Paid back (CNY)"), required=False, min_value=Decimal(0), max_value=LARGEST, decimal_places=2
    )
