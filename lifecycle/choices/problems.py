"""Vocabulary of customers' problems (R62)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProblemKind(models.TextChoices):
    """What a customer's problem is about."""

    PRODUCT = "product", _("Product or service")
    PRICE = "price", _("Price, bill or refund")
    DELIVERY = "delivery", _("Delivery or opening")
    PROMISE = "promise", _("Something promised and not kept")
    CONTACT = "contact", _("How we called")
    OTHER = "other", _("Something else")
