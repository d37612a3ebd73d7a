"""Registered users with their dates, people under sanction, what each asked about the own ID (R23, R85)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cards.choices.real_name import SanctionBasis
from cards.models.card import Card
from cards.models.registrant import Registrant
from cards.querysets import IdCheckQuerySet, SanctionQuerySet


class RegisteredUse(models.Model):
    """A person as the registered user of a number from `since` until `until`, both as recorded (R23).

    Written by the database whenever the card's registered user is (`Card.Meta.triggers`).
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="registered_uses")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("registered user"), on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("registered user of a card")
        verbose_name_plural = _("registered users of cards")
        ordering = ["-id"]
        indexes = [models.Index(fields=["card", "-since"], name="registered_use_card")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.since:%Y-%m-%d}"


class Sanction(models.Model):
    """That a person of ours, or a registrant, may get no new number for a time (联合惩戒办法 art. 3)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sanctions",
    )
    registrant = models.ForeignKey(
        Registrant,
        verbose_name=_("registrant"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sanctions",
    )
    basis = models.CharField(_("basis"), max_length=10, choices=SanctionBasis)
    source = models.CharField(_("told by"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_why = models.CharField(_("why it was lifted"), max_length=200, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-ends_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, registrant__isnull=True)
                | Q(person__isnull=True, registrant__isnull=False),
                violation_error_message=_("Name a person or a registrant, not both."),
                name="sanction_is_on_one",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A sanction cannot end before it begins."),
                name="sanction_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.registrant} {self.ends_on}"


class IdCheck(models.Model):
    """The yearly look at all numbers under one's own ID (一证通查): asked, answered, compared (反诈法 art. 10)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="id_checks"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    asked_at = models.DateTimeField(_("asked at"))
    due_on = models.DateField(_("to be answered by"))
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    found = models.PositiveSmallIntegerField(_("numbers found"), null=True, blank=True)
    known = models.PositiveSmallIntegerField(_("numbers known here"), null=True, blank=True)
    foreign = models.PositiveSmallIntegerField(_("numbers the person does not know"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = IdCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly check of numbers under an ID")
        verbose_name_plural = _("yearly checks of numbers under an ID")
        ordering = ["-year", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "year"], name="id_check_once_a_year"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | Q(found__isnull=False, known__isnull=False, foreign__isnull=False, checked_on__isnull=False),
                name="id_check_answered_whole",
            ),
        ]
        permissions = [("answer_id_check", _("Can answer the yearly check of the own ID"))]

    def __str__(self) -> str:
        return f"{self.person_id} {self.year}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something: to answer, or to settle what differs."""
        return self.answered_at is None or (self.settled_at is None and self.differs)

    @property
    def differs(self) -> bool:
        """Whether the answer names numbers nobody knows, or fewer than are known here."""
        if self.found is None or self.known is None:
            return False
        return bool(self.foreign) or self.found < self.known
