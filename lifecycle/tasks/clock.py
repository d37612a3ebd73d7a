"""What lifecycle does by the clock."""

from datetime import date, datetime

from celery.schedules import crontab
from django.conf import settings

from cardfleet.jobs.scheduling import scheduled
from cards.services.contracts import renew_contracts
from lifecycle.services.arrears import check_arrears
from lifecycle.services.cases import watch_cases
from lifecycle.services.cases.found_stops import open_left
from lifecycle.services.cases.future import look_ahead
from lifecycle.services.cases.plans import change_plans
from lifecycle.services.connections.running import run_due
from lifecycle.services.desk.watching import watch_desk
from lifecycle.services.digests import send_digests
from lifecycle.services.drills import open_drills
from lifecycle.services.escalation import escalate_alerts
from lifecycle.services.experience import learn_from_stops
from lifecycle.services.forwarding import remind_forwardings
from lifecycle.services.freezes import follow_freezes
from lifecycle.services.id_checks import ask_everybody
from lifecycle.services.lapses import watch_lapses
from lifecycle.services.leavers import look_after_leavers
from lifecycle.services.notices import end_notices
from lifecycle.services.notified import reckon_calling_numbers
from lifecycle.services.number_notices import forget_recipients
from lifecycle.services.number_reviews import open_number_reviews
from lifecycle.services.reminders import remind_expiries
from lifecycle.services.reverification import watch_reverification
from lifecycle.services.service_accounts import tell_of_unanswered_accounts
from lifecycle.services.signals import watch_signals
from lifecycle.services.watch import watch_fleet


@scheduled("remind_expiries", crontab(hour=8, minute=0))
def remind(*, on: date, now: datetime) -> dict[str, int]:
    """Remind of what ends 60, 30, 7 and 1 days ahead."""
    return remind_expiries(today=on, now=now).counts()


@scheduled("watch_training", crontab(hour=8, minute=10))
def watch_training(*, on: date, now: datetime) -> dict[str, int]:
    """Tell of required trainings that lapsed, and have cards taken back where they were not renewed."""
    return watch_lapses(today=on, now=now, return_days=settings.TRAINING_RETURN_DAYS)


@scheduled("renew_contracts", crontab(hour=0, minute=20))
def renew(*, on: date, now: datetime) -> dict[str, int]:
    """Move contracts that renewed themselves on to their next term."""
    return {"renewed": renew_contracts(today=on, now=now)}


@scheduled("look_ahead", crontab(hour=7, minute=30))
def open_ahead(*, on: date, now: datetime) -> dict[str, int]:
    """Open renewals and idle cases that are due; close idle cases of cards used again."""
    return look_ahead(today=on, now=now).counts()


@scheduled("change_plans", crontab(hour=0, minute=25))
def take_plans_into_force(*, on: date, now: datetime) -> dict[str, int]:
    """Give cards the plans that their carriers announced for today."""
    return change_plans(on=on, now=now)


@scheduled("check_arrears", crontab(hour="*/2", minute=10))
def watch_money(*, on: date, now: datetime) -> dict[str, int]:
    """Look for cards that owe or run out of money."""
    return check_arrears(today=on, now=now).counts()


@scheduled("assess_suspension_risk", crontab(hour="8-20", minute="*/15"))
def assess(*, on: date, now: datetime) -> dict[str, int]:
    """Gather how the fleet calls and assess it, while it does."""
    return watch_fleet(on=on, now=now)


@scheduled("learn_from_stops", crontab(hour=3, minute=40))
def learn(*, on: date, now: datetime) -> dict[str, int]:
    """Learn from the stops of the last months where carriers stop cards."""
    return learn_from_stops(today=on)


@scheduled("watch_signals", crontab(minute="*/5"))
def watch_failed_calls(*, on: date, now: datetime) -> dict[str, int]:
    """Look for cards whose calls fail as if their carrier stopped them."""
    return watch_signals(now=now).counts()


@scheduled("open_left_stops", crontab(minute="25,55"))
def see_to_left_stops(*, on: date, now: datetime) -> dict[str, int]:
    """Open cases of stops that outlasted what explained them."""
    return open_left(now=now)


@scheduled("watch_reverification", crontab(minute="*/5"))
def watch_clocks(*, on: date, now: datetime) -> dict[str, int]:
    """Look for re-verifications that are due or over."""
    return watch_reverification(now=now).counts()


@scheduled("ask_id_checks", crontab(hour=9, minute=40))
def ask_for_id_checks(*, on: date, now: datetime) -> dict[str, int]:
    """Ask each agent once a year what numbers are under their ID."""
    return {"asked": ask_everybody(today=on, now=now)}


@scheduled("watch_leavers", crontab(minute="3-58/5"))
def watch_those_who_leave(*, on: date, now: datetime) -> dict[str, int]:
    """End the access of those whose last day is over, and look what is left of leavers."""
    return look_after_leavers(today=on, now=now)


@scheduled("watch_service_accounts", crontab(minute="4-59/5"))
def watch_service_accounts(*, on: date, now: datetime) -> dict[str, int]:
    """Tell administrators of service accounts whose owner left."""
    del on
    return tell_of_unanswered_accounts(now=now)


@scheduled("follow_freezes", crontab(hour=1, minute=15))
def follow_ended_numbers(*, on: date, now: datetime) -> dict[str, int]:
    """Record ended numbers as frozen, and as released when their freeze is over."""
    return follow_freezes(on=on, now=now)


@scheduled("open_number_reviews", crontab(hour=7, minute=20))
def review_numbers(*, on: date, now: datetime) -> dict[str, int]:
    """Open a review of the numbers whose industry asks for one, or whose day has come."""
    return {"opened": open_number_reviews(on=on, now=now)}


@scheduled("reckon_calling_numbers", crontab(minute=35))
def reckon_numbers(*, on: date, now: datetime) -> dict[str, int]:
    """Count the numbers that called in the period, by carrier and contract."""
    return {"groups": reckon_calling_numbers(on=on, now=now)}


@scheduled("escalate_alerts", crontab(minute="*/10"))
def escalate(*, on: date, now: datetime) -> dict[str, int]:
    """Tell the next role of alerts that nobody sees to."""
    return escalate_alerts(now=now)


@scheduled("watch_cases", crontab(minute="3-53/10"))
def watch_open_cases(*, on: date, now: datetime) -> dict[str, int]:
    """Look what the carrier did to cards whose cases wait, who never answers, and which clocks ran out."""
    return watch_cases(now=now)


@scheduled("watch_desk", crontab(minute="7-57/10"))
def watch_compliance(*, on: date, now: datetime) -> dict[str, int]:
    """Look what is overdue at the compliance desk."""
    return watch_desk(now=now)


@scheduled("end_notices", crontab(minute="5-55/10"))
def end_carrier_notices(*, on: date, now: datetime) -> dict[str, int]:
    """Let what is still open after a carrier's works stand for itself."""
    return end_notices(now=now)


@scheduled("send_digests", crontab(minute="*/15"))
def digest(*, on: date, now: datetime) -> dict[str, int]:
    """Send the daily digest to those whose hour has come."""
    return send_digests(on=on, now=now)


@scheduled("remind_forwardings", crontab(hour=8, minute=20))
def remind_of_forwardings(*, on: date, now: datetime) -> dict[str, int]:
    """Remind of forwardings that end soon or are not set up yet."""
    return remind_forwardings(on=on, now=now)


@scheduled("open_drills", crontab(hour=8, minute=40))
def drill(*, on: date, now: datetime) -> dict[str, int]:
    """Open the drill of each team that had none this month."""
    return open_drills(on=on, now=now)


@scheduled("forget_recipients", crontab(hour=3, minute=55))
def forget_people(*, on: date, now: datetime) -> dict[str, int]:
    """Delete the people of notices whose time is over."""
    return forget_recipients(on=on, now=now)


@scheduled("run_connections", crontab())
def run_connections(*, on: date, now: datetime) -> dict[str, int]:
    """Fetch from carriers and other systems what is due."""
    return run_due(now=now)
