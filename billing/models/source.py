"""Where usage comes from, and which names in it mean whom."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from billing.choices import Expectation, SourceRole
from billing.models.feed import FeedMapping
from cards.models import Card, Carrier


class UsageSource(models.Model):
    """A place call records come from; made on first use of its slug."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(_("role"), max_length=8, choices=SourceRole)
    carrier = models.ForeignKey(
        Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    expected_every = models.CharField(
        _("expected"),
        max_length=8,
        choices=Expectation,
        blank=True,
        help_text=_("How often its details are to be imported; empty: nobody is reminded."),
    )
    expected_within_days = models.PositiveSmallIntegerField(
        _("days to import them"),
        default=5,
        help_text=_("After the month, week or day has ended; then people are told."),
    )

    mapping = models.ForeignKey(
        FeedMapping,
        verbose_name=_("mapping of its live feed"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text=_("Empty for the generic names and FreeSWITCH."),
    )

    class Meta:
        verbose_name = _("usage source")
        verbose_name_plural = _("usage sources")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class VoiceLine(models.Model):
    """A carrier's own voice line (trunk). Calls through it are not a SIM's."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    number = models.CharField(_("number"), max_length=20, blank=True)
    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="lines")

    class Meta:
        verbose_name = _("voice line")
        verbose_name_plural = _("voice lines")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UsageAlias(models.Model):
    """What a name in a source means for a period: an extension is an agent's or a card's, a trunk a voice line's."""

    source = models.ForeignKey(UsageSource, verbose_name=_("source"), on_delete=models.CASCADE, related_name="aliases")
    alias = models.CharField(_("name in the source"), max_length=80)
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    line = models.ForeignKey(
        VoiceLine,
        verbose_name=_("voice line"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["source", "alias", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(card__isnull=False, agent__isnull=True, line__isnull=True)
                | Q(card__isnull=True, agent__isnull=False, line__isnull=True)
                | Q(card__isnull=True, agent__isnull=True, line__isnull=False),
                name="alias_means_one_thing",
            ),
            ExclusionConstraint(
                name="alias_periods_do_not_overlap",
                expressions=[
                    (Func(F("source"), F("source"), models.Value("[]"), function="int8range"), "&&"),
                    (
                        Func(
                            Func(F("alias"), function="hashtext"),
                            Func(F("alias"), function="hashtext"),
                            models.Value("[]"),
                            function="int4range",
                        ),
                        "&&",
                    ),
                    (Func(F("valid_from"), F("valid_to"), function="tstzrange"), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.alias
