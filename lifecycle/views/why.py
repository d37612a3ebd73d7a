"""The page that answers why somebody does or does not see something (R12)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lifecycle.forms.why import WhyForm
from lifecycle.selectors.why import why
from lifecycle.views.access import OfficeView, person


class WhyView(OfficeView):
    """Ask, and be told each thing that is asked before somebody sees it."""

    permission_required = "accounts.view_user"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the question, and its answer once it is asked."""
        form = WhyForm(request.GET or None, asker=person(request))
        answer = why(form.cleaned_data["person"], form.cleaned_data["thing"]) if form.is_valid() else None
        return render(request, "lifecycle/why.html", {"form": form, "answer": answer})
