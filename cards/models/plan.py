"""Rate plans and their dated prices."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.money import MoneyField
from cards.choices import Payment
from cards.models.carrier import Carrier


class RatePlan(models.Model):
    """What a carrier sells (R81)."""

    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="plans")
    name = models.CharField(_("name"), max_length=80)
    payment = models.CharField(_("payment"), max_length=8, choices=Payment, default=Payment.PREPAID)
    tariff_no = models.CharField(_("tariff file number"), max_length=64, blank=True)
    credit_limit = MoneyField(_("credit limit"), default=0)
    minimum_spend = MoneyField(_("minimum spend a month"), default=0)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["carrier", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "name"],
                violation_error_message=_("This carrier has a plan of this name already."),
                name="plan_once_per_carrier",
            ),
            models.CheckConstraint(
                condition=Q(credit_limit__gte=0),
                violation_error_message=_("A credit limit is not negative."),
                name="plan_credit_limit_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlanPrice(models.Model):
    """The prices of a plan from a day (Shanghai) until the next; periods never overlap."""

    plan = models.ForeignKey(RatePlan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="prices")
    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("until (not included)"), null=True, blank=True)
    monthly_fee = MoneyField(_("monthly fee"), default=0)
    included_minutes = models.PositiveIntegerField(_("minutes included"), default=0)
    minute_price = models.DecimalField(_("price a minute beyond"), max_digits=8, decimal_places=4, default=0)
    rounding_s = models.PositiveSmallIntegerField(_("charged in steps of (seconds)"), default=60)
    sms_price = models.DecimalField(_("price a message"), max_digits=8, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["plan", "-effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                violation_error_message=_("A price ends after it begins."),
                name="price_period_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(monthly_fee__gte=0, minute_price__gte=0, sms_price__gte=0, rounding_s__gte=1),
                violation_error_message=_("Prices are not negative, and steps are of at least one second."),
                name="price_not_negative",
            ),
            ExclusionConstraint(
                name="price_periods_do_not_overlap",
                expressions=[
                    (Func(F("plan"), F("plan"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("effective_from"), F("effective_to"), function="daterange"), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.effective_from}"
