"""The letters and forms that are printed from a case."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lifecycle.selectors.cases.page import printable
from lifecycle.views.cases.access import CaseScopeView


class CasePaperView(CaseScopeView):
    """One paper as a page to be printed."""

    def get(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        """Show it, filled with what the case knows; 404 before there is anything to print."""
        case = self.case_or_404(pk)
        papers = {paper.code: paper for paper in printable(case, case.steps.all())}
        paper = papers.get(code)
        if paper is None:
            raise Http404
        context = {"case": case, "card": case.card, "paper": paper, "now": timezone.now(), **paper.facts(case)}
        return render(request, paper.template, context)
