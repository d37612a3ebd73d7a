"""What stands against an evidence pack."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Refusal


class PackUnfit(BadInput):
    """A pack was asked for with days or a reason that cannot be used."""

    code = "pack_unfit"
    sentence = _("No pack can be made of this. Correct the fields named.")


class NothingToPack(Refusal):
    """There is no card in what was asked for."""

    code = "nothing_to_pack"
    sentence = _("No card of your scope was there in this time. Choose other days, or another team.")
