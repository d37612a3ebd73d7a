"""Rate plans and their dated prices."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.money import MoneyField
from cards.choices import Payment
from cards.choices.plan import Proration
from cards.models.carrier import Carrier


class RatePlan(models.Model):
    """What a carrier sells (R81)."""

    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="plans")
    name = models.CharField(_("name"), max_length=80)
    payment = models.CharField(_("payment"), max_length=8, choices=Payment, default=Payment.PREPAID)
    tariff_no = models.CharField(_("tariff file number"), max_length=64, blank=True)
    credit_limit = MoneyField(_("credit limit"), default=0)
    is_sold = models.BooleanField(
        _("sold"), default=True, help_text=_("Whether a card may still be changed to this plan.")
    )
    lock_in_months = models.PositiveSmallIntegerField(
        _("bound for months"), default=0, help_text=_("From the day a card has the plan; 0: it may leave at any time.")
    )
    exit_penalty = MoneyField(_("penalty for leaving early"), default=0)
    exit_share = models.DecimalField(
        _("share of the monthly fees left"),
        max_digits=4,
        decimal_places=3,
        default=0,
        help_text=_("0.3 means that leaving early costs 30 percent of the monthly fees of the months that are left."),
    )
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
            models.CheckConstraint(
                condition=Q(exit_penalty__gte=0, exit_share__range=(0, 1)),
                violation_error_message=_("A penalty is not negative and a share lies between 0 and 1."),
                name="plan_exit_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlanPrice(models.Model):
    """The prices of a plan from a day (Shanghai) until the next; periods never overlap.

    What is included, the fee and the minimum spend are a month's. Where a card has the plan for a part of a month only,
    `first_month`, `last_month`, `changed` and `stopped` say what the days before its activation, after its end, on
    another plan and of a stop take off the fee: nothing (whole), their share (days), or all of it (none).
    """

    plan = models.ForeignKey(RatePlan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="prices")
    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("until (not included)"), null=True, blank=True)
    monthly_fee = MoneyField(_("monthly fee"), default=0)
    minimum_spend = MoneyField(_("minimum spend a month"), default=0)
    included_minutes = models.PositiveIntegerField(_("minutes included"), default=0)
    included_sms = models.PositiveIntegerField(_("messages included"), default=0)
    included_data_mb = models.PositiveIntegerField(_("MB included"), default=0)
    minute_price = models.DecimalField(_("price a minute beyond"), max_digits=8, decimal_places=4, default=0)
    incoming_price = models.DecimalField(_("price an incoming minute"), max_digits=8, decimal_places=4, default=0)
    rounding_s = models.PositiveSmallIntegerField(_("charged in steps of (seconds)"), default=60)
    least_s = models.PositiveSmallIntegerField(
        _("least charged (seconds)"), default=0, help_text=_("Of a call that was answered; 0: one step.")
    )
    sms_price = models.DecimalField(_("price a message"), max_digits=8, decimal_places=4, default=0)
    data_price_mb = models.DecimalField(_("price a MB beyond"), max_digits=8, decimal_places=4, default=0)
    first_month = models.CharField(_("month of activation"), max_length=5, choices=Proration, default=Proration.WHOLE)
    last_month = models.CharField(_("month of the end"), max_length=5, choices=Proration, default=Proration.WHOLE)
    changed = models.CharField(_("month of a plan change"), max_length=5, choices=Proration, default=Proration.DAYS)
    stopped = models.CharField(_("month with a stop"), max_length=5, choices=Proration, default=Proration.WHOLE)
    voluntary_stop_fee = MoneyField(
        _("fee a month while voluntarily stopped"),
        null=True,
        blank=True,
        default=0,
        help_text=_("0: free; empty: the monthly fee goes on."),
    )

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
                condition=Q(monthly_fee__gte=0, minute_price__gte=0, sms_price__gte=0, rounding_s__gte=1)
                & Q(incoming_price__gte=0, data_price_mb__gte=0, minimum_spend__gte=0)
                & (Q(voluntary_stop_fee__isnull=True) | Q(voluntary_stop_fee__gte=0)),
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
