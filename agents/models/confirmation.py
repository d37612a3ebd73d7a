"""What holders say of the details of their cards, once a period."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.choices import Detail
from agents.models.agent import Agent
from agents.querysets import ConfirmationQuerySet
from cards.models import Card


class CardConfirmation(models.Model):
    """That a holder looked at the details of a card in a quarter, and which were wrong (R14).

    `period` is the first day of the quarter; an empty `wrong` says that all is right. What was wrong waits for the
    office until it is settled.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.PROTECT, related_name="confirmations")
    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="confirmations")
    period = models.DateField(_("quarter from"))
    wrong = ArrayField(
        models.CharField(max_length=12, choices=Detail), verbose_name=_("wrong"), default=list, blank=True
    )
    note = models.CharField(_("note"), max_length=400, blank=True)
    at = models.DateTimeField(_("confirmed at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of a card's details")
        verbose_name_plural = _("confirmations of card details")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["card", "agent", "period"], name="card_confirmed_once_a_period"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="confirmation_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.period}"

    @property
    def faults(self) -> list[str]:
        """What is wrong, in words."""
        return [str(Detail(code).label) for code in self.wrong]
