"""Complaints to carriers about their bills (电信条例: answered within a term)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import DisputeState
from billing.models.account import Account
from billing.querysets import DisputeQuerySet
from cardfleet.files.models import StoredFile
from cardfleet.kernel.money import MoneyField


class Dispute(models.Model):
    """A complaint about some differences of a bill: what is claimed, until when the carrier answers, what it answered.

    `amount` is claimed and `credited` granted, CNY; the credit stands in the ledger under `credit_key`.
    """

    account = models.ForeignKey(Account, verbose_name=_("account"), on_delete=models.PROTECT, related_name="disputes")
    month = models.DateField(_("month of the bill"))
    amount = MoneyField(_("claimed"))
    reason = models.TextField(_("what we ask for"), blank=True)
    sent_on = models.DateField(_("sent on"))
    due_on = models.DateField(_("answer due on"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("opened by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=9, choices=DisputeState, default=DisputeState.OPEN)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    reply = models.TextField(_("the carrier's answer"), blank=True)
    reply_file = models.ForeignKey(
        StoredFile, verbose_name=_("letter of the carrier"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    credited = MoneyField(_("credited"), default=0)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute of a bill")
        verbose_name_plural = _("disputes of bills")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_claims_something"),
            models.CheckConstraint(condition=Q(due_on__gte=F("sent_on")), name="dispute_runs_forward"),
            models.CheckConstraint(
                condition=Q(credited__gte=0, credited__lte=F("amount")), name="dispute_credits_what_was_claimed"
            ),
            models.CheckConstraint(
                condition=Q(state="credited", credited=F("amount"))
                | Q(state="partly", credited__gt=0)
                | Q(state__in=["open", "refused", "withdrawn"], credited=0),
                name="dispute_outcome_fits_its_credit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.amount}"

    @property
    def credit_key(self) -> str:
        """What the keys of its credits in the ledger begin with."""
        return f"dispute:{self.pk}:"
