"""What the gates ask before a card goes into an agent's hands, read from the database (invariant 3)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from agents.models import Agent
from agents.rules.gates import HandoutFacts, Kept
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from cards.choices import ServiceState
from cards.models import Card

PENALTY = (ServiceState.FORCED_STOP, ServiceState.REVERIFY_STOP)
# Who holds the card, the titles of required courses the agent misses and of policies they did not acknowledge, another
# card for the same purpose that was stopped as a penalty while the agent held it, and the reservation of the card that
# counts: somebody else's first.
# Asked at every hand-out, hence by hand.
ASKED = """
SELECT (
    SELECT concat_ws(' ', person.name, person.staff_no) FROM agents_assignment held
    JOIN agents_agent holder ON holder.id = held.agent_id JOIN accounts_user person ON person.id = holder.user_id
    WHERE held.card_id = %(card)s AND held.ended_at IS NULL AND held.undone_at IS NULL
), ARRAY(
    SELECT title FROM agents_course course WHERE is_required AND NOT EXISTS (
        SELECT FROM agents_trainingrecord passed WHERE passed.agent_id = %(agent)s AND passed.course_id = course.id
            AND revoked_at IS NULL AND passed_on <= %(today)s AND (valid_until IS NULL OR valid_until >= %(today)s)
    ) ORDER BY title
), ARRAY(
    SELECT title FROM agents_policy policy, LATERAL (
        SELECT version.id FROM agents_policyversion version
        WHERE version.policy_id = policy.id AND version.effective_from <= %(today)s ORDER BY number DESC LIMIT 1
    ) inforce WHERE is_required AND NOT EXISTS (
        SELECT FROM agents_acknowledgement said WHERE said.version_id = inforce.id AND said.user_id = %(person)s
    ) ORDER BY title
), (
    SELECT card.id FROM agents_assignment held JOIN cards_card card ON card.id = held.card_id
    WHERE held.agent_id = %(agent)s AND held.undone_at IS NULL AND held.started_at <= card.service_since
        AND (held.ended_at IS NULL OR held.ended_at >= card.service_since)
        AND card.service_state = ANY(%(penalty)s) AND card.purpose = %(purpose)s AND card.id <> %(card)s
    ORDER BY card.id LIMIT 1
), (
    SELECT max(ends_on) FROM cards_sanction WHERE person_id = %(person)s AND lifted_at IS NULL
        AND %(today)s BETWEEN starts_on AND ends_on
), kept.id, kept.is_own, kept.for_whom, kept.starts_on, kept.ends_on
FROM (SELECT) once LEFT JOIN LATERAL (
    SELECT reserved.id, coalesce(person.name, team.name) AS for_whom, reserved.starts_on, reserved.ends_on,
        coalesce(reserved.agent_id = %(agent)s, starts_with(%(path)s, team.path)) AS is_own
    FROM agents_reservation reserved LEFT JOIN accounts_team team ON team.id = reserved.team_id
    LEFT JOIN agents_agent agent ON agent.id = reserved.agent_id
    LEFT JOIN accounts_user person ON person.id = agent.user_id
    WHERE reserved.card_id = %(card)s AND reserved.ended_at IS NULL
        AND reserved.ends_on >= %(today)s AND reserved.starts_on <= %(until)s
    ORDER BY is_own, reserved.starts_on LIMIT 1
) kept ON true
"""


def handout_facts(
    *,
    card: Card,
    agent: Agent,
    actor: User | None,
    today: date,
    until: date | None = None,
    blocked_by: Sequence[Text] = (),
) -> HandoutFacts:
    """Return the facts of a day (Shanghai), in one query where no card was stopped as a penalty.

    Whoever may release a card after such a stop may hand out another in its place (domain.md section 7: 9).
    `until` is the day the card is to come back; reservations that begin later do not count. `blocked_by` are the
    sentences of block rules that are hit.
    """
    asked = _asked(card, agent, today, until or date.max)
    registrant = card.registrant
    may_release = actor is not None and actor.has_perm("cards.release_card")
    kept = _kept(asked) if asked.reservation and not asked.is_own else None
    return HandoutFacts(
        today=today,
        service_state=card.service_state,
        custody_state=card.custody_state,
        real_name_state=card.real_name_state,
        real_name_valid_until=registrant.proof_valid_until if registrant else None,
        registrant_kind=registrant.kind if registrant else "",
        actual_user_is_agent=card.actual_user_id == agent.user_id if card.actual_user_id else None,
        holder=asked.holder or "",
        reserved=kept,
        own_reservation=asked.reservation if asked.is_own and asked.starts_on <= today else None,
        agent_status=agent.status,
        hold_reason=agent.hold_reason,
        sanctioned_until=asked.sanctioned,
        penalised_card=str(Card.objects.get(pk=asked.penalised)) if asked.penalised and not may_release else "",
        missing_courses=asked.missing_courses,
        unsigned_policies=asked.unsigned_policies,
        blocked_by=blocked_by,
    )


class _Asked(NamedTuple):
    holder: str | None
    missing_courses: list[str]
    unsigned_policies: list[str]
    penalised: int | None
    sanctioned: date | None
    reservation: int | None
    is_own: bool
    for_whom: str
    starts_on: date
    ends_on: date


def _kept(asked: _Asked) -> Kept:
    return Kept(for_whom=asked.for_whom, starts_on=asked.starts_on, ends_on=asked.ends_on)


def _asked(card: Card, agent: Agent, today: date, until: date) -> _Asked:
    team = agent.user.team
    parameters: dict[str, Any] = {
        "card": card.pk,
        "agent": agent.pk,
        "person": agent.user_id,
        "path": team.path if team else "",
        "today": today,
        "until": until,
        "penalty": [str(state) for state in PENALTY],
        "purpose": card.purpose,
    }
    with connection.cursor() as cursor:
        cursor.execute(ASKED, parameters)
        return _Asked(*cursor.fetchone())
