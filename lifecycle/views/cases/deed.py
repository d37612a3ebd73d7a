"""Contacts, comments, documents, who sees to a case and who is asked: done on its page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.errors import Refusal
from lifecycle.views.access import person
from lifecycle.views.cases.case import CaseView
from lifecycle.views.cases.deeds import DEEDS, form_of


class CaseDeedView(CaseView):
    """Do one of `DEEDS`."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, deed: str) -> HttpResponse:
        """Do it, or show the page with what was entered and why it was refused."""
        case = self.case_or_404(pk)
        if deed not in DEEDS:
            raise Http404
        if not person(request).has_perm(DEEDS[deed].right):
            raise PermissionDenied
        form = form_of(deed, case, person(request), request.POST, request.FILES)
        if not form.is_valid():
            return self.shown(case, forms={deed: form})
        try:
            DEEDS[deed].service(case_id=case.pk, actor=person(request), now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            return self.shown(self.case_or_404(pk), forms={deed: form}, refusal=refusal)
        messages.success(request, _("Recorded."))
        return redirect("lifecycle:case", pk=case.pk)
