"""Carriers and the terms on which they stop and end numbers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.money import MoneyField
from cards.choices import CarrierKind


class Carrier(models.Model):
    """A carrier, with the arrears and end-of-life terms of domain.md section 3 as editable data."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True, help_text=_("Names found in files."))
    kind = models.CharField(_("kind"), max_length=4, choices=CarrierKind, default=CarrierKind.MNO)
    network_of = models.ForeignKey(
        "self",
        verbose_name=_("uses the network of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="virtual_operators",
    )
    hotline = models.CharField(_("hotline"), max_length=32, blank=True)
    portal = models.URLField(_("portal"), blank=True)
    account_manager = models.CharField(_("account manager"), max_length=80, blank=True)
    account_manager_phone = models.CharField(_("account manager's phone"), max_length=32, blank=True)
    cancellation_policy = models.TextField(_("cancellation policy"), blank=True)
    document_checklist = models.JSONField(
        _("documents asked for"), default=list, blank=True, help_text=_("One line a document.")
    )
    papers_web_app = models.JSONField(
        _("papers to cancel by site or app"), default=list, blank=True, help_text=_("Empty: not possible this way.")
    )
    papers_hotline = models.JSONField(
        _("papers to cancel by hotline"), default=list, blank=True, help_text=_("Empty: not possible this way.")
    )
    papers_outlet = models.JSONField(
        _("papers to cancel at an outlet"), default=list, blank=True, help_text=_("Empty: not possible this way.")
    )
    reopen_fee = MoneyField(
        _("fee to reopen a frozen number"),
        null=True,
        blank=True,
        help_text=_("Empty: the terms do not say that the former holder may have it back."),
    )
    stop_below = MoneyField(
        _("prepaid stop below"),
        default=0,
        help_text=_("A prepaid number stops when its balance falls below this."),
    )
    due_day = models.PositiveSmallIntegerField(
        _("bill due on day"),
        null=True,
        blank=True,
        help_text=_("Day of the following month; empty means month-end."),
    )
    stop_after_days = models.PositiveSmallIntegerField(_("days from due date to stop"), default=0)
    restore_hours = models.PositiveSmallIntegerField(_("hours to restore after payment"), default=48)
    terminate_after_days = models.PositiveSmallIntegerField(_("days from stop to termination"), default=60)
    freeze_days = models.PositiveSmallIntegerField(_("days a number is frozen"), default=90)
    recycle_after_days = models.PositiveSmallIntegerField(_("idle days to recycling"), default=90)
    terms_source = models.CharField(_("source of the terms"), max_length=200, blank=True)
    terms_illustrative = models.BooleanField(_("terms are illustrative"), default=True)

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_day__isnull=True) | Q(due_day__range=(1, 28)),
                violation_error_message=_("Choose a day from 1 to 28, or none for month-end."),
                name="carrier_due_day_in_every_month",
            )
        ]

    def __str__(self) -> str:
        return self.name
