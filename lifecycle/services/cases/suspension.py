"""What the steps of stopped cards do: pay, record the carrier's word, train, release, restore (R44-R47, R79)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from agents.models import Agent, TrainingRecord
from agents.services.training import record_training
from billing.models import AccountCard
from billing.services.accounts import open_accounts
from billing.services.top_ups.paying import record_top_up
from cards.choices import ChangeSource, ServiceState
from cards.models import Card
from cards.rules.carrier_terms import restore_by
from cards.rules.transitions import spec
from lifecycle.choices import ContactChannel, EscalationLevel
from lifecycle.models import Case, CaseStep, Reverification
from lifecycle.playbooks.registry import Asked
from lifecycle.rules.cases.suspension import group_of
from lifecycle.selectors.cases.stops import impact_of, stop_of
from lifecycle.selectors.facts import terms_of
from lifecycle.services.case_money import key_of, take_back_money
from lifecycle.services.cases.log import record_contact
from lifecycle.services.cases.replanning import go_on_with
from lifecycle.services.cases.writing import remember
from lifecycle.services.reverification import confirm_verified, record_notice
from lifecycle.services.states import record_state

Given = Mapping[str, Any]
SOURCES = {
    ContactChannel.HOTLINE: ChangeSource.CARRIER_CALL,
    ContactChannel.OUTLET: ChangeSource.OUTLET,
    ContactChannel.APP: ChangeSource.CARRIER_APP,
    ContactChannel.MESSAGE: ChangeSource.CARRIER_SMS,
}


def ask_carrier(step: CaseStep, given: Given, asked: Asked) -> None:
    """Keep who said what at the carrier (R18, R44)."""
    record_contact(
        case_id=step.case_id,
        channel=given["channel"],
        person=given.get("whom", ""),
        said=asked.note,
        ticket=given.get("ticket", ""),
        at=max(asked.at, step.case.opened_at),
        level=max(step.case.level, EscalationLevel.SUPPORT),
        actor=asked.actor,
        now=asked.now,
    )


def confirm_cause(step: CaseStep, given: Given, asked: Asked) -> None:
    """Keep what the carrier confirmed: on the case, in the card's history where it fits, in the steps ahead (R44)."""
    case, cause = step.case, given["cause"]
    before = case.cause or case.reason
    remember(case=case, cause=cause, facts={"cause": cause})
    card = Card.objects.get(pk=case.card_id)
    if card.is_stopped and card.stop_reason != cause and _explains(card, cause):
        _record(case, to=card.service_state, reason=cause, asked=asked)
    if group_of(cause) != group_of(before):
        go_on_with(case=case, after=step, reason=cause, now=asked.now)


def _explains(card: Card, cause: str) -> bool:
    """Tell whether a cause fits the state the card is in, and makes a penalty no less of one."""
    edge = spec(card.service_state, card.service_state, stop_reason=card.stop_reason)
    return cause in edge.reasons


def pay(step: CaseStep, given: Given, asked: Asked) -> dict[str, Any]:
    """Post what was paid, and say when the carrier must have restored the card by its terms (R45)."""
    case = step.case
    take_back_money(step=step, actor=asked.actor, now=asked.now)
    open_accounts(card_ids=[case.card_id], actor=asked.actor, now=asked.now)
    member = AccountCard.objects.current().select_related("account", "card__carrier").get(card=case.card_id)
    recorded = record_top_up(
        account=member.account,
        amount=given["amount"],
        card=member.card,
        reference=given.get("reference", ""),
        key=key_of(step, "paid"),
        actor=asked.actor,
        now=asked.now,
    )
    back_by = restore_by(terms_of(member.card.carrier), paid_at=asked.at)
    remember(case=case, facts={"paid": str(given["amount"]), "due_resume": back_by.isoformat()})
    return {"amount": str(given["amount"]), "reference": given.get("reference", ""), "entry": recorded.entry_id}


def train(step: CaseStep, given: Given, asked: Asked) -> dict[str, Any]:
    """Record of each agent that the course was passed after the stop, unless it is on record (R46, R73)."""
    agents, course, passed_on = sorted(given["agents"], key=lambda one: one.pk), given["course"], given["passed_on"]
    standing = TrainingRecord.objects.filter(agent__in=agents, course=course, passed_on=passed_on, revoked_at=None)
    known = dict(standing.values_list("agent", "pk"))
    records = [known.get(agent.pk) or _trained(agent, given, asked) for agent in agents]
    who = [agent.pk for agent in agents]
    return {"agents": who, "course": course.pk, "passed_on": passed_on.isoformat(), "records": records}


def _trained(agent: Agent, given: Given, asked: Asked) -> int:
    record = record_training(
        agent_id=agent.pk,
        course_id=given["course"].pk,
        passed_on=given["passed_on"],
        score=given.get("score"),
        evidence=asked.files[0] if asked.files else None,
        actor=asked.actor,
        now=asked.now,
    )
    return record.pk


def apply(step: CaseStep, given: Given, asked: Asked) -> None:
    """Keep that the application with the commitment letter went to the carrier (R46)."""
    said = asked.note or _("Application to restore the card handed in, with the commitment letter.")
    ask_carrier(step, given, Asked(actor=asked.actor, now=asked.now, at=asked.at, note=said))


def restore(step: CaseStep, _given: Given, asked: Asked) -> dict[str, Any]:
    """Record that the card is in service again, unless its history says so already (R45, R46)."""
    card = Card.objects.get(pk=step.case.card_id)
    if card.service_state == ServiceState.ACTIVE:
        return {"since": card.service_since.isoformat()}
    change = _record(step.case, to=ServiceState.ACTIVE, reason="", asked=asked)
    return {"since": change.at.isoformat(), "change": change.pk}


def verify(step: CaseStep, _given: Given, asked: Asked) -> dict[str, Any]:
    """Stop the clock of the carrier's demand, if it runs still (R79)."""
    clock = Reverification.objects.open().filter(card=step.case.card_id).first()
    if clock is None:
        return {}
    confirm_verified(reverification_id=clock.pk, actor=asked.actor, now=asked.now)
    return {"clock": clock.pk}


def start_clock(case: Case, asked: Asked) -> None:
    """Start the carrier's 24 hours for a card, or take the clock that runs already; the step ends with it (R79)."""
    clock = Reverification.objects.open().filter(card=case.card_id).first()
    if clock is None:
        noticed = record_notice(
            card_ids=[case.card_id], noticed_at=asked.at, source=_("Case"), actor=asked.actor, now=asked.now
        )
        clock = noticed.started[0]
    remember(case=case, facts={"clock": clock.pk, "due_verify": clock.due_at.isoformat()})


def replace(step: CaseStep, given: Given, _asked: Asked) -> dict[str, Any]:
    """Keep which card took over (R47)."""
    remember(case=step.case, facts={"replaced_by": given["card"].pk})
    return {"card": given["card"].pk}


def keep_harm(case: Case, _outcome: str, asked: Asked) -> None:
    """Keep what the stop cost as figures of the case when it ends (R41)."""
    stop = stop_of(case, now=asked.now)
    if stop is None:
        return
    harm = impact_of(stop, now=asked.now)
    figures = {
        "minutes": harm.minutes,
        "calling_minutes": harm.calling_seconds // 60,
        "idle_agents": harm.idle_agents,
        "customers": harm.customers,
        "calls_missed": harm.calls,
        "loss": None if harm.loss is None else str(harm.loss),
    }
    remember(case=case, facts=figures)


def _record(case: Case, *, to: str, reason: str, asked: Asked) -> Any:
    told = case.contacts.order_by("-at", "-pk").values_list("channel", flat=True).first()
    return record_state(
        card_id=case.card_id,
        to=to,
        reason=reason,
        source=SOURCES.get(ContactChannel(told), ChangeSource.PERSON) if told else ChangeSource.PERSON,
        at=asked.at,
        actor=asked.actor,
        now=asked.now,
        evidence=asked.files[0] if asked.files else None,
        note=asked.note,
    )
