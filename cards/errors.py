"""What the services of cards refuse."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Refusal


class ChangeRefused(Refusal):
    """A state may not become another; `context["legal"]` lists what it may become."""

    code = "illegal_transition"
    sentence = _("The card cannot change like this.")


class PeriodRefused(Refusal):
    """A price or rule would begin where it cannot."""

    code = "period_refused"
    sentence = _("It cannot begin on this day.")


class FileRefused(BadInput):
    """A whole file cannot be used; nothing of it was stored."""

    code = "file_refused"
    sentence = _("This file cannot be used. Nothing was stored.")
