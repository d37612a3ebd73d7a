"""What is said against a number: complaints, notifications, marks, re-verifications (R35, R40, R79, R87)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import to_the_minute
from cards.models import Card, Carrier, Contract
from lifecycle.choices import ReportKind
from lifecycle.querysets import ComplaintQuerySet, NumberMarkQuerySet, ReverificationQuerySet


class Complaint(models.Model):
    """A complaint that reached us, or a notification of a number (通报): append-only, since it is evidence.

    Only valid ones count towards a limit. A mistake is put right by a row that `reverses` it; neither counts.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="complaints")
    kind = models.CharField(_("kind"), max_length=9, choices=ReportKind, default=ReportKind.COMPLAINT)
    received_at = models.DateTimeField(_("received at"))
    channel = models.CharField(_("through"), max_length=40)
    is_valid = models.BooleanField(_("found valid"), default=True)
    summary = models.TextField(_("summary"), blank=True)
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("takes back"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["card", "-received_at"], name="complaint_card"),
            models.Index(fields=["kind", "received_at"], name="complaint_kind"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.card_id} {self.received_at:%Y-%m-%d}"


class NumberMark(models.Model):
    """That a platform shows a label beside a number, from when to when (number marking, 号码标记)."""

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="marks")
    platform = models.CharField(_("platform"), max_length=40)
    label = models.CharField(_("label shown"), max_length=40, blank=True)
    marked_on = models.DateField(_("marked since"))
    ended_on = models.DateField(_("marked until"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = NumberMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of a number")
        verbose_name_plural = _("marks of numbers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["card", "platform"], condition=Q(ended_on__isnull=True), name="mark_once_per_platform"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("marked_on")), name="mark_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.platform}"


class Reverification(models.Model):
    """The carrier's demand that the registrant verify again; it stops the card when the time is over (notice of 2021).

    `due_at` is 24 hours after the notice came.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="reverifications")
    noticed_at = models.DateTimeField(_("notice came at"))
    due_at = models.DateTimeField(_("to be done by"))
    source = models.CharField(_("through"), max_length=40)
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    done_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("confirmed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ReverificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("re-verification")
        verbose_name_plural = _("re-verifications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(done_at__isnull=True), name="reverification_open_once_per_card"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("noticed_at")), name="reverification_due_after_its_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {to_the_minute(self.due_at)}"


class CallingNumbers(models.Model):
    """How many numbers of a carrier and contract called out in a period from the 26th to the 25th."""

    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.CASCADE, related_name="+")
    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    period_start = models.DateField(_("period from"))
    numbers = models.PositiveIntegerField(_("numbers that called"))
    reckoned_at = models.DateTimeField(_("reckoned at"))

    class Meta:
        verbose_name = _("calling numbers of a period")
        verbose_name_plural = _("calling numbers by period")
        constraints = [
            models.UniqueConstraint(
                fields=["period_start", "carrier", "contract"], nulls_distinct=False, name="calling_numbers_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period_start} {self.carrier_id} {self.numbers}"
