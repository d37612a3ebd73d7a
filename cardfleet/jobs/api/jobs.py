"""`/api/v1/jobs/`: how far long work is, and what became of its rows."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.filters import JobDoneFilter, JobFilter, JobRowFilter
from cardfleet.jobs.models import Job, JobItem, JobRow
from cardfleet.jobs.services import retry_refused, start_undo
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.errors import NotVisible


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job. `result_file` is the id whose content is at `/api/v1/files/{id}/content/`."""

    class Meta:
        model = Job
        fields = (
            "id", "kind", "state", "total", "processed", "succeeded", "refused", "summary", "error_code", "error",
            "created_at", "started_at", "finished_at", "result_file",
        )  # fmt: skip


class JobRowSerializer(serializers.ModelSerializer[JobRow]):
    """What became of a row: refused, or done with a remark."""

    class Meta:
        model = JobRow
        fields = ("line", "ok", "label", "column", "value", "code", "message")


class JobDoneSerializer(serializers.ModelSerializer[JobItem]):
    """A row that was done: `subject` is the id of what it was done to or made, 0 for nothing that has one."""

    class Meta:
        model = JobItem
        fields = ("line", "subject", "undone_at")


class JobViewSet(viewsets.ReadOnlyModelViewSet[Job]):
    """The person's jobs; those of others need `jobs.view_all_jobs`."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilter

    def get_queryset(self) -> QuerySet[Job]:
        """Return the jobs the person may see."""
        return Job.objects.visible_to(person_of(self.request))

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Undo what the job did, where it is still as the job left it; answers the job that does so."""
        undoing = start_undo(job=self.get_object(), actor=person_of(request), now=timezone.now())
        enqueue(undoing)
        return Response(self.get_serializer(undoing).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Try the refused rows once more, as they are; answers the job that does so."""
        again = retry_refused(job=self.get_object(), actor=person_of(request), now=timezone.now())
        enqueue(again)
        return Response(self.get_serializer(again).data, status=status.HTTP_202_ACCEPTED)


class JobRowsView(generics.ListAPIView[JobRow]):
    """The rows of a job that were refused, or done with a remark."""

    queryset = JobRow.objects.all()
    serializer_class = JobRowSerializer
    filterset_class = JobRowFilter
    ordering = ("line", "id")

    def get_queryset(self) -> QuerySet[JobRow]:
        """Return the rows of a job the person may see. NotVisible."""
        return seen_job(self).rows.all()


class JobDoneView(generics.ListAPIView[JobItem]):
    """The rows of a job that were done, of work that notes each row: many cards at once, many writes at once."""

    queryset = JobItem.objects.all()
    serializer_class = JobDoneSerializer
    filterset_class = JobDoneFilter
    ordering = ("line", "id")

    def get_queryset(self) -> QuerySet[JobItem]:
        """Return the done rows of a job the person may see. NotVisible."""
        return seen_job(self).items.all()


def seen_job(view: generics.GenericAPIView[Any]) -> Job:
    """Return the job of the address; NotVisible for one the person may not see."""
    job = Job.objects.visible_to(person_of(view.request)).filter(pk=view.kwargs["pk"]).first()
    if job is None:
        raise NotVisible
    return job
