"""Destruction of plastic: dead cards only, two people, a method that works, digits keyed twice (R17, R92; C9, C10)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import StopReason
from lifecycle.choices import CaseKind, CaseOutcome, DestructionMethod, StepEvidence
from lifecycle.errors import CaseRefused, StepRefused
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import Act, Asked, Kind, Paper, Play, StepForm, StepSpec, register
from lifecycle.rules import destruction as rules
from lifecycle.selectors.destruction import certificate_of, plastic_of
from lifecycle.services.cases import remember
from lifecycle.services.destruction import destroy


class DigitsForm(StepForm):
    """What is printed on the card in the hand."""

    iccid_end = forms.CharField(
        label=_("Last six digits of the ICCID"),
        min_length=6,
        max_length=12,
        help_text=_("Key them from the card in your hand, not from the screen."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class DestroyForm(DigitsForm):
    """How it was destroyed."""

    method = forms.ChoiceField(label=_("Method"), choices=DestructionMethod.choices)

    def clean_iccid_end(self) -> str:
        """The digits are those of this card, before a second person is asked."""
        typed = str(self.cleaned_data["iccid_end"])
        for reason in rules.wrong_card(plastic_of(self.case.card), typed):
            raise forms.ValidationError(f"{reason.message} {reason.clears}", code=reason.code)
        return typed


def look_for_plastic(case: Case, _asked: Asked) -> None:
    """Refuse a case on plastic that may not be destroyed: the carrier serves it, or it is not in our hands."""
    if unmet := list(rules.not_ready(plastic_of(case.card))):
        raise CaseRefused(reasons=unmet)


def identify(step: CaseStep, given: Mapping[str, Any], _asked: Asked) -> dict[str, Any]:
    """Hold the digits on the card against the record; they are not kept."""
    _refuse([*rules.not_ready(plastic_of(step.case.card)), *_wrong(step, given)])
    return {"is_right_card": True}


def carry_out(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Record the plastic as destroyed once the second person has confirmed, and erase its secrets."""
    _refuse([*rules.wrong_method(given["method"]), *_wrong(step, given)])
    done = destroy(card=step.case.card, note=asked.note, at=asked.at, actor=asked.actor, now=asked.now)
    facts = {"method": given["method"], "voided_sim": done.voided_sim, "erased": done.erased}
    remember(case=step.case, facts=facts)
    return {**facts, "iccid_end": given["iccid_end"]}


def _wrong(step: CaseStep, given: Mapping[str, Any]) -> Iterator[Reason]:
    yield from rules.wrong_card(plastic_of(step.case.card), given.get("iccid_end", ""))


def _refuse(unmet: list[Reason]) -> None:
    if unmet:
        raise StepRefused(reasons=unmet)


def certificate(case: Case) -> dict[str, Any]:
    """Return the certificate's facts, with the address at which it is verified."""
    facts = certificate_of(case)
    path = reverse("lifecycle:certificate", args=[facts.token]) if facts.token else ""
    return {"certificate": facts, "path": path}


register(
    Kind(
        name=CaseKind.DESTRUCTION,
        label=_("Destruction"),
        icon="trash",
        note=_("Keep the dead card safe until two people destroy it. Degaussing erases no chip."),
        reasons=tuple(StopReason),
        outcomes=(CaseOutcome.DESTROYED, CaseOutcome.WITHDRAWN),
        on_open=look_for_plastic,
        play=(
            Play(
                steps=(
                    StepSpec(
                        "identify",
                        _("Find the right card"),
                        workdays=10,
                        help=_("Take the card out of its place and key the digits printed on it."),
                    ),
                    StepSpec(
                        "destroy",
                        _("Destroy the card, two people"),
                        evidence=StepEvidence.FILE,
                        people=2,
                        workdays=5,
                        help=_("Cut through the chip or shred the card, and attach photos. A second person confirms."),
                    ),
                )
            ),
        ),
        acts={
            "identify": Act(form=DigitsForm, perform=identify),
            "destroy": Act(
                form=DestroyForm,
                check=lambda facts: rules.wrong_method(facts.given.get("method", "")),
                perform=carry_out,
            ),
        },
        irreversible=frozenset({"destroy"}),
        needs_before={CaseOutcome.DESTROYED: ("destroy",)},
        panel="lifecycle/cases/parts/destruction.html",
        panel_facts=lambda case, _person: certificate(case),
        papers=(
            Paper(
                code="certificate",
                label=_("Certificate of destruction"),
                template="lifecycle/cases/papers/certificate.html",
                facts=certificate,
                after="destroy",
            ),
        ),
        order=70,
    )
)
