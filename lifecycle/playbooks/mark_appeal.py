"""Appeal against a wrong mark: evidence, the platform's answer, its end on record; never a fresh number (R40, R98)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepEvidence
from lifecycle.errors import CaseRefused, StepRefused
from lifecycle.models import Case, CaseStep, NumberMark
from lifecycle.playbooks.numbers import card_of
from lifecycle.playbooks.registry import Act, Asked, Kind, Paper, Play, StepForm, StepSpec, register
from lifecycle.rules.cases.appeals import SOURCE, against_appeal
from lifecycle.selectors.cases.appeals import Evidence, evidence_of
from lifecycle.services.cases.writing import remember
from lifecycle.services.marks import end_mark


class MarkForm(StepForm):
    """Which platform's mark is appealed."""

    mark = forms.ModelChoiceField(NumberMark.objects.none(), label=_("Mark"), empty_label=None)

    def offer(self) -> None:
        """Offer the marks of the card that are still shown."""
        self.fields["mark"].queryset = NumberMark.objects.open().filter(card=self.case.card_id)  # type: ignore[attr-defined]
        self.fields["mark"].label_from_instance = words_of  # type: ignore[attr-defined]


def words_of(mark: NumberMark) -> str:
    """Return what tells the marks of one number apart: platform, words, since when."""
    return " · ".join(filter(None, (mark.platform, mark.label, mark.marked_on.isoformat())))


class AnswerForm(StepForm):
    """What the platform decided."""

    answer = forms.ChoiceField(
        label=_("The platform's answer"),
        choices=[(outcome.value, outcome.label) for outcome in (CaseOutcome.CORRECTED, CaseOutcome.REFUSED)],
        widget=forms.RadioSelect,
    )
    ended_on = forms.DateField(
        label=_("Mark gone since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def refuse_right_mark(case: Case, asked: Asked) -> None:
    """Refuse an appeal where no mark is on record or the mark is probably right."""
    if reasons := list(against_appeal(_evidence(case, asked).facts)):
        raise CaseRefused(reasons=reasons)


def gather(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Keep which mark is appealed and the figures the pack rests on."""
    found = _evidence(step.case, asked)
    if reasons := list(against_appeal(found.facts)):
        raise StepRefused(reasons=reasons)
    learnt = {
        "mark": given["mark"].pk,
        "platform": given["mark"].platform,
        "calls": found.calls.calls,
        "callees": found.consents.callees,
        "consented": found.consents.consented,
    }
    remember(case=step.case, facts=learnt)
    return learnt


def answered(step: CaseStep, given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Record the end of a mark that the platform took away."""
    mark = NumberMark.objects.get(pk=step.case.facts["mark"])
    if given["answer"] == CaseOutcome.CORRECTED and mark.ended_on is None:
        ended_on = given.get("ended_on") or business_day(asked.at)
        if ended_on < mark.marked_on:
            raise StepRefused(reasons=[_runs_backwards()])
        end_mark(mark_id=mark.pk, ended_on=ended_on, actor=asked.actor, now=asked.now)
    return {"answer": given["answer"]}


def pack(case: Case) -> dict[str, Any]:
    """Return the evidence pack as of the day the evidence was gathered, else of today."""
    done = case.steps.standing().filter(code="evidence", done_at__isnull=False).first()
    at = done.done_at if done and done.done_at else timezone.now()
    card = card_of(case)
    return {"card": card, "evidence": evidence_of(card, now=at), "at": at, "mark": case.facts.get("mark"), "why": done}


def panel_facts(case: Case, _user: User) -> dict[str, Any]:
    """Return the marks and figures of the card."""
    return {"evidence": evidence_of(card_of(case), now=timezone.now()), "source": SOURCE}


def _evidence(case: Case, asked: Asked) -> Evidence:
    return evidence_of(card_of(case), now=asked.now)


def _runs_backwards() -> Reason:
    return Reason(
        code="dates_run_backwards",
        message=_("The mark was not there yet on this day."),
        clears=_("Give a later day."),
        field="ended_on",
    )


register(
    Kind(
        name=CaseKind.MARK_APPEAL,
        label=_("Appeal against a mark"),
        icon="flag",
        note=_("Only a wrong mark is appealed. A fresh number because of a mark is refused."),
        reasons=(CaseReason.WRONG_MARK,),
        outcomes=(CaseOutcome.CORRECTED, CaseOutcome.REFUSED, CaseOutcome.WITHDRAWN),
        on_open=refuse_right_mark,
        play=(
            Play(
                steps=(
                    StepSpec(
                        "evidence",
                        _("Gather the evidence: calls, consents, what shows that the mark is wrong"),
                        evidence=StepEvidence.NOTE,
                        workdays=3,
                        help=_("Say why the mark is wrong, then print the evidence pack."),
                    ),
                    StepSpec(
                        "sent",
                        _("Send the appeal to the platform"),
                        evidence=StepEvidence.NOTE_OR_FILE,
                        workdays=2,
                        help=_("Note the channel and the number of the appeal."),
                    ),
                    StepSpec(
                        "answer",
                        _("Record the platform's answer"),
                        evidence=StepEvidence.NOTE_OR_FILE,
                        starts="external",
                        workdays=5,
                    ),
                )
            ),
        ),
        acts={
            "evidence": Act(form=MarkForm, perform=gather),
            "answer": Act(form=AnswerForm, perform=answered, ends=lambda data: data["answer"]),
        },
        needs_before={CaseOutcome.CORRECTED: ("answer",)},
        panel="lifecycle/cases/parts/marks.html",
        panel_facts=panel_facts,
        papers=(
            Paper(
                code="evidence",
                label=_("Evidence pack"),
                template="lifecycle/cases/papers/evidence.html",
                facts=pack,
            ),
        ),
        order=70,
    )
)
