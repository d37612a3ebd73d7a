"""The writers of messages. Apps above use those named here."""

from cardfleet.notify.services.files import mail_file
from cardfleet.notify.services.telling import Telling, tell, tell_channel, tell_many

__all__ = ["Telling", "mail_file", "tell", "tell_channel", "tell_many"]
