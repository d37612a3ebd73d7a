"""The append-only ledger, and what carriers say the balance is."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import HELD_TO, EntryKind, ReadingSource
from billing.models.account import Account
from billing.models.closing import CLOSING_LOCK
from billing.models.transfer import Transfer
from billing.models.usage import UsageBatch
from billing.querysets import BalanceReadingQuerySet, OfCardQuerySet
from cardfleet.kernel.money import MoneyField
from cards.models import Card

# Told apart by the lock: an entry that was added before a month is closed is among its figures.
REFUSE_CLOSED = f"""
PERFORM pg_advisory_xact_lock_shared({CLOSING_LOCK});
IF EXISTS (SELECT FROM added WHERE month <= (SELECT max(month) FROM billing_closedmonth)) THEN
    RAISE EXCEPTION 'a closed month takes no entries';
END IF;
RETURN NULL;
"""
# A transfer may have thousands of legs: they are added up once, for the last of them.
REFUSE_UNEVEN = """
SELECT max(id) INTO last FROM billing_ledgerentry WHERE transfer_id = NEW.transfer_id;
IF NEW.id <> last THEN RETURN NULL; END IF;
SELECT sum(amount) INTO total FROM billing_ledgerentry WHERE transfer_id = NEW.transfer_id;
IF total <> 0 THEN RAISE EXCEPTION 'the legs of transfer % add up to %', NEW.transfer_id, total; END IF;
RETURN NULL;
"""


class LedgerEntry(models.Model):
    """A signed amount on an account (CNY; charges negative). Never changed: a mistake is reversed by a further row.

    An import writes one for each card, so there is no index that no question needs.
    """

    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.PROTECT, db_index=False, related_name="entries"
    )
    card = models.ForeignKey(
        Card,
        verbose_name=_("card"),
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="ledger_entries",
    )
    kind = models.CharField(_("kind"), max_length=16, choices=EntryKind)
    amount = MoneyField(_("amount"))
    at = models.DateTimeField(_("time"))
    month = models.DateField(_("month"), help_text=_("First day of the month the amount belongs to."))
    of_month = models.DateField(
        _("month it is about"),
        null=True,
        blank=True,
        help_text=_("Where that one was closed before this came, and so another one counts it."),
    )
    posted_at = models.DateTimeField(_("posted at"))
    key = models.CharField(_("key"), max_length=120)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("reverses"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
    )
    batch = models.ForeignKey(
        UsageBatch,
        verbose_name=_("batch"),
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="+",
    )
    transfer = models.ForeignKey(
        Transfer,
        verbose_name=_("transfer"),
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        blank=True,
        related_name="legs",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        related_name="+",
    )

    objects: OfCardQuerySet["LedgerEntry"] = OfCardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="entry_key_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_is_not_nothing"),
            models.CheckConstraint(
                condition=~Q(kind__in=["other_charge", "late_fee", "penalty"]) | Q(amount__lt=0),
                name="entry_charge_negative",
            ),
            models.CheckConstraint(condition=~Q(kind="top_up") | Q(amount__gt=0), name="entry_top_up_positive"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | ~Q(kind="reversal") & Q(reverses__isnull=True),
                name="entry_reversal_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(kind="transfer", transfer__isnull=False) | ~Q(kind="transfer") & Q(transfer__isnull=True),
                name="entry_of_a_transfer_names_it",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="entry_month_is_a_first_day"),
            models.CheckConstraint(
                condition=Q(of_month__isnull=True) | Q(of_month__day=1, of_month__lt=F("month")),
                name="entry_about_an_earlier_month",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="entry_account"),
            models.Index(fields=["month", "kind"], name="entry_month_kind"),
            models.Index(fields=["card", "month"], name="entry_card_month"),
            models.Index(fields=["transfer", "id"], condition=Q(transfer__isnull=False), name="entry_transfer"),
            models.Index(fields=["card", "of_month"], condition=Q(of_month__isnull=False), name="entry_card_of_month"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="legs_add_up_to_nothing",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__transfer__isnull=False),
                declare=[("total", "numeric"), ("last", "bigint")],
                func=REFUSE_UNEVEN,
            ),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="closed_months_stay",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                func=REFUSE_CLOSED,
            ),
        ]
        permissions = [
            ("post_entry", _("Can post top-ups, charges and adjustments")),
            ("view_costs", _("Can see the cost report")),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind} {self.amount}"

    @property
    def is_held(self) -> bool:
        """Whether it takes off again what our own reckoning posted after the bill was accepted."""
        return self.key.startswith(HELD_TO)


class BalanceReading(models.Model):
    """What a carrier said an account's balance was, when, and where that was read (R29)."""

    account = models.ForeignKey(Account, verbose_name=_("account"), on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField(_("read at"))
    balance = MoneyField(_("balance"))
    source = models.CharField(_("source"), max_length=8, choices=ReadingSource)
    recorded_at = models.DateTimeField(_("recorded at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = BalanceReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("balance reading")
        verbose_name_plural = _("balance readings")
        ordering = ["-read_at"]
        constraints = [models.UniqueConstraint(fields=["account", "read_at"], name="reading_once_per_moment")]
        permissions = [("import_reading", _("Can import balances and states"))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.balance}"
