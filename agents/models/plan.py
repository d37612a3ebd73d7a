"""Who is to be trained in what until when (R56)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models.training import Course
from agents.querysets import TrainingPlanQuerySet
from cardfleet.accounts.models import Team


class TrainingPlan(models.Model):
    """That the agents of a team and below pass a course within a period; without a team, all of them.

    An agent has done it who passed from `starts_on` on. It is withdrawn, never deleted.
    """

    course = models.ForeignKey(Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="plans")
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: everybody."),
    )
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("to be done by"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = TrainingPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of training")
        verbose_name_plural = _("plans of training")
        ordering = ["due_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="training_plan_forward")]

    def __str__(self) -> str:
        return f"{self.course} {self.due_on}"
