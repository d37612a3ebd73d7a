"""What the gates ask before a card goes into an agent's hands, read from the database (invariant 3)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from agents.choices import CourseKind
from agents.models import Agent
from agents.rules.gates import HandoutFacts
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from cards.choices import ServiceState
from cards.models import Card

PENALTY = (ServiceState.FORCED_STOP, ServiceState.REVERIFY_STOP)
# Whether somebody holds the card, the titles of required courses the agent misses, and another card for the same
# purpose that was stopped as a penalty while the agent held it. Asked at every hand-out, hence by hand.
ASKED = """
SELECT EXISTS (
    SELECT FROM agents_assignment WHERE card_id = %(card)s AND ended_at IS NULL AND undone_at IS NULL
), ARRAY(
    SELECT title FROM agents_course course WHERE is_required AND kind = %(compliance)s AND NOT EXISTS (
        SELECT FROM agents_trainingrecord passed WHERE passed.agent_id = %(agent)s AND passed.course_id = course.id
            AND revoked_at IS NULL AND passed_on <= %(today)s AND (valid_until IS NULL OR valid_until >= %(today)s)
    ) ORDER BY title
), (
    SELECT card.id FROM agents_assignment held JOIN cards_card card ON card.id = held.card_id
    WHERE held.agent_id = %(agent)s AND held.undone_at IS NULL AND held.started_at <= card.service_since
        AND (held.ended_at IS NULL OR held.ended_at >= card.service_since)
        AND card.service_state = ANY(%(penalty)s) AND card.purpose = %(purpose)s AND card.id <> %(card)s
    ORDER BY card.id LIMIT 1
)
"""


def handout_facts(
    *, card: Card, agent: Agent, actor: User | None, today: date, blocked_by: Sequence[Text] = ()
) -> HandoutFacts:
    """Return the facts of a day (Shanghai), in one query where no card was stopped as a penalty.

    Whoever may release a card after such a stop may hand out another in its place (domain.md section 7: 9).
    `blocked_by` are the sentences of block rules that are hit.
    """
    is_held, missing_courses, penalised = _asked(card, agent, today)
    registrant = card.registrant
    may_release = actor is not None and actor.has_perm("cards.release_card")
    return HandoutFacts(
        today=today,
        service_state=card.service_state,
        custody_state=card.custody_state,
        real_name_state=card.real_name_state,
        real_name_valid_until=registrant.proof_valid_until if registrant else None,
        registrant_kind=registrant.kind if registrant else "",
        actual_user_is_agent=card.actual_user_id == agent.user_id if card.actual_user_id else None,
        is_held=is_held,
        agent_status=agent.status,
        hold_reason=agent.hold_reason,
        penalised_card=str(Card.objects.get(pk=penalised)) if penalised and not may_release else "",
        missing_courses=missing_courses,
        blocked_by=blocked_by,
    )


def _asked(card: Card, agent: Agent, today: date) -> tuple[bool, list[str], int | None]:
    parameters: dict[str, Any] = {
        "card": card.pk,
        "agent": agent.pk,
        "today": today,
        "compliance": CourseKind.COMPLIANCE,
        "penalty": [str(state) for state in PENALTY],
        "purpose": card.purpose,
    }
    with connection.cursor() as cursor:
        cursor.execute(ASKED, parameters)
        is_held, missing, penalised = cursor.fetchone()
    return is_held, missing, penalised
