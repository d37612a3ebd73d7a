"""How the ledger becomes voucher lines of the company's books, as finance has it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.choices import EntryKind, VoucherValue
from cardfleet.accounts.models import Team

KINDS = [(kind.value, kind.label) for kind in EntryKind if kind is not EntryKind.REVERSAL]


class VoucherMapping(models.Model):
    """Which accounts entries of a kind go to. With `tax` the VAT within is debited there, else it is part of the cost.

    `text` may name {month}, {kind} and {team}.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=KINDS, unique=True)
    debit = models.CharField(_("debit account"), max_length=30)
    tax = models.CharField(_("account of deductible VAT"), max_length=30, blank=True)
    credit = models.CharField(_("credit account"), max_length=30)
    text = models.CharField(_("text of the line"), max_length=120, default="{month} {kind} {team}")

    class Meta:
        verbose_name = _("accounts of a kind")
        verbose_name_plural = _("accounts by kind")
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.get_kind_display()


class VoucherCentre(models.Model):
    """The cost centre of a team in the company's books."""

    team = models.OneToOneField(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("cost centre"), max_length=30)

    class Meta:
        verbose_name = _("cost centre")
        verbose_name_plural = _("cost centres")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class VoucherColumn(models.Model):
    """A column of the file, in the order and under the title the accounting software takes."""

    place = models.PositiveSmallIntegerField(_("order of the column"), unique=True)
    title = models.CharField(_("title of the column"), max_length=40)
    value = models.CharField(_("holds"), max_length=8, choices=VoucherValue)

    class Meta:
        verbose_name = _("column of the accounting export")
        verbose_name_plural = _("columns of the accounting export")
        ordering = ["place"]

    def __str__(self) -> str:
        return self.title
