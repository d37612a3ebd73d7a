"""Balance moved between accounts: its legs are ledger entries, and add up to nothing."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.querysets import LockableQuerySet
from cards.models import Carrier


class TransferRule(models.Model):
    """Which ways a carrier lets balance go; without a rule only from the company's wallet to its cards."""

    carrier = models.OneToOneField(Carrier, verbose_name=_("carrier"), on_delete=models.CASCADE, related_name="+")
    to_cards = models.BooleanField(_("from a wallet to cards"), default=True)
    to_wallet = models.BooleanField(_("from a card back to a wallet"), default=False)
    between_cards = models.BooleanField(_("between accounts of cards"), default=False)
    source = models.CharField(_("where that is said"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("rule on transfers")
        verbose_name_plural = _("rules on transfers")
        ordering = ["carrier"]

    def __str__(self) -> str:
        return str(self.carrier)


class Transfer(models.Model):
    """Money of one carrier that went from an account to others, as the carrier did it. Never changed, nor taken back
    but by a further one."""

    made_at = models.DateTimeField(_("time"))
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    reason = models.TextField(_("reason"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("actor"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer of balance")
        verbose_name_plural = _("transfers of balance")
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        permissions = [("make_transfer", _("Can move balance between wallets and accounts"))]

    def __str__(self) -> str:
        return str(self.pk)
