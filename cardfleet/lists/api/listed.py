"""Lists of the API that have a page: the filters and orders of the page, and its file where `Accept` asks for one."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.status import HTTP_202_ACCEPTED

from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.models import Job
from cardfleet.kernel.api.filters import read_filters
from cardfleet.kernel.api.pagination import order_of
from cardfleet.kernel.errors import BadInput, NotAllowed, TokenTooNarrow
from cardfleet.lists.api.forms import InForms
from cardfleet.lists.asking import Asked, read
from cardfleet.lists.exporters.files import as_answer
from cardfleet.lists.registry import Listing, Reader
from cardfleet.lists.services.exports import take_out

OF_FILES = frozenset({"ordering", "columns"})


class Listed(InForms):
    """A resource whose list has a page; `listing` names it. This goes before the other bases.

    A file has what the page's file has, with the masks of who asks, and is journalled as that is; one that takes long
    is made by a job (202). What the page leaves out where nothing is asked for is in the answer and in its file.
    """

    listing: ClassVar[Listing]
    filterset_class: ClassVar[type[Any]]
    answers_late: ClassVar[type[Any]] = JobSerializer
    sorts: ClassVar[Mapping[str, Sequence[Any]]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "listing" in cls.__dict__:
            cls.filterset_class = cls.listing.filters
            cls.sorts = {name: order for name, order in cls.listing.sorts.items() if name}

    @property
    def gives_files(self) -> bool:
        """Whether the list itself is asked for."""
        return bool(self.action == "list")  # type: ignore[attr-defined]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """List them, or answer with the file."""
        if self.file_form is None:
            return super().list(request, *args, **kwargs)  # type: ignore[misc]
        person, now, right = person_of(request), timezone.now(), self.listing.export_permission
        if not person.reaches(right):
            raise TokenTooNarrow
        if not person.has_perm(right):
            raise NotAllowed
        asked = self._asked(request)
        taken = take_out(asked=asked, form=self.file_form, actor=person, now=now)
        if not isinstance(taken, Job):
            return as_answer(asked, self.file_form, taken, Reader(person=person, now=now))
        enqueue(taken)
        where = reverse("api:job-detail", args=[taken.pk], request=request)
        return Response(JobSerializer(taken).data, status=HTTP_202_ACCEPTED, headers={"Location": where})

    def _asked(self, request: Request) -> Asked:
        """Return what is asked of the list, in the order asked for. BadInput."""
        query = read_filters(request, self.filterset_class, set(OF_FILES)).copy()
        wanted = query.pop("ordering", [])
        query.pop("format", None)
        order: Sequence[str] = ()
        if wanted and wanted[-1] in self.sorts:
            query["sort"] = wanted[-1]
        elif wanted:
            order = order_of(wanted[-1], self)
        asked = read(self.listing, query, person_of(request), order=order, is_whole=True)
        if asked.faults:
            raise BadInput(reasons=asked.faults)
        return asked
