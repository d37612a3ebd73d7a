"""The card itself, and its secrets."""

from django.conf import settings
from django.contrib.admin import display
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cardfleet.kernel.crypto import EncryptedField
from cardfleet.kernel.masking import mask_iccid, mask_msisdn
from cardfleet.kernel.money import MoneyField
from cards.choices import (
    ENDED,
    STOPPED,
    Condition,
    CustodyState,
    Direction,
    Network,
    PurchaseChannel,
    Purpose,
    RealNameState,
    ServiceState,
    SimForm,
    StopReason,
)
from cards.models.card_triggers import TRIGGERS
from cards.models.carrier import Carrier
from cards.models.contract import Contract
from cards.models.plan import RatePlan
from cards.models.registrant import Registrant
from cards.models.tag import Tag
from cards.querysets import CardQuerySet


class Card(models.Model):
    """A SIM card. Service state, custody state, team and holder are written by their services only.

    `msisdn` is E.164; `carrier` is the carrier of record, never derived from a prefix (number portability).
    """

    iccid = models.CharField("ICCID", max_length=20, unique=True)
    msisdn = models.CharField(_("number"), max_length=16)
    imsi = models.CharField("IMSI", max_length=15, blank=True)
    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="cards")
    plan = models.ForeignKey(
        RatePlan,
        verbose_name=_("plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
    )
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("contract"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
    )
    registrant = models.ForeignKey(
        Registrant,
        verbose_name=_("registrant"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
    )
    actual_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("registered user"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registered_cards",
    )
    real_name_state = models.CharField(
        _("real-name state"), max_length=8, choices=RealNameState, default=RealNameState.UNKNOWN
    )
    region = models.CharField(_("home region"), max_length=40, blank=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.SALES)
    industry = models.CharField(_("industry"), max_length=40, blank=True)
    direction = models.CharField(_("direction of use"), max_length=8, choices=Direction, default=Direction.BOTH)
    sim_form = models.CharField(_("SIM form"), max_length=5, choices=SimForm, blank=True)
    network = models.CharField(_("network"), max_length=5, choices=Network, blank=True)
    may_long_distance = models.BooleanField(_("long distance allowed"), default=True)
    may_roam = models.BooleanField(_("roaming allowed"), default=False)
    may_sms = models.BooleanField(_("messages allowed"), default=False)
    may_data = models.BooleanField(_("data allowed"), default=False)
    hours_from = models.TimeField(_("use from"), null=True, blank=True)
    hours_to = models.TimeField(_("use until"), null=True, blank=True)
    purchase_channel = models.CharField(
        _("bought at"), max_length=16, choices=PurchaseChannel, default=PurchaseChannel.UNKNOWN
    )
    purchase_price = MoneyField(_("purchase price"), null=True, blank=True)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    activated_on = models.DateField(_("activated on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    location = models.CharField(_("storage location"), max_length=80, blank=True)
    condition = models.CharField(_("condition"), max_length=8, choices=Condition, default=Condition.GOOD)
    device_imei = models.CharField("IMEI", max_length=16, blank=True)
    note = models.TextField(_("note"), blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="cards", blank=True)

    service_state = models.CharField(
        _("service state"), max_length=16, choices=ServiceState, default=ServiceState.PENDING
    )
    stop_reason = models.CharField(_("reason"), max_length=16, choices=StopReason, blank=True)
    service_since = models.DateTimeField(_("service state since"))
    custody_state = models.CharField(_("custody"), max_length=12, choices=CustodyState, default=CustodyState.IN_STOCK)
    custody_since = models.DateTimeField(_("custody since"))
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="cards"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("holder"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="held_cards",
    )
    is_customer_facing = models.BooleanField(_("customers rely on the number"), default=False)
    is_marked = models.BooleanField(_("marked by callees"), default=False)
    reverify_due_at = models.DateTimeField(_("second verification due"), null=True, blank=True)
    created_at = models.DateTimeField(_("recorded at"))
    updated_at = models.DateTimeField(_("changed at"))

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(iccid__regex=r"^89[0-9]{4}[0-9A-Z]{13,14}$"), name="card_iccid_form"),
            models.CheckConstraint(condition=Q(msisdn__regex=r"^\+[1-9][0-9]{6,14}$"), name="card_msisdn_e164"),
            models.UniqueConstraint(
                fields=["msisdn"],
                condition=~Q(service_state__in=sorted(ENDED)),
                violation_error_message=_("Another live card has this number."),
                name="card_number_live_once",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(activated_on__isnull=True)
                | Q(expires_on__gte=F("activated_on")),
                violation_error_message=_("A card cannot expire before it was activated."),
                name="card_dates_run_forward",
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=True)
                | Q(custody_state__in=["issued", "return_due", "resting", "faulty", "missing"]),
                name="card_held_only_outside_stock",
            ),
        ]
        indexes = [
            models.Index(fields=["service_state", "id"], name="card_service_state"),
            models.Index(fields=["team", "id"], name="card_team"),
            # Numbers and ICCIDs are looked for by their first and by their last digits.
            models.Index(OpClass("msisdn", name="varchar_pattern_ops"), name="card_msisdn_start"),
            models.Index(OpClass(Reverse("msisdn"), name="text_pattern_ops"), name="card_msisdn_end"),
            models.Index(OpClass(Reverse("iccid"), name="text_pattern_ops"), name="card_iccid_end"),
            models.Index(fields=["imsi"], name="card_imsi", condition=~Q(imsi="")),
            models.Index(fields=["expires_on"], name="card_expires_on"),
            models.Index(fields=["id"], name="card_return_due", condition=Q(custody_state=CustodyState.RETURN_DUE)),
            # The list begins with the latest stops.
            models.Index(
                fields=["-service_since", "id"], name="card_stopped", condition=Q(service_state__in=sorted(STOPPED))
            ),
            models.Index(
                fields=["carrier", "service_state", "real_name_state"],
                name="card_in_stock",
                condition=Q(custody_state__in=[CustodyState.IN_STOCK, CustodyState.SPARE]),
            ),
        ]
        permissions = [
            ("view_full_number", _("Can see numbers unmasked")),
            ("reveal_secret", _("Can reveal PIN, PUK and service password")),
            ("reveal_held_secret", _("Can reveal PIN, PUK and service password of cards in own hands")),
            ("change_service_state", _("Can record service-state changes")),
            ("release_card", _("Can release a card after a stop for its conduct")),
            ("correct_state", _("Can take back a state recorded by mistake")),
            ("import_card", _("Can import cards")),
            ("export_card", _("Can export cards")),
            ("attach_document", _("Can attach documents to cards")),
            ("view_real_name", _("Can see who numbers are registered to, used and held by")),
        ]
        triggers = TRIGGERS

    def __str__(self) -> str:
        return self.masked_msisdn

    @property
    @display(description=_("number"))
    def masked_msisdn(self) -> str:
        """138****1234."""
        return mask_msisdn(self.msisdn)

    @property
    @display(description="ICCID")
    def masked_iccid(self) -> str:
        """First and last four characters."""
        return mask_iccid(self.iccid)

    @property
    def is_stopped(self) -> bool:
        """Whether the carrier or owner stopped it and it may come back."""
        return self.service_state in STOPPED


class CardSecret(models.Model):
    """PIN, PUK and service password of a card, apart from it so that no list can load them (R24, R25)."""

    card = models.OneToOneField(
        Card, verbose_name=_("card"), on_delete=models.CASCADE, primary_key=True, related_name="secret"
    )
    pin1 = EncryptedField("PIN1", blank=True)
    pin2 = EncryptedField("PIN2", blank=True)
    puk1 = EncryptedField("PUK1", blank=True)
    puk2 = EncryptedField("PUK2", blank=True)
    service_password = EncryptedField(_("service password"), blank=True)
    pin_tries_left = models.PositiveSmallIntegerField(_("PIN tries left"), default=3)
    puk_tries_left = models.PositiveSmallIntegerField(_("PUK tries left"), default=10)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("card secrets")
        verbose_name_plural = _("card secrets")

    def __str__(self) -> str:
        return str(self.card)
