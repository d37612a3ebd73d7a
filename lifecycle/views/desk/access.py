"""Who works at the desk."""

from django.http import Http404

from lifecycle.models import Matter
from lifecycle.selectors.desk.matters import RELATED
from lifecycle.views.access import OfficeView

VIEW, CHANGE = "lifecycle.view_desk", "lifecycle.change_desk"


class DeskPage(OfficeView):
    """A page for those at the desk."""

    permission_required = VIEW

    def matter_or_404(self, pk: int) -> Matter:
        """Return a matter with what its page names."""
        matter = Matter.objects.filter(pk=pk).select_related(*RELATED).first()
        if matter is None:
            raise Http404
        return matter
