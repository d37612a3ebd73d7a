"""A plan for sharing cards of the stock out over a team, before anything is handed out (R11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import StrIndex

from agents.models import Agent, Assignment, Reservation
from agents.rules.gates import Gate
from agents.selectors.training import standings
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.clock import business_day
from cards.choices import RealNameState, ServiceState
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.rules.custody import ISSUABLE
from lifecycle.rules.distribution import Need, Spare, cards_needed, deal, shares
from lifecycle.selectors.rules import CONTRACT_KIND, rule_book

READ = 500


@dataclass(frozen=True, kw_only=True)
class Share:
    """One agent of the plan: the working cards held, how many are needed (None: not asked), and those to be given.

    `is_trained` tells whether the required courses are valid; who lacks one gets no card unless that gate is lowered.
    Nor does who is away today (`is_away`).
    """

    agent: Agent
    working: int
    needed: int | None
    is_trained: bool
    is_away: bool
    cards: Sequence[Card]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would be handed out. `cap` is the least daily cap of the cards in stock, None where none is known."""

    shares: Sequence[Share]
    in_stock: int
    cap: int | None

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The card and the agent of each hand-out."""
        return [(card.pk, share.agent.pk) for share in self.shares for card in share.cards]


def plan_distribution(
    *, team: Team, count: int, planned: int | None, user: User, now: datetime, gates: Mapping[str, Gate]
) -> Plan:
    """Return who of a team and those below it would get which cards of the stock, in a fixed number of queries.

    `count` is the most to be given, `planned` the calls each agent plans a day. Cards come from the team, from those
    below and from those above it, where the person sees them.
    """
    agents = _agents(team, user)
    trained = standings([agent.pk for agent in agents], business_day(now))
    stock = list(_stock(team, user, now).select_related("carrier", "contract", "actual_user__agent")[:READ])
    cap = _cap(stock, now)
    needed = cards_needed(planned, cap) if planned and cap else None
    away = set(Agent.objects.absent_on(business_day(now)).filter(pk__in=trained).values_list("pk", flat=True))
    strict = gates["training"].blocks(business_day(now))
    takers = [agent for agent in agents if agent.pk not in away and (trained[agent.pk].is_valid or not strict)]
    needs = [Need(agent_id=agent.pk, working=vars(agent)["working"], needed=needed) for agent in takers]
    dealt = deal(shares(needs, cards=count), [_spare(card) for card in stock])
    by_id = {card.pk: card for card in stock}
    given: dict[int, list[Card]] = {agent.pk: [] for agent in agents}
    for card_id, agent_id in dealt:
        given[agent_id].append(by_id[card_id])
    return Plan(
        shares=[
            Share(
                agent=agent,
                working=vars(agent)["working"],
                needed=needed,
                is_trained=trained[agent.pk].is_valid,
                is_away=agent.pk in away,
                cards=given[agent.pk],
            )
            for agent in agents
        ],
        in_stock=len(stock),
        cap=cap,
    )


def _agents(team: Team, user: User) -> list[Agent]:
    open_now = Q(assignments__ended_at__isnull=True, assignments__undone_at__isnull=True)
    working = open_now & Q(assignments__card__service_state=ServiceState.ACTIVE)
    found = Agent.objects.visible_to(user).active().filter(user__team__path__startswith=str(team.path))
    counted = found.annotate(working=Count("assignments", filter=working))
    return list(counted.select_related("user__team").order_by("user__staff_no", "pk"))


def _stock(team: Team, user: User, now: datetime) -> CardQuerySet:
    """Return cards that may be handed out as far as they themselves say; those of the team first, then the oldest."""
    below = Q(team__path__startswith=str(team.path))
    above = Q(team__in=Team.objects.annotate(place=StrIndex(Value(team.path), "path")).filter(place=1))
    kept = Reservation.objects.standing(business_day(now)).filter(card=OuterRef("pk"))
    others = kept.exclude(team__in=Team.objects.within(team))
    held = Assignment.objects.open().filter(card=OuterRef("pk"))
    cards = Card.objects.visible_to(user).in_service().filter(below | above, custody_state__in=ISSUABLE)
    fit = cards.filter(real_name_state=RealNameState.VALID).filter(~Exists(others), ~Exists(held))
    return fit.order_by("-team__path", "received_on", "pk")


def _cap(stock: Sequence[Card], now: datetime) -> int | None:
    book = rule_book(business_day(now), kinds=[CONTRACT_KIND])
    found = [book.choices(card).get(CONTRACT_KIND) for card in stock]
    limits = [int(choice.terms.limit) for choice in found if choice and choice.terms.limit is not None]
    return min(limits, default=None)


def _spare(card: Card) -> Spare:
    """Return a card with its registered user; one who is no agent may not get it, so nobody does."""
    if card.actual_user is None:
        return Spare(card_id=card.pk)
    agent = getattr(card.actual_user, "agent", None)
    return Spare(card_id=card.pk, registered_to=agent.pk if agent else 0)
