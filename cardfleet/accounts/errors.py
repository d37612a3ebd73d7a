"""What accounts refuses."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import NotAllowed


class PasswordChangeDue(NotAllowed):
    """The person still has a one-time password."""

    code = "password_change_due"
    sentence = _("Sign in on the web page and change your one-time password first.")


class SecondFactorDue(NotAllowed):
    """A role of MFA_ROLES obliges the person to a second factor that is not set up."""

    code = "second_factor_due"
    sentence = _("Sign in on the web page and set up your second factor first.")
