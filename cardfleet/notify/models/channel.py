"""Channels: where messages go."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cardfleet.kernel.crypto import EncryptedField
from cardfleet.notify.choices import ChannelKind, Urgency
from cardfleet.notify.querysets import ChannelQuerySet
from cardfleet.notify.rules.quiet import Quiet


class Channel(models.Model):
    """A place messages go to: an address or a robot's hook. Serves one team and below, one person, or everybody."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=ChannelKind)
    address = EncryptedField(_("address"), help_text=_("E-mail address, or the robot's full hook address."))
    secret = EncryptedField(_("signing secret"), blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whose own"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="channels",
    )
    least = models.PositiveSmallIntegerField(_("carries"), choices=Urgency, default=Urgency.NORMAL)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    urgent_through = models.BooleanField(_("what is critical comes all the same"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    disabled_reason = models.TextField(_("why it was disabled"), blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(team__isnull=True), name="channel_serves_a_person_or_a_team"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quiet(self) -> Quiet:
        """Return when nothing is sent by it."""
        return Quiet(start=self.quiet_from, end=self.quiet_until, urgent_through=self.urgent_through)
