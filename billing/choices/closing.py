"""Vocabulary of the close of a month."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClosingCheck(models.TextChoices):
    """What is looked at before a month is closed, in words that say what to do."""

    NOT_OVER = "not_over", _("The month is not over. Close it when its last day has passed.")
    EARLIER_OPEN = "earlier_open", _("An earlier month is open. Close the months in their order.")
    WAITING = "waiting", _("Files of call records wait to be imported. Start them or put them away.")
    UNPOSTED = "unposted", _("Calls of cards are not posted as they were rated. Run reconcile_usage --repair.")
    FAILED = "failed", _("Files of call records could not be imported. Correct them, or close without them.")
    REFUSED_ROWS = "refused_rows", _("Rows of imported files were refused. Correct them, or close without them.")
    LACKING = "lacking", _("Sources have not delivered the whole month. Ask for their files, or close without them.")
    STATEMENTS = "statements", _("Carriers' statements of the month wait to be imported.")
    BILLS = "bills", _("Carriers' bills of the month are not accepted yet.")
    DISPUTES = "disputes", _("Disputes about bills of the month are open.")
    CLAIMS = "claims", _("Claims for the month are not paid out yet.")
    TOP_UPS = "top_ups", _("Top-ups were paid and have not arrived.")
