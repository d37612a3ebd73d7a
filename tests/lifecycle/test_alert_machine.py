"""Alerts under whatever sequence of runs and people's deeds, drawn by hypothesis.

Beside the services it is kept what each alert must be; after each step the table and the journal must say the same.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.choices import Severity
from lifecycle.choices import AlertKind, AlertState
from lifecycle.models import Alert
from lifecycle.rules.handling import CALM_AFTER_CLOSING, REOPENED_WITHIN
from lifecycle.rules.priority import GRAVEST_FIRST
from lifecycle.services.alert_handling import acknowledge, assign, put_back, snooze
from lifecycle.services.alerts import Cause, settle_alerts
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

DRAWN = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
KINDS = (AlertKind.CARD_EXPIRY, AlertKind.IDLE)
DUE = FRIDAY + timedelta(days=2)
CARDS = st.integers(0, 1)
FOUND = st.dictionaries(st.tuples(CARDS, st.sampled_from(KINDS)), st.sampled_from(Severity), max_size=4)
PICKED = st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True)
DEEDS = ("opened", "worsened", "reopened", "closed", "acknowledged", "snoozed", "assigned", "put_back")


def due_of(kind: str, severity: str) -> datetime | None:
    """When a cause is due: what is graver is so sooner."""
    return DUE + timedelta(hours=GRAVEST_FIRST[Severity(severity)]) if kind == AlertKind.CARD_EXPIRY else None


@dataclass
class Known:
    """What one alert must be: `since` is when it waits for somebody anew, `reopened` how often it came back,
    `pressed` how often it was told of further up.
    """

    card: int
    kind: str
    severity: str
    since: datetime
    due: datetime | None
    looked_at: datetime
    state: str = AlertState.OPEN
    seen_by: int | None = None
    seen_at: datetime | None = None
    assignee: int | None = None
    rests: datetime | None = None
    closed: datetime | None = None
    reopened: int = 0
    pressed: int = 0

    def wait_anew(self, now: datetime) -> None:
        self.state, self.seen_by, self.seen_at = AlertState.OPEN, None, None
        self.rests, self.since, self.pressed = None, now, 0


class Queue(RuleBasedStateMachine):
    """Two cards, two kinds of causes, two supervisors and one of another team. Every deed is a minute after another."""

    done: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        team = TeamFactory()
        self.now = FRIDAY
        self.cards = [card.pk for card in CardFactory.create_batch(2, team=team)]
        self.people = [PersonFactory(role=Role.SUPERVISOR, scope=of) for of in (team, team, TeamFactory())]
        self.known: dict[int, Known] = {}
        self.told = dict.fromkeys(DEEDS, 0)

    def teardown(self) -> None:
        Queue.done.update(self.told)
        self.undone.__exit__(RuntimeError, RuntimeError("rolled back"), None)

    def standing(self) -> dict[tuple[int, str], int]:
        return {(one.card, one.kind): pk for pk, one in self.known.items() if one.closed is None}

    def cause(self, place: int, kind: str, severity: str) -> Cause:
        about = {"card_id": self.cards[place], "due_at": due_of(kind, severity)}
        return Cause(kind=kind, severity=severity, code=kind, params={}, **about)

    @initialize()
    def begin(self) -> None:
        """Everything is found, and every deed is done where it changes most, whatever is drawn after it."""
        found = {(place, kind): Severity.WARN for place in range(2) for kind in KINDS}
        alone = partial(self.run, kinds={AlertKind.IDLE}, only=0, twice=False)
        for deed in (
            partial(self.run, found, set(KINDS), None, twice=False),
            partial(self.press, [0, 1], 2),
            partial(self.let_rest, [0], 300),
            partial(self.let_rest, [1], 40),
            partial(alone, {(0, AlertKind.IDLE): Severity.HIGH}),
            partial(self.press, [1], 1),
            partial(self.let_rest, [1], 40),
            partial(self.see_to, [1], 0),
            partial(self.back, [1]),
            partial(self.let_rest, [1], 40),
            partial(alone, {}),
            partial(alone, {(0, AlertKind.IDLE): Severity.WARN}),
            partial(self.give, [2], 2),
            partial(self.give, [2], 1),
            partial(self.see_to, [2], 0),
            partial(self.give, [2], 1),
            partial(self.run, found | {(0, AlertKind.CARD_EXPIRY): Severity.INFO}, set(KINDS), None, twice=True),
        ):
            deed()
            self.alerts_are_what_was_done()

    @rule(found=FOUND, kinds=st.sets(st.sampled_from(KINDS), min_size=1), only=st.none() | CARDS, twice=st.booleans())
    def run(self, found, kinds, only, twice) -> None:
        """A run over some kinds, of all cards or one; the same once more changes nothing."""
        self.now += timedelta(minutes=1)
        looked = {key: grave for key, grave in found.items() if key[1] in kinds and only in (None, key[0])}
        given = {
            "kinds": kinds,
            "causes": [self.cause(*key, severity) for key, severity in looked.items()],
            "card_ids": None if only is None else [self.cards[only]],
            "now": self.now,
        }
        news = settle_alerts(**given).news
        assert sorted(news) == sorted(self.expect(looked, kinds, only))
        if twice:
            assert settle_alerts(**given).news == []

    def expect(self, looked, kinds, only) -> list[int]:
        """Put into what is known what a run must do, and return the ids of what is news."""
        standing, news = self.standing(), []
        for key, pk in standing.items():
            if key[1] in kinds and only in (None, key[0]) and key not in looked:
                one = self.known[pk]
                one.state, one.closed, one.rests = AlertState.CLOSED, self.now, None
                self.told["closed"] += 1
        for key, severity in looked.items():
            news += self.seen(key, severity, standing.get(key))
        return news

    def seen(self, key, severity, pk) -> list[int]:
        if pk is not None:
            one = self.known[pk]
            worse = GRAVEST_FIRST[severity] < GRAVEST_FIRST[Severity(one.severity)]
            one.severity, one.due, one.looked_at = severity, due_of(one.kind, severity), self.now
            if worse:
                one.wait_anew(self.now)
                self.told["worsened"] += 1
            return [pk] if worse else []
        lately = [
            (one.closed, pk)
            for pk, one in self.known.items()
            if (one.card, one.kind) == key and one.closed and one.closed > self.now - REOPENED_WITHIN
        ]
        if lately:
            closed, pk = max(lately)
            one = self.known[pk]
            one.severity, one.closed, one.reopened = severity, None, one.reopened + 1
            one.due, one.looked_at = due_of(one.kind, severity), self.now
            one.wait_anew(self.now)
            self.told["reopened"] += 1
            return [pk] if self.now - closed >= CALM_AFTER_CLOSING else []
        opened = Alert.objects.get(card=self.cards[key[0]], kind=key[1], first_seen_at=self.now)
        assert opened.pk not in self.known
        about = {"card": key[0], "kind": key[1], "severity": severity, "due": due_of(key[1], severity)}
        self.known[opened.pk] = Known(**about, since=self.now, looked_at=self.now)
        self.told["opened"] += 1
        return [opened.pk]

    def handle(self, places, deed, name, may) -> list[Known]:
        """Do a deed with some alerts; what is open and `may` is done, the closed are refused. Return those done."""
        self.now += timedelta(minutes=1)
        every = sorted(self.known)
        ids = sorted({every[place % len(every)] for place in places}) if every else []
        handled = deed(alert_ids=ids, now=self.now)
        wanted = {pk: may(self.known[pk]) for pk in ids if self.known[pk].closed is None}
        assert sorted(handled.done) == [pk for pk, done in wanted.items() if done]
        assert sorted(handled.kept) == [pk for pk, done in wanted.items() if done is False]
        assert sorted(handled.refused) == [pk for pk in ids if wanted.get(pk) is None]
        self.told[name] += len(handled.done)
        return [self.known[pk] for pk in handled.done]

    @rule(places=PICKED, who=CARDS)
    def see_to(self, places, who) -> None:
        actor = self.people[who]
        deed = partial(acknowledge, actor=actor)
        for one in self.handle(places, deed, "acknowledged", lambda one: one.state == AlertState.OPEN):
            one.state, one.seen_by, one.assignee, one.rests = AlertState.ACKNOWLEDGED, actor.pk, actor.pk, None
            one.seen_at = self.now

    @rule(places=PICKED, hours=st.sampled_from([1, 40, 300]))
    def let_rest(self, places, hours) -> None:
        """Never past a deadline that is still ahead."""
        until = self.now + timedelta(hours=hours)

        def may(one: Known) -> bool | None:
            return None if one.due and self.now < one.due < until else True

        for one in self.handle(places, partial(snooze, until=until, actor=self.people[0]), "snoozed", may):
            one.rests = until

    @rule(places=PICKED, who=st.integers(0, 2))
    def give(self, places, who) -> None:
        """Never to whoever may not see them."""
        person = self.people[who]

        def may(one: Known) -> bool | None:
            return None if who == 2 else one.assignee != person.pk

        for one in self.handle(places, partial(assign, person=person, actor=self.people[0]), "assigned", may):
            one.assignee, one.state, one.seen_by, one.seen_at = person.pk, AlertState.OPEN, None, None

    @rule(places=PICKED, times=st.integers(1, 3))
    def press(self, places, times) -> None:
        """What the run that tells those further up leaves."""
        every = sorted(self.known)
        for pk in {every[place % len(every)] for place in places}:
            if self.known[pk].closed is None:
                self.known[pk].pressed = times
                Alert.objects.filter(pk=pk).update(escalation=times)

    @rule(places=PICKED)
    def back(self, places) -> None:
        def may(one: Known) -> bool:
            rests = one.rests is not None and one.rests > self.now
            return one.state != AlertState.OPEN or one.assignee is not None or rests

        for one in self.handle(places, partial(put_back, actor=self.people[0]), "put_back", may):
            one.wait_anew(self.now)
            one.assignee = None

    @rule(hours=st.sampled_from([1, 5, 24, 24 * 8]))
    def wait(self, hours) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def alerts_are_what_was_done(self) -> None:
        """One open of a cause at most, closed only by a run that did not find it, each as the last deed left it."""
        stored = {
            alert.pk: Known(
                card=self.cards.index(alert.card_id),
                kind=alert.kind,
                severity=alert.severity,
                since=alert.opened_at,
                due=alert.due_at,
                looked_at=alert.last_seen_at,
                state=alert.state,
                seen_by=alert.acknowledged_by_id,
                seen_at=alert.acknowledged_at,
                assignee=alert.assignee_id,
                rests=alert.snoozed_until,
                closed=alert.closed_at,
                reopened=alert.reopened,
                pressed=alert.escalation,
            )
            for alert in Alert.objects.filter(card__in=self.cards)
        }
        assert stored == self.known
        assert len(self.standing()) == sum(one.closed is None for one in stored.values())

    @invariant()
    def the_journal_agrees(self) -> None:
        """Every deed with every alert once, and nothing of what was kept or refused."""
        subjects = [f"cards.card:{pk}" for pk in self.cards]
        actions = list(Entry.objects.filter(subject__in=subjects).values_list("action", flat=True))
        assert {deed: actions.count(f"lifecycle.alert_{deed}") for deed in DEEDS} == self.told


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_no_sequence_of_runs_and_deeds_opens_a_cause_twice_or_loses_one() -> None:
    """R42; one open alert a cause: over runs of some kinds and cards, and all that people do about alerts."""
    Queue.done.clear()
    run_state_machine_as_test(Queue, settings=DRAWN)
    assert all(Queue.done[deed] for deed in DEEDS), Queue.done
