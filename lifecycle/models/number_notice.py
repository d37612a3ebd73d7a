"""Who is told that a number changed, with which words, and until when the old number is forwarded (R110, R111)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.crypto import EncryptedField
from cards.models import Card
from lifecycle.choices import NoticeChannel, NoticeResult
from lifecycle.models.case import Case
from lifecycle.models.switch import CardSwitch
from lifecycle.querysets import ForwardingQuerySet, NumberNoticeQuerySet


class NoticeText(models.Model):
    """The words of a notice with places to fill in (`lifecycle.rules.number_notice`); data, in the company's tongue."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    channel = models.CharField(_("channel"), max_length=5, choices=NoticeChannel)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    body = models.TextField(_("text"), max_length=2000)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("text of a notice")
        verbose_name_plural = _("texts of notices")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class NumberNotice(models.Model):
    """A draft for the customers of a number: CardFleet sends nothing to them, people do and record what came of it.

    Recipients are listed here, or stay in the CRM behind `crm_link` with their number counted only. They are deleted
    after `delete_after`; the counts stay.
    """

    old_card = models.ForeignKey(Card, verbose_name=_("old card"), on_delete=models.PROTECT, related_name="notices_of")
    new_card = models.ForeignKey(
        Card, verbose_name=_("new card"), on_delete=models.PROTECT, null=True, blank=True, related_name="notices_to"
    )
    switch = models.OneToOneField(
        CardSwitch, verbose_name=_("switch"), on_delete=models.PROTECT, null=True, blank=True, related_name="notice"
    )
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, null=True, blank=True, related_name="number_notices"
    )
    company = models.CharField(_("company"), max_length=120)
    opt_out = models.CharField(_("how to refuse further messages"), max_length=120)
    changes_on = models.DateField(_("changes on"))
    crm_link = models.URLField(_("list in the CRM"), blank=True)
    crm_told = models.PositiveIntegerField(_("told from the CRM"), null=True, blank=True)
    crm_failed = models.PositiveIntegerField(_("not reached from the CRM"), null=True, blank=True)
    told = models.PositiveIntegerField(_("told"), default=0)
    failed = models.PositiveIntegerField(_("not reached"), default=0)
    refused = models.PositiveIntegerField(_("want no further messages"), default=0)
    delete_after = models.DateField(_("recipients are deleted after"))
    forgotten_at = models.DateTimeField(_("recipients deleted at"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))

    objects = NumberNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of a changed number")
        verbose_name_plural = _("notices of changed numbers")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["delete_after"], condition=Q(forgotten_at__isnull=True), name="number_notice_kept")
        ]
        permissions = [("export_recipients", _("Can download the recipients of a notice with whole numbers"))]

    def __str__(self) -> str:
        return f"{self.old_card_id} {self.changes_on}"


class NoticeRecipient(models.Model):
    """Somebody to be told: an address, encrypted, known by its keyed hash, and what came of it. No more is kept."""

    notice = models.ForeignKey(
        NumberNotice, verbose_name=_("notice"), on_delete=models.CASCADE, related_name="recipients"
    )
    channel = models.CharField(_("channel"), max_length=5, choices=NoticeChannel)
    address = EncryptedField(_("number or e-mail"))
    address_hash = models.CharField(max_length=64, editable=False)
    called = EncryptedField(_("form of address"), blank=True)
    result = models.CharField(_("result"), max_length=7, choices=NoticeResult, default=NoticeResult.WAITING)
    remark = models.CharField(_("remark"), max_length=80, blank=True)
    result_at = models.DateTimeField(_("recorded at"), null=True, blank=True)
    result_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "address_hash"], name="recipient_once_a_notice"),
            models.CheckConstraint(
                condition=Q(result="waiting", result_at__isnull=True)
                | ~Q(result="waiting") & Q(result_at__isnull=False),
                name="recipient_result_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.pk}"


class Forwarding(models.Model):
    """Calls to an old number go to a new one for a while; a person sets it up at the carrier and ends it there."""

    old_card = models.ForeignKey(Card, verbose_name=_("old card"), on_delete=models.PROTECT, related_name="forwardings")
    new_card = models.ForeignKey(Card, verbose_name=_("new card"), on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(
        NumberNotice,
        verbose_name=_("notice"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="forwardings",
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    set_up_at = models.DateTimeField(_("set up at"), null=True, blank=True)
    set_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("set up by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("ended by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ForwardingQuerySet.as_manager()

    class Meta:
        verbose_name = _("forwarding")
        verbose_name_plural = _("forwardings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["old_card"], condition=Q(ended_at__isnull=True), name="forwarding_open_once_per_card"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="forwarding_runs_forward"),
            models.CheckConstraint(condition=~Q(old_card=F("new_card")), name="forwarding_between_two_cards"),
        ]

    def __str__(self) -> str:
        return f"{self.old_card_id} > {self.new_card_id} {self.ends_on}"
