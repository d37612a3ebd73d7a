"""What the gates ask of many cards for one agent, in a fixed number of statements (invariant 3)."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import F, Max, Q

from agents.models import Agent, Assignment, Reservation
from agents.rules.gates import HandoutFacts, Kept
from agents.selectors.handout import PENALTY
from agents.selectors.policies import unsigned
from agents.selectors.training import standings
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from cards.models import Card, Sanction


def handout_facts_of(
    *,
    cards: Sequence[Card],
    agent: Agent,
    actor: User | None,
    today: date,
    blocked_by: Mapping[int, Sequence[Text]],
) -> dict[int, HandoutFacts]:
    """Return by card id what `handout_facts` says of each, for cards in nobody's hands.

    `registrant` of the cards and `user.team` of the agent are joined.
    """
    missing = standings([agent.pk], today)[agent.pk].lacking
    policies = unsigned([agent.user_id], today)[agent.user_id]
    stopped = _penalised(agent) if actor is None or not actor.has_perm("cards.release_card") else {}
    kept = _kept(cards, agent, today)
    under = Sanction.objects.in_force(today).filter(person=agent.user_id)
    sanctioned = under.aggregate(last=Max("ends_on"))["last"]
    return {
        card.pk: HandoutFacts(
            today=today,
            service_state=card.service_state,
            custody_state=card.custody_state,
            real_name_state=card.real_name_state,
            real_name_valid_until=card.registrant.proof_valid_until if card.registrant else None,
            registrant_kind=card.registrant.kind if card.registrant else "",
            actual_user_is_agent=card.actual_user_id == agent.user_id if card.actual_user_id else None,
            reserved=kept.get(card.pk),
            agent_status=agent.status,
            hold_reason=agent.hold_reason,
            sanctioned_until=sanctioned,
            penalised_card=stopped.get(card.purpose, ""),
            missing_courses=missing,
            unsigned_policies=policies,
            blocked_by=blocked_by.get(card.pk, ()),
        )
        for card in cards
    }


def _penalised(agent: Agent) -> dict[str, str]:
    """Return a card by purpose that was stopped as a penalty while the agent held it."""
    held = Assignment.objects.standing().filter(agent=agent, card__service_state__in=PENALTY)
    then = held.filter(started_at__lte=F("card__service_since"))
    then = then.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=F("card__service_since")))
    return {one.card.purpose: str(one.card) for one in then.select_related("card").order_by("-card_id")}


def _kept(cards: Sequence[Card], agent: Agent, today: date) -> dict[int, Kept]:
    """Return for whom else cards are reserved from today on, by card id."""
    path = agent.user.team.path or "" if agent.user.team else ""
    standing = Reservation.objects.standing(today).filter(card__in=[card.pk for card in cards])
    return {
        one.card_id: Kept(for_whom=str(one.agent or one.team), starts_on=one.starts_on, ends_on=one.ends_on)
        for one in standing.select_related("agent__user", "team").order_by("-starts_on")
        if not (one.agent_id == agent.pk or (one.team and path.startswith(one.team.path or "/-/")))
    }
