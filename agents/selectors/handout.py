"""What the gates ask before a card goes into an agent's hands, read from the database (invariant 3)."""

from collections.abc import Sequence
from datetime import date

from agents.models import Agent, Assignment
from agents.rules.gates import HandoutFacts
from agents.selectors.training import standings
from cardfleet.kernel.errors import Text
from cards.models import Card


def handout_facts(*, card: Card, agent: Agent, today: date, blocked_by: Sequence[Text] = ()) -> HandoutFacts:
    """Return the facts of a day (Shanghai). `blocked_by` are the sentences of block rules that are hit."""
    registrant = card.registrant
    return HandoutFacts(
        today=today,
        service_state=card.service_state,
        custody_state=card.custody_state,
        real_name_state=card.real_name_state,
        real_name_valid_until=registrant.proof_valid_until if registrant else None,
        registrant_kind=registrant.kind if registrant else "",
        actual_user_is_agent=card.actual_user_id == agent.user_id if card.actual_user_id else None,
        is_held=Assignment.objects.open().filter(card=card).exists(),
        agent_status=agent.status,
        hold_reason=agent.hold_reason,
        missing_courses=standings([agent.pk], today)[agent.pk].lacking,
        blocked_by=blocked_by,
    )
