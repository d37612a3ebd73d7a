"""What a script must say before it is used (广告法 art. 43; R31, R59). Pure."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason


def lacks(*, states_identity: bool, offers_opt_out: bool) -> Iterator[Reason]:
    """Yield what a version lacks."""
    if not states_identity:
        yield Reason(
            code="identity_missing",
            message=_("It does not say who calls and how to reach the company."),
            clears=_("Begin with the company's true name, the caller's name and a number to call back."),
        )
    if not offers_opt_out:
        yield Reason(
            code="opt_out_missing",
            message=_("It does not offer not to be called again."),
            clears=_("Say how the person can refuse further calls, and stop at once when they do."),
        )
