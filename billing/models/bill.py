"""Carriers' bills: the file they came in, their lines, and where they differ from what we know (R27, R82)."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import BillItem, BillState, DifferenceKind, DifferenceState, StatementState
from billing.models.account import Account
from billing.models.dispute import Dispute
from billing.querysets import BillPartQuerySet, BillQuerySet
from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cardfleet.kernel.money import MoneyField
from cardfleet.kernel.querysets import LockableQuerySet
from cards.models import Card, Carrier


class BillProfile(models.Model):
    """What the columns of a carrier's statements hold; a file with the same header is read by it without asking.

    `columns` are zero-based places by name: BillColumn values, and BillItem values for a column of amounts.
    """

    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.CASCADE, related_name="+")
    signature = models.CharField(_("signature of the header"), max_length=64)
    header = models.JSONField(_("header"), default=list)
    columns = models.JSONField(_("mapping"), default=dict)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("mapping of a statement")
        verbose_name_plural = _("mappings of statements")
        ordering = ["carrier", "-changed_at"]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "signature"], name="bill_profile_once_per_header"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.pk}"


class BillStatement(models.Model):
    """A file of bills of one month: of one shared account, or of many cards that pay for themselves.

    Its bills are stored whole or not at all.
    """

    carrier = models.ForeignKey(Carrier, verbose_name=_("carrier"), on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    month = models.DateField(_("month"))
    file = models.ForeignKey(StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    total = MoneyField(_("total stated"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=StatementState, default=StatementState.RECEIVED)
    job = models.ForeignKey(Job, verbose_name=_("job"), on_delete=models.SET_NULL, null=True, related_name="+")
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_refused = models.PositiveIntegerField(_("rows refused"), default=0)
    created_at = models.DateTimeField(_("received at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("received by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: LockableQuerySet["BillStatement"] = LockableQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("file of bills")
        verbose_name_plural = _("files of bills")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month_is_a_first_day"),
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(state__in=["received", "pending", "stored"]), name="statement_file_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Bill(models.Model):
    """What a carrier charges an account for a month. Amounts are CNY, charges positive.

    `total` is what the carrier states, else the sum of the lines. A bill is taken back only before it is accepted.
    """

    statement = models.ForeignKey(BillStatement, verbose_name=_("file"), on_delete=models.PROTECT, related_name="bills")
    account = models.ForeignKey(Account, verbose_name=_("account"), on_delete=models.PROTECT, related_name="bills")
    month = models.DateField(_("month"))
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    due_on = models.DateField(_("due on"))
    previous_balance = MoneyField(_("balance before"), null=True, blank=True)
    total = MoneyField(_("billed"))
    expected = MoneyField(_("should be"), default=0)
    state = models.CharField(_("state"), max_length=9, choices=BillState, default=BillState.CHECKED)
    checked_at = models.DateTimeField(_("checked at"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("accepted by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    paid = MoneyField(_("paid"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("payment recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    payment_reference = models.CharField(_("reference of the payment"), max_length=120, blank=True)

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ["-month", "account"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="bill_month_is_a_first_day"),
            models.UniqueConstraint(
                fields=["account", "month"], condition=~Q(state="withdrawn"), name="bill_once_per_account_and_month"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=False) | ~Q(state="accepted"), name="bill_accepted_has_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True, paid__isnull=True) | Q(paid_on__isnull=False, paid__isnull=False),
                name="bill_paid_has_its_day",
            ),
        ]
        permissions = [
            ("import_bill", _("Can import bills")),
            ("settle_bill", _("Can accept bills, dispute them and record their payment")),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.month:%Y-%m}"

    @property
    def gap(self) -> Decimal:
        """By how much it is above what was expected, CNY."""
        gap: Decimal = self.total - self.expected
        return gap


class BillLine(models.Model):
    """One amount of a bill, as it stands there. `month` is what the line is about; `number` as the carrier wrote it."""

    bill = models.ForeignKey(Bill, verbose_name=_("bill"), on_delete=models.CASCADE, related_name="lines")
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, related_name="bill_lines"
    )
    number = models.CharField(_("number"), max_length=32, blank=True)
    item = models.CharField(_("item"), max_length=12, choices=BillItem)
    text = models.CharField(_("name on the bill"), max_length=80)
    amount = MoneyField(_("amount"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=2, null=True, blank=True)
    month = models.DateField(_("month"))
    line = models.PositiveIntegerField(_("line"))
    stated = MoneyField(_("total of its row"), null=True, help_text=_("On the first line of the row."))

    objects = BillPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a bill")
        verbose_name_plural = _("lines of bills")
        ordering = ["bill", "line", "id"]
        triggers = [
            pgtrigger.Protect(name="stays_as_billed", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}:{self.line} {self.item} {self.amount}"


class BillDifference(models.Model):
    """Where a bill differs from its detail or from what we reckon, by card and item.

    `billed`, `detail` and `expected` are the three sides (None: that side says nothing), `amount` is how much the bill
    is above what it should be. `evidence` is what shows it: calls, plans, days.
    """

    bill = models.ForeignKey(Bill, verbose_name=_("bill"), on_delete=models.CASCADE, related_name="differences")
    card = models.ForeignKey(
        Card, verbose_name=_("card"), on_delete=models.PROTECT, null=True, related_name="bill_differences"
    )
    number = models.CharField(_("number"), max_length=32, blank=True)
    item = models.CharField(_("item"), max_length=12, choices=BillItem, blank=True)
    kind = models.CharField(_("difference"), max_length=30, choices=DifferenceKind)
    billed = MoneyField(_("billed"))
    detail = MoneyField(_("by the detail"), null=True)
    expected = MoneyField(_("should be"), null=True)
    amount = MoneyField(_("too much"))
    evidence = models.JSONField(_("evidence"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=DifferenceState, default=DifferenceState.OPEN)
    dispute = models.ForeignKey(
        Dispute, verbose_name=_("dispute"), on_delete=models.PROTECT, null=True, related_name="differences"
    )

    objects = BillPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference of a bill")
        verbose_name_plural = _("differences of bills")
        ordering = [F("amount").desc(), "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="disputed") | Q(dispute__isnull=False), name="difference_disputed_has_its_dispute"
            )
        ]
        indexes = [models.Index(fields=["bill", "state"], name="bill_difference_state")]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.kind} {self.amount}"
