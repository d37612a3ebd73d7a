"""What a person may ask about their own data (PIPL art. 44 to 47)."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from lifecycle.choices import MatterKind
from lifecycle.forms.desk import OwnRequestForm
from lifecycle.selectors.desk.mine import my_requests
from lifecycle.services.desk.own import ask_for_own
from lifecycle.views.access import person


class MyDataView(LoginRequiredMixin, View):
    """A person's own requests with their answers, and a new one."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page(OwnRequestForm(initial={"kind": MatterKind.ACCESS}))

    def page(self, form: OwnRequestForm, *, status: int = 200) -> HttpResponse:
        """Show the requests and the form."""
        context = {"requests": my_requests(person(self.request)), "form": form}
        return render(self.request, "lifecycle/desk/my_data.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        form = OwnRequestForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        given = form.cleaned_data
        ask_for_own(kind=given["kind"], summary=given["summary"], actor=person(request), now=timezone.now())
        messages.success(request, _("Asked. You are answered within 15 working days."))
        return redirect("lifecycle:my-data")
