"""Change of the registered user (使用人变更): the company stays the registrant, another of its people uses it (R74)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus
from agents.models import Agent
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cards.choices import StopReason
from cards.services.cards import edit_facts
from lifecycle.choices import CaseKind, CaseOutcome, StepEvidence
from lifecycle.errors import StepRefused
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.numbers import PANEL, card_of, conditions, opened_where, refuse_unmet
from lifecycle.playbooks.registry import Act, Asked, Kind, Paper, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.transfers import user_change_checks, user_papers
from lifecycle.selectors.cases.numbers import number_facts
from lifecycle.services.cases.writing import remember


class UserForm(StepForm):
    """Who uses the number from now on."""

    user = forms.ModelChoiceField(
        Agent.objects.none(), label=_("New user"), help_text=_("Own staff only; the carrier registers the user's ID.")
    )

    def offer(self) -> None:
        """Offer the colleagues in the person's scope."""
        active = Agent.objects.filter(status=AgentStatus.ACTIVE).select_related("user")
        mine = active.visible_to(self.person) if self.person else active
        self.fields["user"].queryset = mine  # type: ignore[attr-defined]


def choose(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Keep who it will be."""
    refuse_unmet(step.case, user_change_checks, asked, with_unknown=True, leaves=False)
    user = given["user"].user
    if card_of(step.case).actual_user_id == user.pk:
        raise StepRefused(reasons=[_same_already()])
    remember(case=step.case, facts={"user": user.pk})
    return {"user": user.pk}


def registered(step: CaseStep, _given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Write the registered user on the card."""
    user = User.objects.get(pk=step.case.facts["user"])
    edit_facts(card_id=step.case.card_id, changes={"actual_user": user}, actor=asked.actor, now=asked.now)
    return {"user": user.pk}


def application(case: Case) -> dict[str, Any]:
    """Return what the application is filled with."""
    card = card_of(case)
    user = User.objects.filter(pk=case.facts.get("user")).first()
    return {"card": card, "user": user, "papers": user_papers(number_facts(card, today=case.opened_at.date()))}


def _same_already() -> Reason:
    return Reason(
        code="same_user",
        message=_("This person is the registered user already."),
        clears=_("Choose another, or withdraw the case."),
        field="user",
    )


register(
    Kind(
        name=CaseKind.USER_CHANGE,
        label=_("Change of user"),
        icon="user-check",
        note=_("For numbers in the company's name: the carrier registers who of its staff uses them."),
        reasons=(StopReason.REAL_NAME, StopReason.BUSINESS_CHANGE),
        outcomes=(CaseOutcome.KEPT, CaseOutcome.REFUSED, CaseOutcome.WITHDRAWN),
        may_open=opened_where(user_change_checks),
        play=(
            Play(
                steps=(
                    StepSpec("user", _("Say who uses it from now on"), workdays=5),
                    StepSpec("papers", _("Print the application and collect the papers"), workdays=5),
                    StepSpec(
                        "submitted",
                        _("Hand them in at the carrier"),
                        evidence=StepEvidence.NOTE_OR_FILE,
                        workdays=5,
                    ),
                    StepSpec(
                        "registered",
                        _("The carrier has registered the new user"),
                        evidence=StepEvidence.FILE,
                        starts="external",
                        workdays=5,
                    ),
                )
            ),
        ),
        acts={
            "user": Act(form=UserForm, perform=choose),
            "registered": Act(perform=registered, ends=lambda _data: CaseOutcome.KEPT),
        },
        needs_before={CaseOutcome.KEPT: ("registered",)},
        panel=PANEL,
        panel_facts=conditions(user_change_checks),
        papers=(
            Paper(
                code="application",
                label=_("Application for a change of user"),
                template="lifecycle/cases/papers/user_change.html",
                facts=application,
            ),
        ),
        order=62,
    )
)
