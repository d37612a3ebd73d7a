"""The supervisor's board: what needs action, the tiles and the lists behind them, hours, states, standby, cost."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.choices import EntryKind
from billing.services.ledger import post
from billing.services.ledger import reverse as reverse_entry
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job, ScheduledRun
from cardfleet.kernel.clock import SHANGHAI, business_day
from cards.choices import CustodyState, RealNameState, ServiceState, Severity, StopReason
from cards.models import Card
from lifecycle.choices import AlertKind, AlertState, RiskBand
from lifecycle.models import RiskAssessment
from lifecycle.rules.pace import Span, cells, spans
from lifecycle.selectors.board.queue import action_queue
from lifecycle.selectors.board.stock import stock
from lifecycle.selectors.board.strip import calls_by_hour
from lifecycle.selectors.board.totals import freshness, month_cost
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory, CarrierRuleFactory
from tests.factories.lifecycle import AlertFactory, UsageDailyFactory

BOARD = reverse("lifecycle:board")
WINDOW = {"allowed": [["09:00", "12:00"], ["14:00", "20:00"]], "blocked": [["21:00", "09:00"]]}
HOURS = spans(WINDOW)


@pytest.fixture(autouse=True)
def _friday(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team(db):
    return TeamFactory(name="East")


@pytest.fixture
def supervisor(reference, team):
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


@pytest.fixture
def board(client, supervisor):
    client.force_login(supervisor)
    return lambda **query: client.get(BOARD, query)


def held_by(agent, **facts) -> Card:
    """A card in an agent's hands, accepted."""
    card = CardFactory(**{"team": agent.user.team, **facts})
    hand_over(card, agent, accepted_at=FRIDAY)
    return card


def stopped(card: Card, **facts):
    """Stop a card and open its alert."""
    Card.objects.filter(pk=card.pk).update(
        service_state=ServiceState.FULL_STOP,
        stop_reason=StopReason.ARREARS,
        service_since=FRIDAY - timedelta(hours=3),
    )
    params = {"since": "2026-11-20", "reason": "arrears"}
    gravest = {"kind": AlertKind.STOPPED, "severity": Severity.CRITICAL, "code": "stopped", "params": params}
    return AlertFactory(card=card, due_at=FRIDAY - timedelta(hours=3), **{**gravest, **facts})


def in_team(team):
    """An agent of a team."""
    return AgentFactory(user__team=team)


def risk(card: Card, *, score: int = 0, band: str = RiskBand.LOW, calls_today: int = 0) -> RiskAssessment:
    """A card's assessment with a cap of 200."""
    facts = {"score": score, "band": band, "calls_today": calls_today}
    return RiskAssessment.objects.create(card=card, call_limit=200, assessed_at=FRIDAY, **facts)


def called(card: Card, by_hour: dict[int, int], **facts):
    """A card's Friday, calls by hour."""
    hours = [by_hour.get(hour, 0) for hour in range(24)]
    return UsageDailyFactory(card=card, calls=sum(hours), hours=hours, last_at=FRIDAY, **facts)


# The queue


def test_an_agent_who_cannot_call_comes_first_then_the_nearest_deadline(supervisor, team):
    """R34: of two stopped cards the one whose holder has no other is first, and alone has a filled button."""
    soon = AlertFactory(card=held_by(in_team(team)), kind=AlertKind.ARREARS, due_at=FRIDAY - timedelta(days=9))
    spare_holder = in_team(team)
    held_by(spare_holder)
    with_another = stopped(held_by(spare_holder))
    alone = stopped(held_by(in_team(team)))
    queue = action_queue(supervisor, now=FRIDAY)
    assert [task.subject for task in queue.today] == [alone, soon, with_another]
    assert [task.matter.holder_cannot_call for task in queue.today] == [True, False, False]
    assert queue.standing_still == 1


def test_what_can_wait_is_one_heap_a_kind(supervisor, team):
    """What is due after today is merged by kind, with its earliest day and its teams."""
    for days in (3, 3, 5):
        AlertFactory(card__team=team, due_at=FRIDAY + timedelta(days=days))
    queue = action_queue(supervisor, now=FRIDAY)
    assert (queue.today_count, queue.later_count, queue.cards) == (0, 3, 3)
    (heap,) = queue.later
    assert (heap.kind, heap.count, heap.first, heap.teams) == ("card_expiry", 3, 2, [("East", 3)])
    assert heap.due_at == FRIDAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("severity", "due", "today"),
    [
        (Severity.INFO, timedelta(hours=13), True),
        (Severity.INFO, timedelta(hours=14), False),
        (Severity.HIGH, None, True),
        (Severity.WARN, None, False),
    ],
)
def test_today_ends_at_midnight_in_shanghai(supervisor, team, client, severity, due, today):
    """The board and the list of alerts agree on what is for today."""
    alert = AlertFactory(card__team=team, severity=severity, due_at=due and FRIDAY + due)
    queue = action_queue(supervisor, now=FRIDAY)
    client.force_login(supervisor)
    for name, has in (("today", today), ("later", not today)):
        listed = client.get(reverse("lifecycle:alerts"), {"due": name, "kind": alert.kind})
        assert listed.context["page_obj"].paginator.count == int(has)
    assert (queue.today_count, queue.later_count) == (int(today), int(not today))


def test_hand_overs_and_returns_stand_in_the_queue(supervisor, team):
    """R12, R14: who has not accepted, and who is to give back, each with the next step."""
    waiting = hand_over(CardFactory(team=team), in_team(team), accept_by=FRIDAY - timedelta(hours=1))
    late = hand_over(CardFactory(team=team), in_team(team), accepted_at=FRIDAY, due_back_on=date(2026, 11, 18))
    hand_over(CardFactory(team=team), in_team(team), accepted_at=FRIDAY, due_back_on=date(2026, 11, 21))
    queue = action_queue(supervisor, now=FRIDAY)
    assert [(task.subject, task.action.code) for task in queue.today] == [(late, "return"), (waiting, "acceptance")]
    assert (queue.late_acceptances, queue.late_returns) == (1, 1)


def test_closed_alerts_and_other_teams_stay_away(supervisor, team):
    """Invariant 10: only what is in the person's scope."""
    AlertFactory(card__team=TeamFactory(), due_at=FRIDAY)
    AlertFactory(card__team=team, due_at=FRIDAY, state=AlertState.CLOSED, closed_at=FRIDAY)
    hand_over(CardFactory(team=TeamFactory()), AgentFactory())
    assert action_queue(supervisor, now=FRIDAY).count == 0


def test_only_the_first_rows_are_drawn_and_the_rest_asked_for(board, team):
    """Twelve one by one, then all on request."""
    for _ in range(14):
        AlertFactory(card__team=team, due_at=FRIDAY)
    assert len(board().context["tasks"]) == 12
    assert len(board(queue="all").context["tasks"]) == 14


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        (AlertKind.STOPPED, "lifecycle:card"),
        (AlertKind.SUSPENSION_RISK, "lifecycle:card"),
        (AlertKind.IDLE, "lifecycle:card"),
    ],
)
def test_each_row_leads_to_one_page(board, team, kind, url):
    """A stopped card whose debt finance pays, a risk, an idle card: the card's page says what to do."""
    card = held_by(in_team(team), service_state=ServiceState.FULL_STOP, stop_reason=StopReason.ARREARS)
    params = {"since": "2026-11-20", "reason": "arrears", "value": "70", "limit": "90", "last": "2026-09-01"}
    code = "idle_days" if kind == AlertKind.IDLE else "stopped"
    AlertFactory(card=card, kind=kind, code=code, severity=Severity.HIGH, params={**params, "score": 80})
    ((_task, step),) = board().context["tasks"]
    assert step.url == reverse(url, args=[card.pk])


def test_a_broken_card_leads_to_the_hand_out_of_another(board, team):
    """R34, R55: a card stopped for no conduct of its holder: give the agent another one."""
    agent = in_team(team)
    card = held_by(agent)
    stopped(card)
    Card.objects.filter(pk=card.pk).update(stop_reason=StopReason.CARD_FAULT)
    page = board()
    ((_task, step),) = page.context["tasks"]
    assert step.url == f"{reverse('lifecycle:issue')}?agent={agent.user.staff_no}"
    assert page.content.decode().count('class="btn btn-primary" href') == 1


def test_a_card_stopped_for_conduct_is_not_simply_swapped(board, team):
    """Refusal 9 (domain.md section 7): compliance first."""
    card = held_by(in_team(team))
    stopped(card)
    Card.objects.filter(pk=card.pk).update(stop_reason=StopReason.COMPLAINT)
    ((task, step),) = board().context["tasks"]
    assert (task.action.code, step.url) == ("release", reverse("lifecycle:card", args=[card.pk]))


# The tiles


def test_each_tile_counts_the_list_it_leads_to(board, client, team):
    """Design, section 7: every number leads to the filtered list behind it, and equals it."""
    stopped(held_by(in_team(team)))
    risk(CardFactory(team=team), band=RiskBand.HIGH, score=88)
    for kind in (AlertKind.ARREARS, AlertKind.IDLE):
        AlertFactory(card__team=team, kind=kind)
    CardFactory.create_batch(2, team=team, expires_on=date(2026, 11, 25))
    hand_over(CardFactory(team=team), in_team(team))
    hand_over(CardFactory(team=team), in_team(team), accepted_at=FRIDAY, due_back_on=date(2026, 11, 20))
    CardFactory(team=TeamFactory(), expires_on=date(2026, 11, 25))
    tiles = board().context["tiles"]
    assert [shown["value"] for shown in tiles] == [1, 1, 1, 2, 1, 1, 1]
    for shown in tiles:
        assert client.get(shown["tile"].url).context["page_obj"].paginator.count == shown["value"]


# Calls against the cap


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"allowed": [["09:00", "11:00"], ["14:00", "15:00"]]},
            [
                Span(first=9, last=9),
                Span(first=10, last=10),
                Span(first=11, last=13, is_shut=True),
                Span(first=14, last=14),
            ],
        ),
        ({"allowed": [["09:30", "10:30"]]}, [Span(first=9, last=9), Span(first=10, last=10)]),
    ],
)
def test_hours_outside_the_window_are_one_block(params, expected):
    assert list(spans(params)) == expected


def test_without_a_window_office_hours_are_shown():
    assert [span.first for span in spans({})] == list(range(9, 20))


@pytest.mark.parametrize(
    ("seen", "by_hour", "shares"),
    [
        # Half past ten: 30 of 200 in an hour and a half, so 20 an open hour from there on.
        ("10:30", {9: 20, 10: 10}, [10, 15, 30, None, 40, 50, 60, 70, 80, 90]),
        # In the pause nothing passes: three open hours so far.
        ("13:00", {9: 20, 10: 20, 11: 20}, [10, 20, 30, None, 40, 50, 60, 70, 80, 90]),
        # Too early for a pace.
        ("09:05", {9: 4}, [2, None, None, None, None, None, None, None, None, None]),
        # Calls before the window count.
        ("12:00", {8: 40, 9: 0}, [20, 20, 20, None, 27, 33, 40, 47, 53, 60]),
    ],
)
def test_forecast_is_the_mean_pace_of_the_open_hours(seen, by_hour, shares):
    hour, minute = map(int, seen.split(":"))
    calls = [by_hour.get(number, 0) for number in range(24)]
    moment = datetime(2026, 11, 20, hour, minute, tzinfo=SHANGHAI)
    found = cells(calls, cap=200, hours=HOURS, seen_until=moment)
    assert [cell.share for cell in found] == shares


def test_a_forecast_over_the_cap_is_red_and_levels_step():
    calls = [0] * 9 + [50, 50] + [0] * 13
    found = cells(calls, cap=100, hours=HOURS, seen_until=datetime(2026, 11, 20, 11, 0, tzinfo=SHANGHAI))
    assert [(cell.level, cell.is_forecast) for cell in found[:3]] == [(40, False), (100, False), (100, True)]
    assert found[-1].tone == "red"


def test_no_calls_known_means_no_forecast():
    assert {cell.share for cell in cells([0] * 24, cap=10, hours=HOURS, seen_until=None)} == {None}


def test_strip_sums_teams_and_takes_the_fullest_source(supervisor, team):
    """R31, R84: one call seen by two sources counts once; cards in stock raise no cap."""
    CarrierRuleFactory(kind="call_window", params=WINDOW, limit=None, warn=None)
    first, second = held_by(in_team(team)), held_by(in_team(team))
    called(first, {9: 10, 10: 5})
    called(first, {9: 12, 10: 8}, role="switch")
    called(second, {9: 170})
    risk(first, calls_today=20)
    risk(second, calls_today=170)
    risk(CardFactory(team=team))
    called(CardFactory(team=TeamFactory()), {9: 50})
    strip = calls_by_hour(Card.objects.visible_to(supervisor), now=FRIDAY)
    (row,) = strip.teams
    assert (row.name, row.cards, row.calls, row.cap, row.near) == ("East", 2, 190, 400, 1)
    assert [cell.share for cell in row.cells[:2]] == [46, 48]


# States, standby, cost, age


def test_states_and_standby_are_counted(supervisor, team):
    """R55: how many spares could be handed out, and why not the rest."""
    mobile = CarrierFactory(name="Mobile")
    CardFactory(team=team, carrier=mobile)
    CardFactory(team=team, carrier=mobile, custody_state=CustodyState.SPARE, real_name_state=RealNameState.PENDING)
    CardFactory(team=team, carrier=mobile, service_state=ServiceState.PENDING)
    CardFactory(team=team, carrier=mobile, service_state=ServiceState.CANCELLED)
    found = stock(Card.objects.visible_to(supervisor))
    assert dict(found.states) == {"active": 2, "pending": 1}
    assert [(one.name, one.ready, one.held) for one in found.standby] == [("Mobile", 1, 3)]
    assert (found.not_in_service, found.not_registered, found.usable) == (1, 1, 66.7)


def test_cost_is_what_cards_in_scope_were_charged_this_month(supervisor, team):
    """R13: this month, this scope; a reversed charge does not count, a top-up never does."""
    card, other = CardFactory(team=team), CardFactory(team=TeamFactory())
    account = AccountFactory(cards=[card, other])
    known = {"account": account, "actor": None, "now": FRIDAY}
    for kind, amount, of in [
        (EntryKind.USAGE, "-12.30", card),
        (EntryKind.MONTHLY_FEE, "-8.00", card),
        (EntryKind.TOP_UP, "50", card),
        (EntryKind.USAGE, "-99", other),
    ]:
        post(kind=kind, amount=Decimal(amount), card=of, **known)
    wrong = post(kind=EntryKind.OTHER_CHARGE, amount=Decimal(-5), card=card, **known)
    reverse_entry(entry=wrong, note="twice", actor=None, now=FRIDAY)
    cost = month_cost(Card.objects.visible_to(supervisor), today=business_day(FRIDAY))
    assert (cost.total, cost.elapsed) == (Decimal("20.30"), 66)
    assert cost.forecast == Decimal("30.45")
    assert [(name, amount) for _, name, amount in cost.teams] == [("East", Decimal("20.30"))]


@pytest.mark.parametrize(("hours", "stale"), [(2, False), (4, True)])
def test_the_board_says_when_it_is_stale(db, hours, stale):
    """Mockups: data older than three hours is said to be."""
    at = FRIDAY - timedelta(hours=hours)
    ScheduledRun.objects.create(name="assess_suspension_risk", on=at.date(), started_at=at, ok=True)
    found = freshness(now=FRIDAY)
    assert (found.as_of, found.is_stale) == (at, stale)


# The page


def test_a_fleet_of_one_and_of_three_asks_as_often(board, team):
    """A fixed number of statements, at most twelve for the board itself."""

    def grow():
        agent = in_team(team)
        card = held_by(agent)
        stopped(card)
        risk(card)
        called(card, {9: 10})
        AlertFactory(card=card, due_at=FRIDAY + timedelta(days=3))
        hand_over(CardFactory(team=team), agent)

    def asked() -> list[str]:
        """The statements of the board, without those that tell who asks and what the frame shows them."""
        board()
        with CaptureQueriesContext(connection) as caught:
            board()
        frame = ('"django_session"', '"auth_permission"', '"auth_group"', 'FROM "accounts_user"')
        return [query["sql"] for query in caught if not any(table in query["sql"] for table in frame)]

    grow()
    one = asked()
    grow()
    grow()
    three = asked()
    assert len(one) == len(three)
    assert len(one) <= 12


def test_an_agent_is_led_to_their_own_cards(client, reference):
    client.force_login(PersonFactory(role=Role.AGENT))
    answer = client.get(BOARD)
    assert (answer.status_code, answer.url) == (302, reverse("lifecycle:my"))


def test_without_cards_the_board_offers_the_import(board):
    """First use: one button."""
    page = board().content.decode()
    assert reverse("lifecycle:import-cards") in page
    assert 'id="queue"' not in page


def test_cost_is_for_those_who_may_see_it(client, reference, team):
    CardFactory(team=team)
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    assert client.get(BOARD).context["cost"] is None


def test_assess_now_starts_one_job(client, supervisor):
    """A job with progress, asked for by a person."""
    client.force_login(supervisor)
    assert client.post(reverse("lifecycle:assess-now")).status_code == 302
    assert list(Job.objects.values_list("kind", "owner")) == [("lifecycle.assess", supervisor.pk)]


def test_assess_now_is_not_for_finance(client, reference):
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert client.post(reverse("lifecycle:assess-now")).status_code == 403
    assert not Job.objects.exists()
