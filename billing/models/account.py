"""Carrier accounts: of one card, or shared by many."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import AccountKind
from billing.querysets import AccountCardQuerySet, AccountQuerySet
from cardfleet.kernel.money import MoneyField
from cards.choices import Payment
from cards.models import Card, Carrier

# A card and the days of a period as a box, which an index takes in at a third of the time of two ranges. It ends within
# the last day, as boxes that touch overlap.
PAID_TIME = Func(
    Func(F("card"), Func(F("starts_on"), template="(%(expressions)s - date '2000-01-01')"), function="point"),
    Func(
        F("card"),
        Func(F("ends_on"), template="(coalesce(%(expressions)s - date '2000-01-01', 10000000) - 0.5)"),
        function="point",
    ),
    function="box",
)


class Account(models.Model):
    """An account at a carrier. `balance` is the cached sum of its entries, written in the same locked transaction."""

    kind = models.CharField(_("kind"), max_length=6, choices=AccountKind, default=AccountKind.CARD)
    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="accounts")
    code = models.CharField(_("account number"), max_length=64)
    payment = models.CharField(_("payment"), max_length=8, choices=Payment, default=Payment.PREPAID)
    credit_limit = MoneyField(_("credit limit"), default=0)
    balance = MoneyField(_("balance"), default=0)
    opened_at = models.DateTimeField(_("opened at"))

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["carrier", "code"], name="account_once_per_carrier")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_shared(self) -> bool:
        """Whether it may pay for many cards."""
        return self.kind == AccountKind.SHARED


class AccountCard(models.Model):
    """Which account pays for a card, from when until when."""

    account = models.ForeignKey(Account, verbose_name=_("account"), on_delete=models.PROTECT, related_name="members")
    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="paid_by")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until (not included)"), null=True, blank=True)

    objects = AccountCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("account of a card")
        verbose_name_plural = _("accounts of cards")
        ordering = ["account", "card"]
        constraints = [
            ExclusionConstraint(name="card_paid_by_one_account_at_a_time", expressions=[(PAID_TIME, "&&")]),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="account_card_days_run_forward"
            ),
            models.UniqueConstraint(
                fields=["card"], condition=Q(ends_on__isnull=True), name="card_paid_by_one_account_now"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.card_id}"
