"""Who and what is there: a fleet in the trouble it is in on any day, and everybody signed in already.

A password is hashed slowly on purpose; thousands of sign-ins at once would measure that and nothing else. So the
sessions are made beforehand, as a sign-in leaves them.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django.utils.crypto import get_random_string

from agents.models import Agent
from bench import data
from bench.troubles import trouble
from billing.services.month_sums import sum_months
from billing.services.partitions import ensure_ahead
from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.kernel.clock import business_day
from cards.choices import CustodyState, ServiceState
from cards.models import Card
from lifecycle.services.assessment import assess_suspension_risk
from load.actions import Person

CARDS_TO_HAND_OUT = 20
RECEIVERS = 20


def build(*, cards: int, calls: int, supervisors: int, agents: int) -> list[Person]:
    """Fill a migrated database and return everybody, signed in."""
    now = timezone.now()
    ensure_ahead(business_day(now))
    data.cards(cards)
    data.calls(calls)
    trouble(business_day(now))
    assess_suspension_risk(now=now)
    sum_months(now=now)
    return [*_supervisors(supervisors), *_agents(agents)]


def migrate() -> None:
    """Bring the empty database up to date, as `migrate` in docker-compose.yml does, and gather the static files."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _supervisors(count: int) -> Iterator[Person]:
    """Make supervisors, each of one team; cards in stock are dealt out among those who may hand them out."""
    teams = list(Team.objects.filter(kind=TeamKind.TEAM).order_by("pk"))
    made = User.objects.bulk_create(
        User(username=f"S{number:06}", name=f"主管{number}", team=teams[number % len(teams)], password="!")  # noqa: S106
        for number in range(count)
    )
    role = Group.objects.get(name=Role.SUPERVISOR)
    memberships = User.groups.through.objects
    memberships.bulk_create(User.groups.through(user=user, group=role) for user in made)
    ScopeGrant.objects.bulk_create(ScopeGrant(user=user, team=user.team) for user in made)
    free = Card.objects.filter(service_state=ServiceState.ACTIVE, custody_state=CustodyState.IN_STOCK)
    for team_number, team in enumerate(teams):
        dealt = made[team_number :: len(teams)]
        iccids = list(free.filter(team=team).order_by("pk").values_list("iccid", flat=True))
        active = Agent.objects.active().filter(user__team=team).order_by("pk")
        receivers = [str(staff_no) for staff_no in active.values_list("user__staff_no", flat=True)[:RECEIVERS]]
        for place, session in enumerate(_sessions(dealt)):
            own = iccids[place :: len(dealt)][:CARDS_TO_HAND_OUT]
            yield Person(role=Role.SUPERVISOR, session=session, cards=own, agents=receivers)


def _agents(count: int) -> Iterator[Person]:
    """Return agents who hold cards."""
    holding = User.objects.filter(agent__isnull=False).order_by("pk")
    users = list(holding[:count])
    for session in _sessions(users):
        yield Person(role=Role.AGENT, session=session)


def _sessions(users: Sequence[User]) -> list[str]:
    """Sign people in, all at once, and return the keys of their sessions."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    ends = store.get_expiry_date()
    sessions = Session.objects.bulk_create(
        Session(session_key=get_random_string(32).lower(), expire_date=ends, session_data=store.encode(_left(user)))
        for user in users
    )
    return [session.session_key for session in sessions]


def _left(user: User) -> dict[str, str]:
    """Return what signing in leaves in the session."""
    return {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
