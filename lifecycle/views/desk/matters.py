"""Registers of complaints, subject requests and breaches, and the page of one matter."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.accounts.access import is_fresh, to_fresh_sign_in
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.choices import MatterGroup, MatterKind
from lifecycle.forms.desk import FORMS, BecauseForm, MatterCloseForm, MatterForm, MatterStepForm
from lifecycle.models import Matter
from lifecycle.rules.desk.matters import erases, group_of
from lifecycle.selectors.desk.matters import matter_page, matters_of, rows_of
from lifecycle.services.desk.answers import ask_for_answer
from lifecycle.services.desk.matters import close_matter, do_step, extend, open_matter
from lifecycle.views.access import person
from lifecycle.views.desk.access import CHANGE, DeskPage

SHOWN = 25
ADDRESSES = {
    MatterGroup.COMPLAINTS: "lifecycle:complaints",
    MatterGroup.REQUESTS: "lifecycle:subject-requests",
    MatterGroup.BREACHES: "lifecycle:breaches",
}


class MattersView(DeskPage):
    """A register, and the form for what came in; complaints are recorded where their card is named."""

    group = MatterGroup.COMPLAINTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        form = FORMS.get(self.group)
        return self.page(form(initial={"received_at": timezone.now()}) if form else None)

    def page(self, form: MatterForm | None, *, status: int = 200) -> HttpResponse:
        """Show a page of the register; the form may hold what was typed."""
        page = Paginator(matters_of(self.group), SHOWN).get_page(self.request.GET.get("page", "1"))
        context = {"group": self.group, "rows": rows_of(list(page.object_list)), "page_obj": page, "form": form}
        return render(self.request, "lifecycle/desk/matters.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record what came in."""
        kind_of_form = FORMS.get(self.group)
        if not (kind_of_form and request.user.has_perm(CHANGE)):
            raise Http404
        form = kind_of_form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        given = {"kind": MatterKind.BREACH, **form.cleaned_data}
        try:
            matter = open_matter(**given, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=refusal.status)
        messages.success(request, _("Recorded. Its clocks run from the receipt."))
        return redirect("lifecycle:matter", pk=matter.pk)


class MatterView(DeskPage):
    """One matter: its steps, its files, how it ends."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.shown(self.matter_or_404(pk))

    def shown(self, matter: Matter, *, refusal: Refusal | None = None, **forms: Any) -> HttpResponse:
        """Show a matter, with a form that was sent and why it was refused."""
        now = timezone.now()
        context = {
            "matter": matter,
            "page": matter_page(matter, now=now),
            "register": ADDRESSES[group_of(matter.kind)],
            "refusal": refusal,
            "record": MatterStepForm(),
            "close": MatterCloseForm(group=group_of(matter.kind)),
            "longer": BecauseForm(auto_id="longer_%s"),
            **forms,
        }
        status = refusal.status if refusal else 422 if forms else 200
        return render(self.request, "lifecycle/desk/matter.html", context, status=status)


class MatterDeedView(MatterView):
    """Record a step, extend, make the answer, or close."""

    permission_required = CHANGE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, deed: str) -> HttpResponse:
        """Do what was asked; a refusal is shown on the page, with what was entered."""
        matter = self.matter_or_404(pk)
        asked = {"step": self.record, "extend": self.extend, "answer": self.answer, "close": self.close}.get(deed)
        if asked is None:
            raise Http404
        try:
            return asked(matter)
        except Refusal as refusal:
            return self.shown(self.matter_or_404(pk), refusal=refusal)

    def record(self, matter: Matter) -> HttpResponse:
        """Record a step as done."""
        form = MatterStepForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.shown(matter, record=form)
        code = self.request.POST.get("code", "")
        try:
            do_step(matter_id=matter.pk, code=code, **form.cleaned_data, actor=person(self.request), now=timezone.now())
        except Refusal as refusal:
            return self.shown(matter, refusal=refusal, record=form)
        return self.said(matter, _("Recorded."))

    def extend(self, matter: Matter) -> HttpResponse:
        """Give it more time."""
        because = self.request.POST.get("because", "")
        extend(matter_id=matter.pk, because=because, actor=person(self.request), now=timezone.now())
        return self.said(matter, _("It may take 30 days from the receipt. Tell the person why."))

    def answer(self, matter: Matter) -> HttpResponse:
        """Have the file of what is kept made, for somebody who has just signed in."""
        if not is_fresh(self.request):
            messages.warning(self.request, _("This file is all that is kept of a person: sign in once more."))
            return to_fresh_sign_in(self.request, reverse("lifecycle:matter", args=[matter.pk]))
        job = ask_for_answer(matter_id=matter.pk, actor=person(self.request), now=timezone.now())
        enqueue(job)
        return redirect("jobs:detail", pk=job.pk)

    def close(self, matter: Matter) -> HttpResponse:
        """End it."""
        form = MatterCloseForm(self.request.POST, group=group_of(matter.kind))
        if not form.is_valid():
            return self.shown(matter, close=form)
        outcome = form.cleaned_data["outcome"]
        ends_somebody = erases(matter.kind, outcome, of_person=matter.about_id is not None)
        if ends_somebody and not is_fresh(self.request):
            messages.warning(self.request, _("This erases a person: sign in once more, then close the matter."))
            return to_fresh_sign_in(self.request, reverse("lifecycle:matter", args=[matter.pk]))
        try:
            close_matter(matter_id=matter.pk, **form.cleaned_data, actor=person(self.request), now=timezone.now())
        except Refusal as refusal:
            return self.shown(matter, refusal=refusal, close=form)
        return self.said(matter, _("The matter is closed."))

    def said(self, matter: Matter, text: str) -> HttpResponse:
        """Lead back to the matter with a word."""
        messages.success(self.request, text)
        return redirect("lifecycle:matter", pk=matter.pk)
