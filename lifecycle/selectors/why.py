"""Why somebody sees a card, an agent, a case or a page, or does not (R12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Value
from django.db.models.functions import StrIndex

from agents.models import Agent
from cardfleet.accounts import roles
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Delegation, Team, User
from cardfleet.accounts.selectors import has_second_factor, needs_second_factor, rights_called
from cards.models import Card
from lifecycle.models import Case
from lifecycle.rules.why import Check, SightFacts, checks

THINGS = {"lifecycle:card": "card", "agents:detail": "agent", "lifecycle:case": "case"}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What is asked about: in words, whose team it belongs to and whose own it is, and the rights it asks for.

    `own_right` is enough for those whose own it is: agents have a page of their own.
    """

    words: str
    right: str = ""
    own_right: str = ""
    has_scope: bool = False
    team: Team | None = None
    owners: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer for one person and one thing."""

    person: User
    thing: Thing
    checks: Sequence[Check]

    @property
    def sees(self) -> bool:
        """Whether nothing stands in the way."""
        return all(check.holds for check in self.checks)


def why(person: User, thing: Thing) -> Answer:
    """Return what is asked before a person sees a thing. A fixed number of statements."""
    path, has = str(thing.team.path) if thing.team else "", _rights(person)
    is_own = person.pk in thing.owners
    code = thing.own_right if is_own and thing.right not in has else thing.right
    right = next(iter(rights_called([code])), None)
    facts = SightFacts(
        is_active=person.is_active,
        must_change_password=person.must_change_password,
        lacks_second_factor=needs_second_factor(person) and not has_second_factor(person),
        right=right.label if right else "",
        has_right=not code or code in has,
        roles_with_right=[role.label for role in Role if code in roles.rights(role)],
        has_scope=thing.has_scope,
        is_own=is_own,
        sees_all="accounts.view_all_teams" in has,
        team=str(thing.team or ""),
        through=_through(person, path),
    )
    return Answer(person=person, thing=thing, checks=list(checks(facts)))


def thing_called(text: str, *, asker: User) -> Thing | None:
    """Return the one card of this number or ICCID, or the agent of this staff number, of what the asker sees."""
    cards = list(Card.objects.visible_to(asker).matching(text).select_related("team")[:2]) if text else []
    if len(cards) == 1:
        return _card(cards[0])
    agent = Agent.objects.visible_to(asker).filter(user__staff_no__iexact=text).select_related("user__team").first()
    return _agent(agent) if agent else None


def thing_at(page: str, *, pk: int, right: str, address: str, asker: User) -> Thing | None:
    """Return what a page is about, of what the asker sees: its card, agent or case, else the page itself."""
    kind = THINGS.get(page)
    if kind == "card":
        card = Card.objects.visible_to(asker).select_related("team").filter(pk=pk).first()
        return _card(card, right) if card else None
    if kind == "agent":
        agent = Agent.objects.visible_to(asker).select_related("user__team").filter(pk=pk).first()
        return _agent(agent, right) if agent else None
    if kind == "case":
        case = Case.objects.visible_to(asker).select_related("card__team").filter(pk=pk).first()
        return _card(case.card, right, also=case.opened_by_id) if case else None
    return Thing(words=address, right=right)


def _card(card: Card, right: str = "lifecycle.view_fleet", also: int | None = None) -> Thing:
    owners = frozenset(owner for owner in (card.holder_id, also) if owner)
    mine = "lifecycle.view_my_cards"
    return Thing(words=card.masked_msisdn, right=right, own_right=mine, has_scope=True, team=card.team, owners=owners)


def _agent(agent: Agent, right: str = "agents.view_agent") -> Thing:
    owners = frozenset({agent.user_id})
    return Thing(words=str(agent), right=right, has_scope=True, team=agent.user.team, owners=owners)


def _rights(person: User) -> frozenset[str]:
    if person.is_superuser:
        return roles.rights(Role.ADMIN)
    return person.rights


def _through(person: User, path: str) -> list[str]:
    """Return by which teams, granted or lent, the person sees the team of a path."""
    place = StrIndex(Value(path), "team__path")
    own = person.scope_grants.annotate(place=place).filter(place=1).values_list("team__name", flat=True)
    lent = Delegation.objects.running().filter(receiver=person).annotate(place=place).filter(place=1)
    return [*own, *(str(each) for each in lent.values_list("team__name", flat=True))] if path else []
