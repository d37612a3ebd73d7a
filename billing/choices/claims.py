"""Vocabulary of claims (报销) and the invoices they rest on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InvoiceKind(models.TextChoices):
    """What sort of invoice it is; a red letter (红字) is one of these with amounts below zero."""

    DIGITAL = "digital", _("Digital invoice (20 digits)")
    ORDINARY = "ordinary", _("Ordinary VAT invoice")
    SPECIAL = "special", _("Special VAT invoice")


class ClaimState(models.TextChoices):
    """Where a claim is."""

    DRAFT = "draft", _("Draft, not sent")
    SUBMITTED = "submitted", _("Awaiting approval")
    APPROVED = "approved", _("Approved, not paid yet")
    PAID = "paid", _("Paid out")
    REFUSED = "refused", _("Turned back")
    WITHDRAWN = "withdrawn", _("Taken back")


LIVE_CLAIMS = (ClaimState.SUBMITTED, ClaimState.APPROVED, ClaimState.PAID)
"""States in which a claim's invoices are used up and its money counts against the cap."""
