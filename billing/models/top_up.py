"""Top-ups: asked for, approved, paid by a person outside CardFleet, arrived, confirmed (R6, R28)."""

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import ApprovalRank, TopUpChannel, TopUpOrigin, TopUpRisk, TopUpState
from billing.models.account import Account
from billing.models.ledger import BalanceReading, LedgerEntry
from billing.querysets import TopUpQuerySet
from cardfleet.files.models import StoredFile
from cardfleet.kernel.money import MoneyField
from cards.models import Card

NOT_BY_WHO_ASKED = """
IF NEW.by_id = (SELECT asked_by_id FROM billing_topuprequest WHERE id = NEW.request_id) THEN
    RAISE EXCEPTION 'a top-up is not decided by who asked for it' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
HERE = Q(state__in=("arrived", "confirmed"))


class TopUpLevel(models.Model):
    """Whose yes a top-up needs above which amount (CNY)."""

    rank = models.CharField(_("approved by"), max_length=10, choices=ApprovalRank, unique=True)
    above = MoneyField(_("above (CNY)"), validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("approval level of top-ups")
        verbose_name_plural = _("approval levels of top-ups")
        ordering = ["above", "id"]
        constraints = [models.CheckConstraint(condition=Q(above__gte=0), name="top_up_level_from_nil")]

    def __str__(self) -> str:
        return f"{self.get_rank_display()} > {self.above}"


class TopUpRequest(models.Model):
    """One top-up of an account, for one card where it names one. CardFleet pays nothing: people do, and say so here.

    `amount` (CNY) is what was asked for and `face_value` what is to arrive; `paid` is what it cost. `rank` is whose
    yes it waits for. `entry` is its posting, made once, on arrival.
    """

    account = models.ForeignKey(Account, verbose_name=_("account"), on_delete=models.PROTECT, related_name="top_ups")
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="top_ups"
    )
    amount = MoneyField(_("amount"))
    reason = models.CharField(_("what for"), max_length=200, blank=True)
    origin = models.CharField(_("how it began"), max_length=8, choices=TopUpOrigin, default=TopUpOrigin.ASKED)
    state = models.CharField(_("state"), max_length=9, choices=TopUpState, default=TopUpState.ASKED)
    rank = models.CharField(_("waits for"), max_length=10, choices=ApprovalRank, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    channel = models.CharField(_("paid through"), max_length=14, choices=TopUpChannel, blank=True)
    payer = models.CharField(_("payer"), max_length=80, blank=True)
    paid = MoneyField(_("paid"), null=True, blank=True)
    face_value = MoneyField(_("face value"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    file = models.ForeignKey(
        StoredFile, verbose_name=_("proof"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    entry = models.OneToOneField(
        LedgerEntry,
        verbose_name=_("ledger entry"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="top_up",
    )
    reading = models.ForeignKey(
        BalanceReading,
        verbose_name=_("confirmed by the reading"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    doubted_at = models.DateTimeField(_("not shown by a balance since"), null=True, blank=True)
    risk = models.CharField(_("warning"), max_length=10, choices=TopUpRisk, blank=True)
    risk_reason = models.CharField(_("why it was paid so"), max_length=200, blank=True)
    ended_reason = models.CharField(_("why it was refused or taken back"), max_length=200, blank=True)

    objects = TopUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("top-up")
        verbose_name_plural = _("top-ups")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="top_up_above_zero"),
            models.CheckConstraint(
                condition=Q(paid__isnull=True) | Q(paid__gt=0, face_value__gt=0), name="top_up_paid_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="top_up_not_approved_by_who_asked",
            ),
            models.CheckConstraint(
                condition=Q(state="asked") & ~Q(rank="") | ~Q(state="asked") & Q(rank=""),
                name="top_up_waits_for_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "paid", "arrived", "confirmed"))
                | Q(approved_at__isnull=False, approved_by__isnull=False)
                | Q(origin="recorded"),
                name="top_up_paid_once_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("paid", "arrived", "confirmed"))
                | Q(paid__isnull=False, face_value__isnull=False, paid_at__isnull=False),
                name="top_up_says_what_was_paid",
            ),
            models.CheckConstraint(
                condition=~HERE | Q(arrived_at__isnull=False, entry__isnull=False), name="top_up_arrived_is_posted"
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(arrived_at__gte=F("paid_at")), name="top_up_arrives_after"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("refused",)) | ~Q(ended_reason=""), name="top_up_refused_for_a_reason"
            ),
            models.CheckConstraint(condition=Q(risk="") | ~Q(risk_reason=""), name="top_up_risk_for_a_reason"),
            models.UniqueConstraint(
                fields=["account", "card"],
                condition=Q(state__in=("asked", "approved")),
                nulls_distinct=False,
                name="top_up_asked_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "-asked_at"], name="top_up_state")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]
        permissions = [
            ("ask_top_up", _("Can ask for top-ups")),
            ("approve_top_up", _("Can approve top-ups as supervisor")),
            ("approve_large_top_up", _("Can approve large top-ups")),
            ("pay_top_up", _("Can record the payment and arrival of top-ups")),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount} {self.state}"


class TopUpDecision(models.Model):
    """What one level said to a top-up, once; nobody decides on what they asked for. Append-only."""

    request = models.ForeignKey(
        TopUpRequest, verbose_name=_("top-up"), on_delete=models.PROTECT, related_name="decisions"
    )
    rank = models.CharField(_("level"), max_length=10, choices=ApprovalRank)
    is_approved = models.BooleanField(_("approved"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision on a top-up")
        verbose_name_plural = _("decisions on top-ups")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "rank"], name="top_up_decided_once_a_level"),
            models.UniqueConstraint(fields=["request", "by"], name="top_up_decided_once_a_person"),
            models.CheckConstraint(condition=Q(is_approved=True) | ~Q(reason=""), name="top_up_no_has_a_reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="not_by_who_asked", when=pgtrigger.Before, operation=pgtrigger.Insert, func=NOT_BY_WHO_ASKED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.rank}"
