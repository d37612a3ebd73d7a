"""Claims of agents for what they paid for their cards (R67), and what the company pays back."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from billing.choices import ClaimState
from billing.models.invoice import Invoice
from billing.models.payment import PaymentBatch
from billing.querysets import ClaimQuerySet
from cardfleet.accounts.models import Team
from cardfleet.files.models import StoredFile
from cardfleet.kernel.money import MoneyField
from cards.models import Card


class ClaimPolicy(models.Model):
    """How much is paid back a month, and until when (R67). That of the person goes before that of the nearest team.

    A row that names neither holds for everybody.
    """

    agent = models.OneToOneField(
        Agent, verbose_name=_("person"), on_delete=models.PROTECT, null=True, blank=True, related_name="claim_policy"
    )
    team = models.OneToOneField(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="claim_policy"
    )
    cap = MoneyField(_("most that is paid back a month"), null=True, blank=True, help_text=_("Empty: no cap."))
    deadline_day = models.PositiveSmallIntegerField(
        _("day of the following month by which a claim is in time"), default=15
    )
    months_back = models.PositiveSmallIntegerField(_("months back that are still paid"), default=6)

    class Meta:
        verbose_name = _("rules for claims")
        verbose_name_plural = _("rules for claims")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agent__isnull=True) | Q(team__isnull=True), name="claim_policy_of_one_person_or_team"
            ),
            models.UniqueConstraint(
                Coalesce(F("agent"), 0),
                condition=Q(agent__isnull=True, team__isnull=True),
                name="claim_policy_of_everybody_once",
                violation_error_message=_("There are rules for everybody already. Change those."),
            ),
            models.CheckConstraint(condition=Q(cap__isnull=True) | Q(cap__gte=0), name="claim_cap_not_below_zero"),
            models.CheckConstraint(condition=Q(deadline_day__range=(1, 28)), name="claim_deadline_in_every_month"),
            models.CheckConstraint(condition=Q(months_back__range=(1, 6)), name="claim_months_back_up_to_six"),
        ]

    def __str__(self) -> str:
        return str(self.agent or self.team or _("everybody"))


class Claim(models.Model):
    """What a person claims for a month, CNY. Whoever filed it does not approve it, and neither of the two pays it.

    `amount` is the sum of its invoices, `payable` what the cap leaves of it; `cap` is what was left on filing, empty
    where there is none. `payee` is the name it was paid to: a voucher keeps it.
    """

    claimant = models.ForeignKey(Agent, verbose_name=_("claimant"), on_delete=models.PROTECT, related_name="claims")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("filed by"), on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        Team, verbose_name=_("cost centre"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=9, choices=ClaimState, default=ClaimState.DRAFT)
    amount = MoneyField(_("claimed"), default=0)
    cap = MoneyField(_("left of the cap"), null=True, blank=True)
    payable = MoneyField(_("paid back"), default=0)
    is_late = models.BooleanField(_("late"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("begun at"))
    submitted_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    batch = models.ForeignKey(
        PaymentBatch, verbose_name=_("payment"), on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("paid by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    payee = models.CharField(_("paid to"), max_length=80, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claimant", "month"], condition=Q(state="draft"), name="claim_one_draft_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="claim_month_is_a_first_day"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("filed_by")), name="claim_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | ~Q(paid_by=F("filed_by")) & ~Q(paid_by=F("decided_by")),
                name="claim_paid_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False, amount__gt=0),
                name="claim_sent_is_dated_and_not_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="claim_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="claim_refused_for_a_reason"),
            models.CheckConstraint(
                condition=Q(state="paid", batch__isnull=False, paid_by__isnull=False)
                | ~Q(state="paid") & Q(batch__isnull=True, paid_by__isnull=True),
                name="claim_paid_in_a_batch",
            ),
            models.CheckConstraint(condition=Q(payable__lte=F("amount")), name="claim_pays_no_more_than_claimed"),
        ]
        indexes = [
            models.Index(fields=["claimant", "month"], name="claim_claimant_month"),
            models.Index(fields=["state", "-id"], name="claim_state"),
        ]
        triggers = [
            pgtrigger.Protect(name="paid_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="paid"))
        ]
        permissions = [
            ("approve_claim", _("Can approve and refuse claims")),
            ("pay_claim", _("Can pay claims out")),
        ]

    def __str__(self) -> str:
        return f"{self.claimant} {self.month:%Y-%m}"


class ClaimLine(models.Model):
    """One invoice of a claim and the card it was for; `file` is what else shows the payment."""

    claim = models.ForeignKey(Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="lines")
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="claim_lines")
    invoice = models.OneToOneField(Invoice, verbose_name=_("invoice"), on_delete=models.PROTECT, related_name="line")
    amount = MoneyField(_("amount"))
    file = models.ForeignKey(
        StoredFile,
        verbose_name=_("bill or proof of payment"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("line of a claim")
        verbose_name_plural = _("lines of claims")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.amount}"
