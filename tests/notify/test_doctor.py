"""The doctor finds channels that failed and messages nobody delivers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cardfleet.kernel.health import examine
from tests.factories.notify import ChannelFactory, MessageFactory

pytestmark = pytest.mark.django_db


def advice() -> str:
    return str(examine(["messages"])[0].advice)


def test_all_is_well_while_messages_leave() -> None:
    ChannelFactory(is_active=False)
    MessageFactory(due_at=timezone.now() - timedelta(minutes=14))
    assert advice() == ""


def test_a_channel_that_failed_is_named() -> None:
    ChannelFactory(name="一组群", is_active=False, disabled_reason="HTTP 404")
    assert "一组群" in advice()


def test_messages_that_nobody_delivers_are_noticed() -> None:
    MessageFactory(due_at=timezone.now() - timedelta(minutes=16))
    assert advice()
