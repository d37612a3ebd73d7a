"""The page of one case, and what is done on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.errors import BadInput, Refusal
from lifecycle.forms.cases import CloseForm, CommentForm, ReasonForm, RecordForm, act_form
from lifecycle.models import Case, CaseStep
from lifecycle.selectors.cases.page import CasePage, case_page
from lifecycle.services.cases import close_case, complete_step, confirm_step, reopen_step, skip_step
from lifecycle.views.access import person
from lifecycle.views.cases.access import CaseScopeView
from lifecycle.views.cases.deeds import DEEDS, form_of


class CaseView(CaseScopeView):
    """One case: where it stands, what is to be done next, what was said and proved."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.shown(self.case_or_404(pk))

    def shown(
        self,
        case: Case,
        *,
        step: CaseStep | None = None,
        forms: "dict[str, Form] | None" = None,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        """Show a case, with the forms that were sent and why they were refused."""
        chosen = step.code if step else self.request.GET.get("step", "")
        page = case_page(case, person=person(self.request), now=timezone.now(), chosen=chosen)
        status = refusal.status if refusal else 422 if forms else 200
        context = {
            "case": case,
            "page": page,
            "refusal": refusal,
            "wrong_step": step,
            **self.empty_forms(page),
            **(forms or {}),
        }
        return render(self.request, "lifecycle/cases/case.html", context, status=status)

    def empty_forms(self, page: CasePage) -> dict[str, Any]:
        """Return the forms nobody has filled yet."""
        row = page.next
        return {
            "record": RecordForm(),
            "act": act_form(row.step, person=person(self.request)) if row else None,
            "close": CloseForm(kind=page.case.kind, possible=page.outcomes),
            **{name: form_of(name, page.case, person(self.request)) for name in DEEDS if page.case.is_open},
            "comment": CommentForm(),
        }


class CaseStepView(CaseView):
    """Do, confirm, leave out or put right one step."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        """Do what was asked; a refusal is shown on the page, with what was entered."""
        case = self.case_or_404(pk)
        found = CaseStep.objects.standing().filter(case=case, pk=step).first()
        deed = STEP_DEEDS.get(request.POST.get("deed", ""))
        if found is None:
            raise Http404
        if deed is None:
            raise BadInput
        found.case = case
        return deed(self, found)

    def complete(self, step: CaseStep) -> HttpResponse:
        """Record the step as done."""
        record = RecordForm(self.request.POST, self.request.FILES)
        act = act_form(step, person=person(self.request), data=self.request.POST, files=self.request.FILES)
        forms = {"record": record, "act": act}
        if not (record.is_valid() & act.is_valid()):
            return self.shown(step.case, step=step, forms=forms)
        given = record.cleaned_data
        return self._tried(
            step,
            forms,
            complete_step,
            note=given["note"],
            given=act.cleaned_data,
            evidence=given["files"],
            done_at=given["done_at"],
        )

    def confirm(self, step: CaseStep) -> HttpResponse:
        """Record the second person."""
        record = RecordForm(self.request.POST, self.request.FILES)
        if not record.is_valid():
            return self.shown(step.case, step=step, forms={"record": record})
        given = record.cleaned_data
        return self._tried(step, {"record": record}, confirm_step, note=given["note"], evidence=given["files"])

    def skip(self, step: CaseStep) -> HttpResponse:
        """Leave the step out."""
        return self._with_reason(step, skip_step)

    def reopen(self, step: CaseStep) -> HttpResponse:
        """Put the step right."""
        return self._with_reason(step, reopen_step)

    def _with_reason(self, step: CaseStep, service: Callable[..., CaseStep]) -> HttpResponse:
        reason = ReasonForm(self.request.POST)
        given = reason.cleaned_data["reason"] if reason.is_valid() else ""
        return self._tried(step, {}, service, reason=given)

    def _tried(
        self, step: CaseStep, forms: "dict[str, Form]", service: Callable[..., CaseStep], **asked: Any
    ) -> HttpResponse:
        try:
            service(step_id=step.pk, actor=person(self.request), now=timezone.now(), **asked)
        except Refusal as refusal:
            return self.shown(self.case_or_404(step.case_id), step=step, forms=forms, refusal=refusal)
        messages.success(self.request, _("Recorded."))
        return redirect("lifecycle:case", pk=step.case_id)


STEP_DEEDS = {
    "complete": CaseStepView.complete,
    "confirm": CaseStepView.confirm,
    "skip": CaseStepView.skip,
    "reopen": CaseStepView.reopen,
}


class CaseCloseView(CaseView):
    """End a case."""

    permission_required = "lifecycle.close_case"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it, or say everything in the way."""
        case = self.case_or_404(pk)
        form = CloseForm(request.POST, kind=case.kind)
        if not form.is_valid():
            return self.shown(case, forms={"close": form})
        given = form.cleaned_data
        try:
            close_case(
                case_id=case.pk,
                outcome=given["outcome"],
                note=given["note"],
                actor=person(request),
                now=timezone.now(),
            )
        except Refusal as refusal:
            return self.shown(self.case_or_404(pk), forms={"close": form}, refusal=refusal)
        messages.success(request, _("The case is closed."))
        return redirect("lifecycle:case", pk=case.pk)
