"""The plan that would have cost a card least."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.querysets import OfCardQuerySet
from cardfleet.kernel.money import MoneyField
from cards.models import Card, RatePlan


class PlanAdvice(models.Model):
    """What a card's last whole months would have cost on its plan and on the best its carrier sells (R48, R66).

    `cost` and `best_cost` are a month's mean by the same reckoning (CNY); `saving_year` is twelve months of their
    difference less `exit_cost`, which leaving before `bound_until` costs. No `best`: no plan would cost less.
    Reckoned anew by a job.
    """

    card = models.OneToOneField(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, primary_key=True, related_name="plan_advice"
    )
    plan = models.ForeignKey(RatePlan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="+")
    month = models.DateField(_("last month looked at"))
    months = models.PositiveSmallIntegerField(_("months looked at"))
    minutes = models.PositiveIntegerField(_("minutes a month"))
    cost = MoneyField(_("cost a month"))
    best = models.ForeignKey(
        RatePlan, verbose_name=_("best plan"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    best_cost = MoneyField(_("cost a month on it"), null=True)
    bound_until = models.DateField(_("bound until"), null=True)
    exit_cost = MoneyField(_("cost of leaving early"), default=0)
    saving_year = MoneyField(_("saving a year"), default=0)
    advised_at = models.DateTimeField(_("reckoned at"))

    objects: OfCardQuerySet["PlanAdvice"] = OfCardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("best plan of a card")
        verbose_name_plural = _("best plans of cards")
        ordering = ["-saving_year", "card"]
        indexes = [models.Index(fields=["-saving_year", "card"], name="plan_advice_saving")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.best_id}"
