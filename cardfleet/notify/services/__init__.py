"""The writers of messages. Apps above use those named here."""

from cardfleet.notify.services.telling import tell, tell_channel

__all__ = ["tell", "tell_channel"]
