"""Webhooks: made, changed, given what they ask for of the journal, and switched off when they must be."""

from datetime import timedelta

import pytest

from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import deactivate
from cardfleet.journal.models import Entry, Seal
from cardfleet.journal.sealing import seal_journal
from cardfleet.kernel.outgoing import AddressUnusable
from cardfleet.notify.models import InboxItem
from cardfleet.webhooks.choices import DeliveryState, DisabledFor
from cardfleet.webhooks.errors import ActionsUnknown, SecretUnfit, WebhookNameTaken
from cardfleet.webhooks.models import Delivery, Webhook
from cardfleet.webhooks.services import spreading
from cardfleet.webhooks.services.spreading import spread
from cardfleet.webhooks.services.webhooks import Asked, change_webhook, disable_webhook, renew_secret
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.webhooks import SECRET, delivery_of, happens, webhook_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def look(now) -> list[tuple[str, list[str]]]:
    seal_journal(now=now)
    spread(now=now)
    return list(Delivery.objects.order_by("seal").values_list("seal__entry__subject", "lanes"))


@pytest.mark.parametrize(
    ("asked", "secret", "refusal", "field"),
    [
        ({"address": "http://receiver.example/"}, SECRET, AddressUnusable, "address"),
        ({"address": "https://169.254.169.254/latest/"}, SECRET, AddressUnusable, "address"),
        ({"actions": ["cards.no_such_deed"]}, SECRET, ActionsUnknown, "actions"),
        ({"actions": []}, SECRET, ActionsUnknown, "actions"),
        ({"name": "taken"}, SECRET, WebhookNameTaken, "name"),
        ({}, "whsec_short", SecretUnfit, "secret"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(asked, secret, refusal, field) -> None:
    webhook_of(name="taken")
    with pytest.raises(refusal) as refused:
        webhook_of(**{"name": "new"} | asked, secret=secret)
    assert [reason.field for reason in refused.value.reasons] == [field]
    assert Webhook.objects.count() == 1


def test_it_is_given_what_it_asks_for_from_now_on_and_once(now) -> None:
    happens("cards.card:1")
    webhook = webhook_of(actions=["accounts.team_renamed"], kinds=["cards.card"])
    happens("cards.card:2", related=("cards.card:3", "accounts.team:1"))
    happens("accounts.team:1")
    happens("cards.card:4", action="accounts.team_moved")
    assert look(now) == look(now) == [("cards.card:2", ["cards.card:2", "cards.card:3"])]
    webhook.refresh_from_db()
    assert webhook.position == Seal.objects.head().position


def test_it_follows_the_cards_of_a_carrier_or_of_a_team_and_those_below(now) -> None:
    """Whose a card is counts as it is now; what happens to the carrier itself is about it, too."""
    team = TeamFactory()
    of_team, of_other = CardFactory(team=TeamFactory(parent=team)), CardFactory()
    for about in (f"accounts.team:{team.pk}", f"cards.carrier:{of_team.carrier_id}"):
        webhook_of(actions=["accounts.team_renamed"], about=[about])
    happens(f"cards.card:{of_team.pk}")
    happens(f"cards.card:{of_other.pk}")
    happens("agents.assignment:1", related=(f"cards.card:{of_team.pk}",))
    happens(f"cards.carrier:{of_team.carrier_id}")
    seal_journal(now=now)
    spread(now=now)
    found = [sorted(one.deliveries.values_list("seal__entry__subject", flat=True)) for one in Webhook.objects.all()]
    of_cards = ["agents.assignment:1", f"cards.card:{of_team.pk}"]
    assert found == [of_cards, [*of_cards, f"cards.carrier:{of_team.carrier_id}"]]


def test_many_events_are_looked_at_in_portions(now, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "AT_ONCE", 2)
    webhook_of(actions=["accounts.team_renamed"])
    for number in range(5):
        happens(f"cards.card:{number}")
    assert [subject for subject, _lanes in look(now)] == [f"cards.card:{number}" for number in range(5)]


def test_a_secret_is_never_in_the_journal_and_the_old_one_signs_for_a_day(now) -> None:
    webhook = webhook_of()
    changed = renew_secret(webhook=webhook, actor=webhook.owner, now=now)
    assert changed.secrets_at(now + timedelta(hours=23)) == [changed.secret, SECRET]
    assert changed.secrets_at(now + timedelta(hours=24)) == [changed.secret]
    told = str(list(Entry.objects.values_list("data", "reason")))
    assert SECRET not in told
    assert changed.secret not in told


def test_the_webhook_of_a_person_who_left_is_switched_off_and_its_keepers_told(now) -> None:
    owner, keeper = PersonFactory(role=Role.ADMIN), PersonFactory(role=Role.ADMIN)
    webhook = webhook_of(owner)
    deactivate(person=owner, actor=keeper, reason="left", now=now)
    happens()
    assert look(now) == []
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_for) == (False, DisabledFor.OWNER)
    assert InboxItem.objects.filter(user=keeper, code="webhooks.disabled").count() == 1
    asked = Asked(name=webhook.name, address=webhook.address, actions=webhook.actions)
    changed = change_webhook(webhook=webhook, asked=asked, is_active=True, actor=keeper, now=now)
    assert (changed.owner, changed.disabled_for) == (keeper, "")
    assert "cards.card:7" in [subject for subject, _lanes in look(now)], "what happened meanwhile is not lost"


def test_switched_on_again_it_is_sent_at_once_what_waited(now) -> None:
    delivery = delivery_of()
    Delivery.objects.update(due_at=now + timedelta(hours=8), tries=9, tried_since=now)
    webhook = delivery.webhook
    disable_webhook(webhook=webhook, why=DisabledFor.SILENT, now=now)
    assert not Delivery.objects.due(now + timedelta(days=1)).exists()
    asked = Asked(name="again", address=webhook.address, actions=webhook.actions)
    change_webhook(webhook=webhook, asked=asked, is_active=True, actor=webhook.owner, now=now)
    assert list(Delivery.objects.due(now).values_list("state", "tries")) == [(DeliveryState.PENDING, 0)]
