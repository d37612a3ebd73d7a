"""What notify refuses, and how a channel fails."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict


class ChannelMisaddressed(BadInput):
    """The address does not fit the channel's kind."""

    code = "channel_misaddressed"
    sentence = _("The address does not fit. Give an e-mail address, or the robot's full hook address with https://.")


class ChannelNameTaken(BadInput):
    """Another channel has this name."""

    code = "channel_name_taken"
    sentence = _("Another channel has this name already. Choose another.")


class TopicUnknown(BadInput):
    """Nothing is told under this topic."""

    code = "topic_unknown"
    sentence = _("There is no such topic. Reload the page and choose again.")


class NotFailed(Conflict):
    """Only what failed for good is sent again by hand."""

    code = "message_not_failed"
    sentence = _("This message did not fail for good; it is on its way or was sent. Nothing was changed.")


class Undelivered(Exception):
    """A message did not get through. `permanent`: it never will by this address, so nothing more is tried.

    `detail` is what the other side said: no address, no token.
    """

    def __init__(self, detail: str, *, permanent: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail[:500]
        self.permanent = permanent
