"""The writers of messages. Apps above use those named here."""

from cardfleet.notify.services.telling import Telling, tell, tell_channel, tell_many

__all__ = ["Telling", "tell", "tell_channel", "tell_many"]
