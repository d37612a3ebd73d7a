"""Standing in: what a supervisor sees is lent for some days, never more than they have."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import DelegationOver, DelegationRefused
from cardfleet.accounts.models import Delegation, ScopeGrant, Team
from cardfleet.accounts.services.access import deactivate
from cardfleet.accounts.services.delegations import delegate, end_delegation
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotAllowed
from tests.factories.accounts import DelegationFactory, PersonFactory, TeamFactory, sign_in_freshly

DEEDS = {"accounts.scope_delegated", "accounts.delegation_ended"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def north() -> Team:
    """A team with one below it."""
    team = TeamFactory()
    TeamFactory(parent=team)
    return team


def lend(giver, receiver, team, **changed):
    """Lend from now for a day."""
    now = timezone.now()
    facts = {"starts_at": now, "ends_at": now + timedelta(days=1), "reason": "holiday", "actor": giver, "now": now}
    return delegate(giver=giver, receiver=receiver, team=team, **{**facts, **changed})


def seen(person) -> int:
    """Return how many teams somebody sees."""
    return Team.objects.visible_to(person).count()


def test_a_deputy_sees_the_teams_while_it_lasts(north) -> None:
    """R12: for a period; it ends by the clock, by a word, with the giver's own sight and with the giver."""
    giver = PersonFactory(role=Role.SUPERVISOR, scope=north)
    deputy = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    assert seen(deputy) == 1
    lent = lend(giver, deputy, north)
    assert seen(deputy) == 3
    Delegation.objects.update(
        ends_at=timezone.now() - timedelta(seconds=1), starts_at=timezone.now() - timedelta(days=1)
    )
    assert seen(deputy) == 1
    Delegation.objects.update(ends_at=timezone.now() + timedelta(days=1))
    assert seen(deputy) == 3
    end_delegation(delegation_id=lent.pk, actor=deputy, now=timezone.now())
    assert seen(deputy) == 1
    with pytest.raises(DelegationOver):
        end_delegation(delegation_id=lent.pk, actor=giver, now=timezone.now())
    told = Entry.objects.filter(action__in=DEEDS).values_list("action", flat=True)
    assert set(told) == DEEDS


def test_what_the_giver_loses_the_deputy_loses(north) -> None:
    giver, deputy = (PersonFactory(role=Role.SUPERVISOR) for _each in range(2))
    ScopeGrant.objects.create(user=giver, team=north)
    lend(giver, deputy, north)
    assert seen(deputy) == 2
    ScopeGrant.objects.filter(user=giver).delete()
    assert seen(deputy) == 0
    ScopeGrant.objects.create(user=giver, team=north)
    deactivate(person=giver, actor=None, now=timezone.now())
    assert seen(deputy) == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"team": "other"}, "not_yours"),
        ({"receiver": Role.AGENT}, "no_supervisor"),
        ({"ends_at": timedelta(0)}, "no_time"),
        ({"ends_at": timedelta(days=93)}, "too_long"),
    ],
)
def test_what_cannot_be_lent_is_named(north, changed, code) -> None:
    """R12: nobody lends more than they have, for ever, or to somebody who is no supervisor."""
    giver = PersonFactory(role=Role.SUPERVISOR, scope=north)
    deputy = PersonFactory(role=changed.pop("receiver", Role.SUPERVISOR))
    team = TeamFactory() if changed.pop("team", "") else north
    now = timezone.now()
    times = {name: now + span for name, span in changed.items()}
    with pytest.raises(DelegationRefused) as refusal:
        lend(giver, deputy, team, now=now, starts_at=now, **times)
    assert [reason.code for reason in refusal.value.reasons] == [code]
    assert not Delegation.objects.exists()


def test_what_was_lent_is_not_lent_on(north) -> None:
    giver, deputy, third = (PersonFactory(role=Role.SUPERVISOR) for _each in range(3))
    ScopeGrant.objects.create(user=giver, team=north)
    lend(giver, deputy, north)
    with pytest.raises(DelegationRefused):
        lend(deputy, third, north)
    with pytest.raises(NotAllowed):
        lend(giver, third, north, actor=deputy)
    lend(giver, third, north, actor=PersonFactory(role=Role.ADMIN))
    assert seen(third) == 2


def test_the_database_keeps_periods_right(north) -> None:
    lent = DelegationFactory(team=north)
    for wrong in ({"ends_at": lent.starts_at}, {"receiver": lent.giver}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.filter(pk=lent.pk).update(**wrong)


def test_lending_on_the_page(client, north) -> None:
    """The page keeps the input of a form that is refused, and lends whole days."""
    giver = PersonFactory(role=Role.SUPERVISOR, scope=north)
    deputy = PersonFactory(role=Role.SUPERVISOR)
    sign_in_freshly(client, giver)
    page, today = reverse("accounts:delegations"), timezone.localdate()
    given = {"receiver": deputy.pk, "team": north.pk, "first": today, "last": today, "reason": "holiday"}
    refused = client.post(page, {**given, "last": today - timedelta(days=2)})
    assert refused.status_code == 422
    assert refused.context["form"].errors.get("last")
    assert client.post(page, given).status_code == 302
    lent = Delegation.objects.get()
    assert (lent.giver, lent.receiver) == (giver, deputy)
    assert lent.ends_at - lent.starts_at == timedelta(days=1)
    assert client.get(page).context["running"] == {lent.pk}
    client.post(reverse("accounts:delegation-end", args=[lent.pk]))
    assert client.get(page).context["running"] == set()


def test_every_right_is_in_words_on_the_page_of_roles(client) -> None:
    """R12: what a role may do, in the reader's language."""
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    shown = client.get(reverse("accounts:roles"))
    rights = [right for area in shown.context["areas"] for right in area.rights]
    assert len(rights) > 100
    assert not [right.code for right in rights if right.label.isascii()]
    of_agents = client.get(reverse("accounts:roles"), {"role": Role.AGENT})
    assert all(Role.AGENT in right.roles for area in of_agents.context["areas"] for right in area.rights)
