"""What administrators decide about stops as a whole."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.money import MoneyField


class SuspensionPolicy(models.Model):
    """Which stops open a case by themselves, and what lost time is reckoned at. There is one row."""

    opens_from_import = models.BooleanField(
        _("a stop found in an import opens a case"),
        default=True,
        help_text=_("Works of the carrier, and what a carrier's notice explains, open none."),
    )
    opens_from_signal = models.BooleanField(
        _("failed calls that speak of a stop open a case"),
        default=False,
        help_text=_("Otherwise they are an alert only."),
    )
    storm_at = models.PositiveSmallIntegerField(
        _("stops that are one matter"),
        default=20,
        help_text=_("So many unexplained stops of one carrier at once open no cases."),
    )
    idle_hour = MoneyField(
        _("an idle agent's hour (CNY)"), null=True, blank=True, help_text=_("Empty: losses are not estimated by time.")
    )
    call = MoneyField(
        _("a call not made (CNY)"), null=True, blank=True, help_text=_("Empty: losses are not estimated by calls.")
    )
    is_illustrative = models.BooleanField(_("amounts are illustrative"), default=True)

    class Meta:
        verbose_name = _("rules for stops")
        verbose_name_plural = _("rules for stops")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="suspension_policy_is_one"),
            models.CheckConstraint(condition=Q(storm_at__gte=2), name="suspension_storm_is_many"),
            models.CheckConstraint(
                condition=(Q(idle_hour=None) | Q(idle_hour__gte=0)) & (Q(call=None) | Q(call__gte=0)),
                violation_error_message=_("An amount cannot be below zero."),
                name="suspension_amounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
