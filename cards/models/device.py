"""The register of devices, and in which phone a card was, and when (R26, R33, R37, R80)."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import BigIntegerField, F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cards.choices import DeviceKind, DeviceState, Network
from cards.models.card import Card
from cards.querysets import DeviceQuerySet


def _alone(text: F | Coalesce) -> Func:
    """Return an IMEI as the range that holds just it."""
    return Func(Cast(text, BigIntegerField()), Cast(text, BigIntegerField()), Value("[]"), function="int8range")


class Device(models.Model):
    """A phone or tablet that cards are put into, by its IMEI, which is never edited (X5).

    A phone for two cards has a second IMEI. The first names the device everywhere, the second leads to it; no IMEI
    is that of two devices, whether as the first or as the second.
    An IMEI that was typed wrongly is corrected by a new record; the wrong one stays and names it. Without an `owner`
    it is the company's. `sim_forms` are values of SimForm that its slots take; empty: not recorded.
    """

    imei = models.CharField(
        "IMEI", max_length=15, unique=True, error_messages={"unique": _("The register has this IMEI already.")}
    )
    imei2 = models.CharField(_("second IMEI"), max_length=15, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=DeviceKind, default=DeviceKind.PHONE)
    model = models.CharField(_("make and model"), max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owned by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="own_devices",
        help_text=_("Empty: the company."),
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="devices"
    )
    network = models.CharField(_("best network"), max_length=5, choices=Network, blank=True)
    sim_forms = models.JSONField(_("SIM forms it takes"), default=list, blank=True)
    sim_slots = models.PositiveSmallIntegerField(_("SIM slots"), default=2)
    licence_no = models.CharField(_("network access licence"), max_length=32, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=DeviceState, default=DeviceState.READY)
    superseded_by = models.ForeignKey(
        "self", verbose_name=_("recorded anew as"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(_("recorded at"))
    updated_at = models.DateTimeField(_("changed at"))

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(imei__regex=r"^[0-9]{15}$"), name="device_imei_form"),
            models.CheckConstraint(condition=Q(imei2__regex=r"^([0-9]{15})?$"), name="device_imei2_form"),
            models.CheckConstraint(
                condition=~Q(imei2=F("imei")),
                violation_error_message=_("Both IMEIs are the same. Dial *#06# and copy the second one."),
                name="device_imeis_differ",
            ),
            ExclusionConstraint(
                name="device_imei_of_one",
                expressions=[
                    (
                        Func(
                            _alone(F("imei")),
                            _alone(Coalesce(NullIf(F("imei2"), Value("")), F("imei"))),
                            function="int8multirange",
                        ),
                        "&&",
                    )
                ],
                violation_error_message=_("The register has this IMEI already."),
            ),
            models.CheckConstraint(
                condition=Q(sim_slots__range=(1, 2)),
                violation_error_message=_("A device here has one SIM slot or two."),
                name="device_slots_few",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_by__isnull=False)
                | (~Q(state="superseded") & Q(superseded_by__isnull=True)),
                name="device_superseded_by_another",
            ),
        ]
        indexes = [models.Index(fields=["team", "-id"], name="device_team")]
        permissions = [("bind_device", _("Can put cards into devices and take them out"))]

    def __str__(self) -> str:
        return f"{self.model} {self.imei}".strip()

    @property
    def imeis(self) -> list[str]:
        """Its IMEI, and the second one where it has one."""
        return [imei for imei in (self.imei, self.imei2) if imei]


class DeviceUse(models.Model):
    """A card in one phone from `since` until `until`, both as recorded; the open row is the card's present phone.

    Written by the database whenever the card's IMEI is (`Card.Meta.triggers`), so that no writer can forget it.
    """

    card = models.ForeignKey(Card, verbose_name=_("card"), on_delete=models.CASCADE, related_name="device_uses")
    imei = models.CharField("IMEI", max_length=16, db_index=True)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("phone of a card")
        verbose_name_plural = _("phones of cards")
        ordering = ["-id"]
        indexes = [models.Index(fields=["card", "-since"], name="device_use_card")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.since:%Y-%m-%d}"
