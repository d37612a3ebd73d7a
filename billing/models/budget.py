"""Budgets: what a company, team, agent or card may cost in a month or a year (R5, R66)."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from billing.choices import BudgetPeriod, BudgetScope
from billing.querysets import BudgetQuerySet
from cardfleet.accounts.models import Team
from cardfleet.kernel.money import MoneyField
from cards.models import Card

OF_ITS_SCOPE = (
    Q(scope="company", team__isnull=True, agent__isnull=True, card__isnull=True)
    | Q(scope="team", team__isnull=False, agent__isnull=True, card__isnull=True)
    | Q(scope="agent", team__isnull=True, agent__isnull=False, card__isnull=True)
    | Q(scope="card", team__isnull=True, agent__isnull=True, card__isnull=False)
)


class Budget(models.Model):
    """What may be spent, CNY. `starts_on` is the first day of its month or year.

    `used` and `forecast` are what the cost report said at `reckoned_at`; a job keeps them.
    """

    scope = models.CharField(_("whose"), max_length=7, choices=BudgetScope)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="budgets"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="budgets"
    )
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="budgets"
    )
    period = models.CharField(_("for a"), max_length=5, choices=BudgetPeriod, default=BudgetPeriod.MONTH)
    starts_on = models.DateField(_("from"))
    amount = MoneyField(_("budget (CNY)"), validators=[MinValueValidator(1)])
    used = MoneyField(_("used"), default=0)
    forecast = MoneyField(_("forecast"), default=0)
    reckoned_at = models.DateTimeField(_("reckoned at"), null=True, blank=True)
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("set by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["-starts_on", "scope", "id"]
        constraints = [
            models.CheckConstraint(condition=OF_ITS_SCOPE, name="budget_of_its_scope"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_above_zero"),
            models.CheckConstraint(
                condition=Q(starts_on__day=1) & (Q(period="month") | Q(starts_on__month=1)), name="budget_of_a_period"
            ),
            models.UniqueConstraint(
                fields=["period", "starts_on", "scope", "team", "agent", "card"],
                nulls_distinct=False,
                name="budget_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.starts_on:%Y-%m} {self.amount}"


class BudgetWarning(models.Model):
    """That people were told that a budget is used up to a mark (per cent); once a budget and mark."""

    budget = models.ForeignKey(Budget, verbose_name=_("budget"), on_delete=models.CASCADE, related_name="warnings")
    mark = models.PositiveSmallIntegerField(_("per cent"))
    used = MoneyField(_("used"))
    at = models.DateTimeField(_("told at"))

    class Meta:
        verbose_name = _("warning of a budget")
        verbose_name_plural = _("warnings of budgets")
        ordering = ["budget", "mark"]
        constraints = [models.UniqueConstraint(fields=["budget", "mark"], name="budget_warned_once")]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.mark} %"
