"""What stands against asking others for data, and against what they answer."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Refusal


class ConnectionUnfit(BadInput):
    """The settings of a connection cannot be used."""

    code = "connection_unfit"
    sentence = _("With these settings nothing can be fetched. Correct what is named.")


class ConnectionOff(Refusal):
    """A connection that is switched off is asked to run."""

    code = "connection_off"
    sentence = _("This connection is switched off. Switch it on first.")


class AnswerUnusable(Refusal):
    """What another server answered cannot be used; nothing of it is stored."""

    code = "answer_unusable"
    status = 502
    sentence = _("The other server did not do what was asked. See its answer.")


class SignInRefused(AnswerUnusable):
    """The other server does not know us."""

    code = "sign_in_refused"
    sentence = _("The other server did not accept our sign-in. Ask for a new secret and enter it here.")


class AnswerMoved(AnswerUnusable):
    """A redirect: it is not followed."""

    code = "answer_moved"
    sentence = _("The other server sends us to another address. Enter that one here if it is right.")


class AnswerNotData(AnswerUnusable):
    """A page for people instead of data."""

    code = "answer_not_data"
    sentence = _("A web page came instead of data: often works, or a page to sign in. It is asked again later.")


class AnswerCut(AnswerUnusable):
    """JSON that breaks off or is none."""

    code = "answer_cut"
    sentence = _("The answer breaks off, or is no JSON. Nothing of it was stored.")


class AnswerShapeless(AnswerUnusable):
    """The list is not where the settings say."""

    code = "answer_shapeless"
    sentence = _("There is no list where the settings say it is. See the answer, and correct the paths.")


class AnswerShort(AnswerUnusable):
    """Fewer rows, or more, than the answer itself declares."""

    code = "answer_short"
    sentence = _("The answer declares another number of rows than came. Nothing of it was stored.")


class AnswerRepeats(AnswerUnusable):
    """A page that came before, or pages without an end."""

    code = "answer_repeats"
    sentence = _("The pages of the answer repeat or do not end. Nothing was stored; correct how pages are asked for.")


class AnswerOutdated(AnswerUnusable):
    """An answer older than what is known."""

    code = "answer_outdated"
    sentence = _("The answer is older than what came before. Nothing of it was stored.")


class FolderMissing(Refusal):
    """The folder of a connection is not there."""

    code = "folder_missing"
    sentence = _("There is no such folder below CONNECTIONS_DIR. Have it made, or correct its name.")


class FolderLocked(Refusal):
    """The folder of a connection may not be read or written to."""

    code = "folder_locked"
    sentence = _("CardFleet may not read this folder and move files in it. Give it the right to.")


class TooManyLeave(Refusal):
    """A file by which more than a fifth of the agents would leave."""

    code = "too_many_leave"
    sentence = _(
        "By this file more than a fifth of the agents would leave: its columns may have slipped. Nothing was stored. "
        "If it is right, bring it in by hand on the page of agents."
    )
