"""Formal transfer (过户): a number goes into the company's name or to one of its people, never to outsiders (R74)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus
from agents.models import Agent
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cards.choices import ChangeSource, RealNameState, RegistrantKind, ServiceState, StopReason
from cards.models import Registrant
from cards.services.cards import edit_facts
from lifecycle.choices import CaseKind, CaseOutcome, StepEvidence, TransferTo
from lifecycle.errors import StepRefused
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.numbers import PANEL, card_of, conditions, opened_where, refuse_unmet
from lifecycle.playbooks.registry import (
    CLOSE,
    FUTURE,
    Act,
    Asked,
    Kind,
    Paper,
    Play,
    StepForm,
    StepSpec,
    register,
)
from lifecycle.rules.cases.closing import LIVE
from lifecycle.rules.cases.transfers import papers, transfer_checks
from lifecycle.selectors.cases.numbers import number_facts
from lifecycle.services.cases.writing import remember
from lifecycle.services.states import record_state


class ReceiverForm(StepForm):
    """In whose name the number goes."""

    to = forms.ChoiceField(label=_("In whose name"), choices=TransferTo.choices, widget=forms.RadioSelect)
    registrant = forms.ModelChoiceField(
        Registrant.objects.filter(kind=RegistrantKind.COMPANY), label=_("Our company"), required=False
    )
    receiver = forms.ModelChoiceField(
        Agent.objects.none(),
        label=_("Our colleague"),
        required=False,
        help_text=_("Own staff only. Numbers are not sold, lent or given to outsiders (art. 31)."),
    )

    def offer(self) -> None:
        """Offer the colleagues in the person's scope."""
        active = Agent.objects.filter(status=AgentStatus.ACTIVE).select_related("user")
        mine = active.visible_to(self.person) if self.person else active
        self.fields["receiver"].queryset = mine  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the one that was chosen."""
        given = self.cleaned_data
        wanted = {TransferTo.COMPANY: "registrant", TransferTo.STAFF: "receiver"}.get(given.get("to", ""))
        if wanted and not given.get(wanted):
            self.add_error(wanted, _("Choose who it is."))
        return given


def choose(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Keep who receives it, where nothing the register knows stands against the transfer."""
    leaves = given["to"] == TransferTo.STAFF
    refuse_unmet(step.case, transfer_checks, asked, with_unknown=False, leaves=leaves)
    card, registrant, receiver = card_of(step.case), given.get("registrant"), given.get("receiver")
    if not leaves and registrant == card.registrant:
        raise StepRefused(reasons=[_same_already()])
    learnt = {
        "to": given["to"],
        "giver": card.registrant_id,
        "registrant": registrant.pk if registrant and not leaves else None,
        "receiver": receiver.pk if receiver and leaves else None,
    }
    remember(case=step.case, facts=learnt)
    return learnt


def confirmed(step: CaseStep, _given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Record what the carrier did: another registrant on our card, or a card that is ours no more."""
    facts = step.case.facts
    if facts["to"] == TransferTo.COMPANY:
        registrant = Registrant.objects.get(pk=facts["registrant"])
        changes = {"registrant": registrant, "real_name_state": RealNameState.VALID}
        edit_facts(card_id=step.case.card_id, changes=changes, actor=asked.actor, now=asked.now)
        return {"to": facts["to"]}
    refuse_unmet(step.case, lambda _facts: (), asked, with_unknown=False, leaves=True)
    record_state(
        card_id=step.case.card_id,
        to=ServiceState.TRANSFERRED,
        reason="",
        source=ChangeSource.OUTLET,
        at=asked.at,
        actor=asked.actor,
        now=asked.now,
        evidence=next(iter(asked.files), None),
    )
    return {"to": facts["to"]}


def ends_with(data: Mapping[str, Any]) -> str:
    """Return how it ends: our own registration stays ours."""
    return CaseOutcome.KEPT if data["to"] == TransferTo.COMPANY else CaseOutcome.TRANSFERRED


def application(case: Case) -> dict[str, Any]:
    """Return what the application is filled with: the registrant is who gave it, also when the card is passed on."""
    card = card_of(case)
    card.registrant = Registrant.objects.filter(pk=case.facts.get("giver")).first() or card.registrant
    facts = number_facts(card, today=case.opened_at.date())
    to = case.facts.get("to", TransferTo.STAFF)
    return {"card": card, "to": TransferTo(to), "papers": papers(facts, to=to), "receiver": _receiver(case) or ""}


def _receiver(case: Case) -> Registrant | User | None:
    """Return in whose name the number goes, where that was said."""
    if company := Registrant.objects.filter(pk=case.facts.get("registrant")).first():
        return company
    colleague: User | None = User.objects.filter(agent=case.facts.get("receiver")).first()
    return colleague


def _same_already() -> Reason:
    return Reason(
        code="same_registrant",
        message=_("The number is registered to this company already."),
        clears=_("Choose another, or withdraw the case."),
        field="registrant",
    )


register(
    Kind(
        name=CaseKind.TRANSFER,
        label=_("Formal transfer"),
        icon="arrows-exchange",
        note=_("Both parties go to the carrier with their IDs. Lending, renting or selling a number is an offence."),
        track=FUTURE,
        reasons=(StopReason.BUSINESS_CHANGE, StopReason.DEMAND_CHANGE, StopReason.REAL_NAME),
        outcomes=(CaseOutcome.TRANSFERRED, CaseOutcome.KEPT, CaseOutcome.REFUSED, CaseOutcome.WITHDRAWN),
        may_open=opened_where(transfer_checks),
        play=(
            Play(
                steps=(
                    StepSpec(
                        "receiver",
                        _("Say in whose name it goes; check the carrier's conditions"),
                        who=CLOSE,
                        evidence=StepEvidence.NOTE,
                        workdays=5,
                        help=_("Note why, and what the carrier said where a condition is not known."),
                    ),
                    StepSpec("papers", _("Print the application and collect the papers of both parties"), workdays=5),
                    StepSpec(
                        "submitted",
                        _("Hand them in at the carrier, both parties present"),
                        evidence=StepEvidence.NOTE_OR_FILE,
                        workdays=5,
                    ),
                    StepSpec(
                        "confirmed",
                        _("The carrier has confirmed the transfer"),
                        evidence=StepEvidence.FILE,
                        starts="external",
                        workdays=5,
                    ),
                )
            ),
        ),
        acts={
            "receiver": Act(form=ReceiverForm, perform=choose),
            "confirmed": Act(perform=confirmed, ends=ends_with),
        },
        needs_before={CaseOutcome.TRANSFERRED: ("confirmed",), CaseOutcome.KEPT: ("confirmed",)},
        fits={CaseOutcome.KEPT: LIVE},
        irreversible=frozenset({"confirmed"}),
        panel=PANEL,
        panel_facts=conditions(transfer_checks),
        papers=(
            Paper(
                code="application",
                label=_("Application for transfer"),
                template="lifecycle/cases/papers/transfer.html",
                facts=application,
            ),
        ),
        order=60,
    )
)
