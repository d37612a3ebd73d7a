"""What notify refuses, and how a channel fails."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput


class ChannelMisaddressed(BadInput):
    """The address does not fit the channel's kind."""

    code = "channel_misaddressed"
    sentence = _("The address does not fit. Give an e-mail address, or the robot's full hook address with https://.")


class ChannelNameTaken(BadInput):
    """Another channel has this name."""

    code = "channel_name_taken"
    sentence = _("Another channel has this name already. Choose another.")


class Undelivered(Exception):
    """A message did not get through. `permanent`: it never will by this address, so nothing more is tried.

    `detail` is what the other side said: no address, no token.
    """

    def __init__(self, detail: str, *, permanent: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail[:500]
        self.permanent = permanent
