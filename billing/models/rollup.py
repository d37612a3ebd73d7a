"""What rules and reports read instead of records.

No constraint on foreign keys, as on records: rollups are reckoned from those, and checking each row's card, agent and
team took more time than writing it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from billing.choices import SourceRole
from cardfleet.accounts.models import Team
from cardfleet.kernel.money import MoneyField
from cards.models import Card


class UsageDaily(models.Model):
    """A card's calls of a Shanghai day as one role of source saw them. Counts are of outgoing calls unless named.

    `under_5` to `under_30` are answered and shorter than so many seconds; `hours` holds outgoing calls by hour of the
    day (24 values); `most_in_60` and `most_in_10` are the most in any 60 and 10 minutes; `most_to_one` the most to
    one callee; `outside_window` those outside the company's calling hours (CALLING_WINDOW).
    """

    pk = models.CompositePrimaryKey("card_id", "day", "role")
    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    day = models.DateField(_("day"))
    role = models.CharField(_("role"), max_length=8, choices=SourceRole)
    calls = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    incoming = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    under_5 = models.PositiveIntegerField(default=0)
    under_10 = models.PositiveIntegerField(default=0)
    under_15 = models.PositiveIntegerField(default=0)
    under_30 = models.PositiveIntegerField(default=0)
    distinct_callees = models.PositiveIntegerField(default=0)
    most_to_one = models.PositiveIntegerField(default=0)
    most_in_60 = models.PositiveIntegerField(default=0)
    most_in_10 = models.PositiveIntegerField(default=0)
    hours = ArrayField(models.PositiveIntegerField(), size=24)
    outside_window = models.PositiveIntegerField(default=0)
    cost = MoneyField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calls of a day")
        verbose_name_plural = _("calls by day")
        indexes = [models.Index(fields=["day", "card"], name="usage_daily_day")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.day} {self.role}"


class UsageCharge(models.Model):
    """What a card's calls of a day cost, by who held it at their start; feeds the ledger and the cost report.

    `counts`: of several roles that saw the day, only one is charged: the carrier where present, else the one whose
    own rating is largest.
    """

    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    day = models.DateField(_("day"))
    role = models.CharField(_("role"), max_length=8, choices=SourceRole)
    agent = models.ForeignKey(
        Agent,
        verbose_name=_("agent"),
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    calls = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    amount = MoneyField(default=0)
    counts = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("call charge of a day")
        verbose_name_plural = _("call charges by day")
        indexes = [
            models.Index(fields=["card", "day", "role"], name="usage_charge_key"),
            models.Index(fields=["day"], condition=models.Q(counts=True), name="usage_charge_day"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.day}"


class UsageMonth(models.Model):
    """What a card's counted calls of a month cost, by who held it at their start: the sums of its charges.

    They hold for the days of a SummedMonth; of any other the charges are read.
    """

    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    month = models.DateField(_("month"))
    agent = models.ForeignKey(
        Agent,
        verbose_name=_("agent"),
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    calls = models.PositiveIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    amount = MoneyField(default=0)

    class Meta:
        verbose_name = _("call charge of a month")
        verbose_name_plural = _("call charges by month")
        indexes = [models.Index(fields=["month", "card"], name="usage_month_key")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.month}"


class SummedMonth(models.Model):
    """A month whose sums hold the days before `until`, of which no charge was reckoned anew since."""

    month = models.DateField(_("month"), primary_key=True)
    until = models.DateField(_("until"))
    summed_at = models.DateTimeField(_("summed at"))

    class Meta:
        verbose_name = _("summed month")
        verbose_name_plural = _("summed months")

    def __str__(self) -> str:
        return str(self.month)
