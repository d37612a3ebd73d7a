"""Storing the accepted lines of a card file: cards, histories, secrets and journal, set by set."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.bulk import insert_many
from cards.choices import ChangeSource
from cards.models import CardSecret
from cards.rules.tags import tag_key
from cards.services.card_rows import write_cards
from cards.services.import_rows import Meeting
from cards.services.secrets import FORMS
from cards.services.states import StateReport, change_service_states
from cards.services.tags import known_tags, put_tags

# The rows that `cards.services.cards.first_changes` makes of one card, of many in one statement.
HISTORY = """
INSERT INTO cards_cardchange (card_id, axis, from_state, to_state, reason, at, recorded_at, actor_id, source, note)
SELECT c.id, entered.axis, '', entered.state, entered.reason, entered.since, %(now)s, %(actor)s,
    CASE WHEN c.id = ANY(%(told)s::bigint[]) THEN %(takeover)s ELSE %(import)s END, ''
FROM cards_card c, LATERAL (VALUES
    (1, 'service', c.service_state, c.stop_reason, c.service_since),
    (2, 'custody', c.custody_state, '', c.custody_since)) AS entered (place, axis, state, reason, since)
WHERE c.id = ANY(%(new)s) ORDER BY c.id, entered.place
"""


def store(meetings: Sequence[Meeting], *, reason: str, actor: User | None, now: datetime) -> None:
    """Write accepted rows in a number of statements that grows with thousands of them only."""
    new = [meeting for meeting in meetings if meeting.is_new]
    old = [meeting for meeting in meetings if not meeting.is_new]
    edited = [meeting for meeting in old if meeting.changed]
    fields = {name for meeting in edited for name in meeting.changed}
    write_cards([meeting.card for meeting in edited], fields, now=now)
    insert_many([meeting.card for meeting in new])
    told = [meeting.card.pk for meeting in new if meeting.row.service_state]
    enter_history([meeting.card.pk for meeting in new], told=told, actor=actor, now=now)
    _store_secrets(meetings, now)
    _put_tags(meetings, actor, now)
    _change_states(old, actor, now)
    deeds = [_deed(meeting, reason) for meeting in meetings if meeting.changed]
    record_many(deeds, actor=actor, now=now)


def enter_history(new: Sequence[int], *, told: Sequence[int], actor: User | None, now: datetime) -> None:
    """Write the history rows of new cards (ids); a state that the file tells is taken over, else assumed."""
    known = {
        "new": list(new),
        "told": list(told),
        "actor": actor.pk if actor else None,
        "now": now,
        "takeover": ChangeSource.TAKEOVER.value,
        "import": ChangeSource.IMPORT.value,
    }
    if new:
        with connection.cursor() as cursor:
            cursor.execute(HISTORY, known)


def _store_secrets(meetings: Sequence[Meeting], now: datetime) -> None:
    """Store the secrets that rows tell and that differ; only one that replaces another counts as changed."""
    telling = [meeting for meeting in meetings if meeting.row.secrets]
    known = CardSecret.objects.in_bulk([meeting.card.pk for meeting in telling if not meeting.is_new])
    written = []
    for meeting in telling:
        secret = known.get(meeting.card.pk) or CardSecret(card=meeting.card)
        differing = {name: value for name, value in meeting.row.secrets.items() if getattr(secret, name) != value}
        if any(getattr(secret, name) for name in differing):
            secret.changed_at = now
        for name, value in differing.items():
            setattr(secret, name, value)
        if differing:
            meeting.changed += sorted(differing)
            written.append(secret)
    insert_many(written, key="card", update=[*FORMS, "changed_at"])


def _put_tags(meetings: Sequence[Meeting], actor: User | None, now: datetime) -> None:
    """Put the tags that rows name on their cards; those a card has besides stay."""
    named = {tag_key(name): name for meeting in meetings for name in meeting.row.tags}
    if not named:
        return
    tags = known_tags(named.values(), actor=actor, now=now)
    pairs = [(meeting.card.pk, tags[tag_key(name)].pk) for meeting in meetings for name in meeting.row.tags]
    gaining = {card for card, _tag in put_tags(pairs)}
    for meeting in meetings:
        meeting.changed += ["tags"] if meeting.card.pk in gaining else []


def _change_states(meetings: Sequence[Meeting], actor: User | None, now: datetime) -> None:
    """Let the one writer of states take over what rows tell of recorded cards."""
    reports = []
    for meeting in meetings:
        if meeting.new_state:
            reason = meeting.row.stop_reason or ""
            reports.append(StateReport(card_id=meeting.card.pk, to=meeting.new_state, reason=reason, at=now))
            meeting.changed.append("service_state")
    change_service_states(reports=reports, source=ChangeSource.TAKEOVER, actor=actor, now=now)


def _deed(meeting: Meeting, reason: str) -> Deed:
    action = "cards.card_taken_over" if meeting.row.service_state else "cards.card_imported"
    data = {"line": meeting.row.line, "new": meeting.is_new, "fields": sorted(meeting.changed)}
    return Deed(action=action, subject=meeting.card, reason=reason, data=data)
