"""Both sides of a lending are told of it (R12)."""

from datetime import timedelta

import pytest

from agents.services.delegations import tell_of_delegations
from cardfleet.accounts.models import Delegation
from cardfleet.notify.models import InboxItem
from tests.factories.accounts import DelegationFactory


@pytest.mark.django_db
def test_giver_and_receiver_are_told_once_of_begin_and_end(now) -> None:
    """R12: given, about to end, ended early; a run more tells nobody again."""
    lent = DelegationFactory(starts_at=now, ends_at=now + timedelta(days=5), given_at=now)

    def told(at) -> list[str]:
        for _run in range(2):
            tell_of_delegations(now=at)
        codes = InboxItem.objects.filter(user=lent.receiver).order_by("pk").values_list("code", flat=True)
        assert InboxItem.objects.filter(user=lent.giver).count() == len(codes)
        return [code.removeprefix("agents.delegation_") for code in codes]

    assert told(now) == ["given"]
    assert told(now + timedelta(days=3)) == ["given"]
    assert told(now + timedelta(days=4, hours=1)) == ["given", "ends"]
    Delegation.objects.update(revoked_at=now + timedelta(days=4, hours=2))
    assert told(now + timedelta(days=4, hours=3)) == ["given", "ends", "ended"]
