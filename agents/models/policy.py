"""What people must have read and signed: policies, their versions, acknowledgements (R112, R115)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.choices import Audience
from agents.querysets import AcknowledgementQuerySet


class Policy(models.Model):
    """A policy of the company. One that is required must be acknowledged before a card is issued."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    audience = models.CharField(_("binds"), max_length=9, choices=Audience, default=Audience.AGENTS)
    is_required = models.BooleanField(_("required before a card is issued"), default=False)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["title"]
        permissions = [("acknowledge_policy", _("Can acknowledge policies"))]

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """The text of a policy from a day on; the latest in force is asked for anew. Append-only."""

    policy = models.ForeignKey(Policy, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    effective_from = models.DateField(_("in force from"))
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a policy")
        verbose_name_plural = _("versions of policies")
        ordering = ["policy", "-number"]
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"


class Acknowledgement(models.Model):
    """That a person read a version and signed it with their name. Append-only."""

    version = models.ForeignKey(
        PolicyVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="acknowledgements"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="acknowledgements"
    )
    at = models.DateTimeField(_("signed at"))
    signed_name = models.CharField(_("signed with the name"), max_length=80)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="acknowledged_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.version_id} {self.user_id}"
