"""What stands in the way of erasing a person."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Refusal


class ErasureRefused(Refusal):
    """A person cannot be erased now; the reasons say until when, or what to do first."""

    code = "erasure_refused"
    sentence = _("This person cannot be erased yet. See what stands in the way.")
