"""A number change: customers are told, calls forwarded for a while, and then the old number is decided on (R110, R111).

A number that callees marked is not exchanged for a fresh one: the mark is appealed against, or what caused it ends
(refusal X10). Nor is one that compliance holds back.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms import DayInput
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cards.choices import ServiceState, StopReason
from cards.models import Card
from lifecycle.choices import CaseKind, CaseOutcome, StepEvidence
from lifecycle.errors import CaseRefused, StepRefused
from lifecycle.forms.handout import CardNameField
from lifecycle.models import Case, CaseStep, NumberNotice
from lifecycle.playbooks.registry import FUTURE, Act, Asked, Kind, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.facts import OpeningFacts
from lifecycle.rules.failover import FOR_COMPLIANCE, PENALTIES
from lifecycle.selectors.cases.asking import holding
from lifecycle.selectors.number_notices import waiting_of
from lifecycle.services.forwarding import ask_forwarding, set_up_forwarding
from lifecycle.services.number_notices import draft_notice, name_new_number

AHEAD = timedelta(days=7)


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why a number is not changed: its carrier stopped it for conduct or registration."""
    if facts.card.service_state in PENALTIES or facts.card.stop_reason in FOR_COMPLIANCE:
        yield Reason(
            code="release_missing",
            message=_("The card was stopped for how it was used or whose it is: its number is not changed."),
            clears=_("Settle the stop with the carrier and have compliance release the card."),
        )


def draft(case: Case, asked: Asked) -> None:
    """Refuse a marked or held number, else draft what its customers are told."""
    if case.card.is_marked:
        message, clears = _("Callees marked this number: it is not changed for a fresh one."), _("Appeal the mark.")
        raise CaseRefused(reasons=[Reason(code="marked", message=message, clears=clears)])
    if holding([case.card_id]):
        message, clears = _("A case holds this card back."), _("Have compliance release it first.")
        raise CaseRefused(reasons=[Reason(code="held_back", message=message, clears=clears)])
    draft_notice(
        old_card_id=case.card_id,
        new_card_id=None,
        changes_on=business_day(asked.now) + AHEAD,
        case_id=case.pk,
        actor=asked.actor,
        now=asked.now,
    )


class NewNumberForm(StepForm):
    """Which card carries the new number."""

    new_card = CardNameField(label=_("Card with the new number"), help_text=_("Number, last digits or ICCID."))

    def offer(self) -> None:
        """Limit it to cards in service in the person's scope, but the old one."""
        cards = Card.objects.visible_to(self.person) if self.person else Card.objects.all()
        own = cards.filter(service_state=ServiceState.ACTIVE).exclude(pk=self.case.card_id)
        self.fields["new_card"].cards = own  # type: ignore[attr-defined]


class ForwardingForm(StepForm):
    """Until when the old number is forwarded."""

    until = forms.DateField(label=_("Until"), widget=DayInput)


def new_number(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> Mapping[str, Any]:
    """Name the new number on the notice."""
    card: Card = given["new_card"]
    name_new_number(notice_id=notice_of(step.case).pk, card_id=card.pk, actor=asked.actor, now=asked.now)
    return {"new_card": card.pk}


def people_listed(step: CaseStep, _given: Mapping[str, Any], _asked: Asked) -> Mapping[str, Any]:
    """Refuse while nobody is listed and no list of the CRM is named."""
    notice = notice_of(step.case)
    count = notice.recipients.count()
    if not count and not notice.crm_link:
        message = _("Nobody is listed yet.")
        clears = _("Send a list on the notice, or give the link of the list in the CRM.")
        raise StepRefused(reasons=[Reason(code="nobody_listed", message=message, clears=clears)])
    return {"people": count}


def people_told(step: CaseStep, _given: Mapping[str, Any], _asked: Asked) -> Mapping[str, Any]:
    """Refuse while somebody is still to be told, or nothing is recorded of the list in the CRM."""
    notice = notice_of(step.case)
    waiting = waiting_of(notice)
    if waiting or (notice.crm_link and notice.crm_told is None):
        message, clears = _("Not everybody's result is recorded."), _("Record who was told and who was not reached.")
        raise StepRefused(reasons=[Reason(code="results_missing", message=message, clears=clears)])
    return {"told": notice.told + (notice.crm_told or 0), "failed": notice.failed + (notice.crm_failed or 0)}


def forwarded(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> Mapping[str, Any]:
    """Record that the forwarding works."""
    today, until = business_day(asked.now), given["until"]
    one = ask_forwarding(
        notice_id=notice_of(step.case).pk, starts_on=today, ends_on=until, actor=asked.actor, now=asked.now
    )
    set_up_forwarding(forwarding_id=one.pk, ends_on=until, actor=asked.actor, now=asked.now)
    return {"until": until.isoformat()}


def notice_of(case: Case) -> NumberNotice:
    """Return the notice that was drafted when the case was opened."""
    return NumberNotice.objects.filter(case=case).order_by("pk")[0]


def panel(case: Case, _user: User) -> Mapping[str, Any]:
    """Return what the page of the case shows of the notice."""
    notice = notice_of(case)
    forwarding = notice.old_card.forwardings.order_by("-pk").first()
    return {"notice": notice, "waiting": waiting_of(notice), "forwarding": forwarding}


register(
    Kind(
        name=CaseKind.NUMBER_CHANGE,
        label=_("Number change"),
        icon="replace",
        track=FUTURE,
        reasons=(
            StopReason.BUSINESS_CHANGE,
            StopReason.DEMAND_CHANGE,
            StopReason.CARD_FAULT,
            StopReason.LOST,
            StopReason.STOLEN,
            StopReason.EXPIRED,
            StopReason.OTHER,
        ),
        outcomes=(CaseOutcome.REPLACED, CaseOutcome.WITHDRAWN, CaseOutcome.REFUSED),
        may_open=may_open,
        on_open=draft,
        play=(
            Play(
                steps=(
                    StepSpec("new_number", _("Name the card with the new number"), workdays=2),
                    StepSpec(
                        "people",
                        _("List who must be told"),
                        workdays=2,
                        help=_("On the notice below: a list, or the link of the list in your CRM."),
                    ),
                    StepSpec(
                        "forward",
                        _("Set up the forwarding"),
                        gate=False,
                        workdays=2,
                        help=_("At the carrier or in the phone; CardFleet reminds you before it ends."),
                    ),
                    StepSpec("told", _("Record who was told"), workdays=5),
                    StepSpec(
                        "old_number",
                        _("Decide on the old number"),
                        evidence=StepEvidence.NOTE,
                        workdays=5,
                        help=_("Kept for a while, or cancelled: that is a case of its own."),
                    ),
                )
            ),
        ),
        acts={
            "new_number": Act(form=NewNumberForm, perform=new_number),
            "people": Act(perform=people_listed),
            "forward": Act(form=ForwardingForm, perform=forwarded),
            "told": Act(perform=people_told),
        },
        panel="lifecycle/cases/parts/number_change.html",
        panel_facts=panel,
        order=60,
    )
)
