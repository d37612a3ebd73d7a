"""`/api/v1/cards/imports/`: card files, tried and imported by a job."""

from drf_spectacular.utils import extend_schema
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.models import Job
from cardfleet.kernel.api import viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.errors import NotVisible
from cards.models import Card
from lifecycle.forms.card_import import CardImportForm
from lifecycle.services.card_files import KIND, ask_card_import, import_for_real

FILE_RIGHTS = dict.fromkeys(("imports", "for_real"), "cards.import_card")


class FileActions(viewsets.GenericViewSet[Card]):
    """Card files; the job of one tells how far it is and what became of each line."""

    @extend_schema(request=asks(CardImportForm), responses={202: JobSerializer})
    @action(detail=False, methods=["post"], parser_classes=(parsers.MultiPartParser,))
    def imports(self, request: Request) -> Response:
        """Take a card file; its job does the rest. 400 for a file that is no table."""
        given = filled(request, CardImportForm, person=person_of(request)).cleaned_data
        return _asked(ask_card_import(upload=given.pop("file"), **given, **acting(request)))

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=False, methods=["post"], url_path=r"imports/(?P<job>\d{1,18})/for-real", url_name="for-real")
    def for_real(self, request: Request, job: str) -> Response:
        """After a trial, import the same file for real; answers the job that does so."""
        tried = Job.objects.visible_to(person_of(request)).filter(kind=KIND, pk=job).first()
        if tried is None:
            raise NotVisible
        return _asked(import_for_real(tried=tried, **acting(request)))


def _asked(job: Job) -> Response:
    enqueue(job)
    return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)
