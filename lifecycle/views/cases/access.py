"""Which cases a page shows whom."""

from django.http import Http404

from lifecycle.models import Case
from lifecycle.querysets import CaseQuerySet
from lifecycle.selectors.cases.page import cases_with_people
from lifecycle.views.access import OfficeView, person


class CaseScopeView(OfficeView):
    """A page of cases: those of cards in the person's scope, and those the person opened."""

    permission_required = "lifecycle.view_case"

    def cases(self) -> CaseQuerySet:
        """Return the cases in scope."""
        return Case.objects.visible_to(person(self.request))

    def case_or_404(self, pk: int) -> Case:
        """Return a case in scope; one outside is as if it were not."""
        case = cases_with_people(self.cases().filter(pk=pk)).first()
        if case is None:
            raise Http404
        return case
