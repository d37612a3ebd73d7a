"""Which channel kind is sent how."""

from collections.abc import Callable

from cardfleet.notify.channels import anywhere, email, robots
from cardfleet.notify.channels.letter import Letter
from cardfleet.notify.choices import ChannelKind

SENDERS: dict[str, Callable[[Letter], str]] = {
    ChannelKind.EMAIL: email.send,
    ChannelKind.WECOM: robots.send_wecom,
    ChannelKind.DINGTALK: robots.send_dingtalk,
    ChannelKind.FEISHU: robots.send_feishu,
    ChannelKind.WEBHOOK: anywhere.send,
}


def send(kind: str, letter: Letter) -> str:
    """Send a letter and return what the other side answered. Undelivered."""
    return SENDERS[kind](letter)
