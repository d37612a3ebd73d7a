"""Campaign checklists and the yearly self-audit."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.forms.desk import AnswersForm, AuditForm
from lifecycle.models import Audit, Checklist
from lifecycle.rules.desk.audits import score
from lifecycle.selectors.desk.audits import answers_of, audits, questions_of
from lifecycle.services.desk.audits import answer_audit, close_audit, open_audit
from lifecycle.views.access import person
from lifecycle.views.desk.access import CHANGE, DeskPage

SHOWN = 25


class AuditsView(DeskPage):
    """Audits, the lists they go by, and the form for a new one."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page(AuditForm())

    def page(self, form: AuditForm, *, status: int = 200) -> HttpResponse:
        """Show them with a form."""
        page = Paginator(audits(), SHOWN).get_page(self.request.GET.get("page", "1"))
        context = {
            "audits": page.object_list,
            "page_obj": page,
            "lists": Checklist.objects.order_by("kind", "-version").distinct("kind"),
            "form": form,
        }
        return render(self.request, "lifecycle/desk/audits.html", context, status=status)


class AuditOpenView(AuditsView):
    """Begin an audit."""

    permission_required = CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin it; a forbidden industry is refused."""
        form = AuditForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            audit = open_audit(**form.cleaned_data, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        return redirect("lifecycle:audit", pk=audit.pk)


class AuditView(DeskPage):
    """One audit: every question with its answer."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.audit_or_404(pk))

    def audit_or_404(self, pk: int) -> Audit:
        """Return an audit with its list."""
        return get_object_or_404(Audit.objects.select_related("checklist", "opened_by", "closed_by"), pk=pk)

    def page(self, audit: Audit, *, refusal: Refusal | None = None, status: int = 200, **shown: Any) -> HttpResponse:
        """Show it; the form may hold what was typed."""
        questions = questions_of(audit)
        fulfilled, applying = score(answers_of(audit))
        context = {
            "audit": audit,
            "form": AnswersForm(questions=questions),
            "answered": sum(question.answer is not None for question in questions),
            "fulfilled": fulfilled,
            "applying": applying,
            "refusal": refusal,
            **shown,
        }
        code = refusal.status if refusal else status
        return render(self.request, "lifecycle/desk/audit.html", context, status=code)


class AuditDeedView(AuditView):
    """Answer questions, or close the audit."""

    permission_required = CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what was answered; close it where that was pressed."""
        audit = self.audit_or_404(pk)
        form = AnswersForm(request.POST, request.FILES, questions=questions_of(audit))
        if not form.is_valid():
            return self.page(audit, form=form, status=422)
        asked: dict[str, Any] = {"audit_id": pk, "actor": person(request), "now": timezone.now()}
        try:
            answer_audit(answers=form.answers(), files=form.proofs(), **asked)
            if request.POST.get("deed") == "close":
                close_audit(conclusion=request.POST.get("conclusion", ""), **asked)
        except Refusal as refusal:
            return self.page(self.audit_or_404(pk), refusal=refusal, form=form)
        messages.success(request, _("Recorded."))
        return redirect("lifecycle:audit", pk=pk)
