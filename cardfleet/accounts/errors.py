"""What accounts refuses."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, NotAllowed, Refusal


class PasswordChangeDue(NotAllowed):
    """The person still has a one-time password."""

    code = "password_change_due"
    sentence = _("Sign in on the web page and change your one-time password first.")


class SecondFactorDue(NotAllowed):
    """A role of MFA_ROLES obliges the person to a second factor that is not set up."""

    code = "second_factor_due"
    sentence = _("Sign in on the web page and set up your second factor first.")


class OutranksYou(NotAllowed):
    """A supervisor may act on agents only; on others, an administrator; on a superuser, another one."""

    code = "outranks_you"
    sentence = _("This person's role is not below yours. Ask an administrator.")


class StaffNumberTaken(BadInput):
    """Somebody has this staff number or user name already."""

    code = "staff_number_taken"
    sentence = _("Somebody has this staff number or user name already. Choose another, or open that person.")


class TeamNameTaken(BadInput):
    """A team of this name stands there already."""

    code = "team_name_taken"
    sentence = _("There is a team of this name here already. Choose another name.")


class TeamMisplaced(Refusal):
    """A team cannot stand below itself or below a smaller kind of team."""

    code = "team_misplaced"
    sentence = _("A team stands below a larger unit, never below itself or a smaller one. Choose another place.")


class AlreadyLeft(Refusal):
    """The person's access has ended."""

    code = "already_left"
    sentence = _("This person's access has ended already. Restore it before you change it.")


class PersonErased(Refusal):
    """The person's data was erased for good."""

    code = "person_erased"
    sentence = _("This person was erased and does not come back. Record them anew as another person.")


class StillHere(Refusal):
    """The person's access never ended."""

    code = "still_here"
    sentence = _("This person has access. There is nothing to restore.")


class NotYourself(Refusal):
    """Nobody ends their own access or gives themselves a password."""

    code = "not_yourself"
    sentence = _("You cannot do this to yourself. Ask another administrator.")


class SignInRefused(Refusal):
    """Name and password do not fit together, or the person left; which of them is not said."""

    code = "sign_in_refused"
    status = 401
    sentence = _("Name and password do not fit together.")


class OneTimeCodeWrong(Refusal):
    """The one-time code is missing, wrong or used."""

    code = "one_time_code_wrong"
    status = 401
    sentence = _("Send the one-time code of your authenticator app as `otp`.")


class DelegationRefused(BadInput):
    """What somebody sees cannot be lent so."""

    code = "delegation_refused"
    sentence = _("This cannot be lent so. Correct what is named and try again.")


class DelegationOver(Refusal):
    """A lending that is over cannot be ended."""

    code = "delegation_over"
    sentence = _("This has ended already. There is nothing to end.")


class TokenElsewhere(NotAllowed):
    """The token's terms name other addresses than the one it came from."""

    code = "token_elsewhere"
    sentence = _("This token is not for use from your address. Ask whoever issued it to name the address.")


class TokenRefused(BadInput):
    """A token cannot be had on such terms."""

    code = "token_refused"
    sentence = _("There is no token like this. Correct what is named and try again.")


class TokenOver(Refusal):
    """A token that ended or was replaced is not replaced again."""

    code = "token_over"
    sentence = _("This token has ended or was replaced already. Issue a new one.")


class FreshSignInNeeded(NotAllowed):
    """What needs a fresh sign-in was asked for from a browser that has been signed in for long."""

    code = "fresh_sign_in_needed"
    sentence = _("Sign in once more on its page, or ask with a token of the API.")


class ServiceAccount(Refusal):
    """A program's account has no password, and does not come back: whoever had its tokens may have them still."""

    code = "service_account"
    sentence = _("A service account has no password and does not come back. Issue it a token, or make another.")


class OwnerUnfit(BadInput):
    """A service account needs an active person who answers for it."""

    code = "owner_unfit"
    sentence = _("Somebody who works here answers for a service account. Choose an active person.")


class CompanySignInRefused(NotAllowed):
    """Base of all for which somebody does not come in by the company's own sign-in."""

    code = "company_sign_in_refused"
    sentence = _("The company's sign-in let nobody in. Try again, or sign in with your staff number.")


class ProviderUnreachable(CompanySignInRefused):
    """The provider does not answer, or answers with something else."""

    code = "provider_unreachable"
    status = 503
    sentence = _("The company's sign-in does not answer. Try again in a minute, or sign in with your staff number.")


class ProviderAnswerRefused(CompanySignInRefused):
    """What the provider says cannot be proven: signature, issuer, audience, time or nonce."""

    code = "provider_answer_refused"
    sentence = _("What the company's sign-in answered cannot be trusted. Try again; if it stays so, tell who runs it.")


class ProviderCancelled(CompanySignInRefused):
    """The person, or the provider, said no there."""

    code = "provider_cancelled"
    sentence = _("You did not sign in there. Try again, or sign in with your staff number.")


class SignInTooOld(CompanySignInRefused):
    """The way back from the provider does not belong to a sign-in that this browser began lately."""

    code = "sign_in_too_old"
    sentence = _("This sign-in took too long or began in another browser. Begin it again.")


class SignInNotFresh(CompanySignInRefused):
    """The provider was to ask anew, and did not."""

    code = "sign_in_not_fresh"
    sentence = _("The company's sign-in did not ask you anew. Sign out there, then try again.")


class ClaimsRefused(CompanySignInRefused):
    """The provider does not say what lets somebody in."""

    code = "claims_refused"
    sentence = _("You signed in, but the company's sign-in does not tell what CardFleet needs to know of you.")


class NobodyHere(CompanySignInRefused):
    """The provider names somebody whom CardFleet does not know."""

    code = "nobody_here"
    sentence = _("CardFleet does not know you. Ask your supervisor to enter you with your staff number or e-mail.")


class BoundToAnother(CompanySignInRefused):
    """The person is bound to another account of the provider."""

    code = "bound_to_another"
    sentence = _(
        "You came before by another account there. Use that one, or ask an administrator to end your access and to "
        "restore it."
    )


class AccessOver(CompanySignInRefused):
    """Who left does not come in by the provider either."""

    code = "access_over"
    sentence = _("Your access to CardFleet has ended. If you are back, ask your supervisor to restore it.")
