"""Vocabulary of top-ups: how they are paid, how far they are, what is suspicious about them (domain.md, section 6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TopUpState(models.TextChoices):
    """How far a top-up is. Paid is what a person said they paid; arrived is money on the account."""

    ASKED = "asked", _("Waiting for approval")
    APPROVED = "approved", _("To be paid")
    REFUSED = "refused", _("Not approved")
    PAID = "paid", _("Paid, not yet there")
    ARRIVED = "arrived", _("On the account")
    CONFIRMED = "confirmed", _("Confirmed by a balance")
    WITHDRAWN = "withdrawn", _("Taken back")


class TopUpOrigin(models.TextChoices):
    """Whether somebody asked first, or what was paid already was entered."""

    ASKED = "asked", _("Asked for first")
    RECORDED = "recorded", _("Recorded afterwards")


class TopUpChannel(models.TextChoices):
    """Where money is paid in."""

    CARRIER_APP = "carrier_app", _("Carrier's app, site or mini-program")
    OUTLET = "outlet", _("Carrier outlet")
    ALIPAY = "alipay", _("Alipay")
    WECHAT = "wechat", _("WeChat Pay")
    UNIONPAY = "unionpay", _("UnionPay QuickPass")
    AUTO_DEBIT = "auto_debit", _("Bank auto-debit")
    CORPORATE = "corporate", _("Corporate transfer")
    RECHARGE_CARD = "recharge_card", _("Recharge card")
    AGENT_PORTAL = "agent_portal", _("Carrier's authorised agent")


class TopUpRisk(models.TextChoices):
    """Signs of a discounted slow top-up (打折慢充), a known way of laundering money."""

    DISCOUNTED = "discounted", _("Discounted")
    SLOW = "slow", _("Slow")
    BOTH = "both", _("Discounted and slow")


class ApprovalRank(models.TextChoices):
    """Whose yes a top-up needs, the lower first."""

    SUPERVISOR = "supervisor", _("Supervisor")
    FINANCE = "finance", _("Finance")


OPEN_STATES = (TopUpState.ASKED, TopUpState.APPROVED, TopUpState.PAID)
HERE_STATES = (TopUpState.ARRIVED, TopUpState.CONFIRMED)
