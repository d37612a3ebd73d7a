"""Problems that customers bring up, and whether they were solved to their satisfaction (R62)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from cards.models import Card
from lifecycle.choices import ProblemKind
from lifecycle.models.checked_call import FIVE
from lifecycle.querysets import CustomerProblemQuerySet


class CustomerProblem(models.Model):
    """One problem as an agent was told of it: nobody's name and no number, the customer's file is elsewhere (R63).

    `satisfaction` is 1 to 5, as the customer said when it was solved.
    """

    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="problems")
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("about what"), max_length=10, choices=ProblemKind)
    text = models.CharField(_("the problem"), max_length=300)
    raised_on = models.DateField(_("day of the call"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True)
    solved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("solved by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    solution = models.CharField(_("how it was solved"), max_length=300, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True, validators=FIVE)

    objects = CustomerProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer's problem")
        verbose_name_plural = _("customers' problems")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(solved_at__isnull=True, solution="", satisfaction__isnull=True)
                | Q(solved_at__isnull=False) & ~Q(solution=""),
                name="problem_says_how_it_was_solved",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="problem_satisfaction"
            ),
        ]
        indexes = [models.Index(fields=["agent", "raised_on"], name="problem_of_agent")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_kind_display()}"
