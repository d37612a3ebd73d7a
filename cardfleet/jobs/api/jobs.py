"""`/api/v1/jobs/`: how far long work is, and what became of its rows."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.filters import JobFilter, JobRowFilter
from cardfleet.jobs.models import Job, JobRow
from cardfleet.jobs.services import start_undo
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.errors import NotVisible


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job. `result_file` is the id to download at /files/{id}/."""

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


class JobViewSet(IdempotentMixin, viewsets.ReadOnlyModelViewSet[Job]):
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


class JobRowsView(generics.ListAPIView[JobRow]):
    """The rows of a job that were refused, or done with a remark."""

    queryset = JobRow.objects.all()
    serializer_class = JobRowSerializer
    filterset_class = JobRowFilter
    ordering = ("line", "id")

    def get_queryset(self) -> QuerySet[JobRow]:
        """Return the rows of a job the person may see; NotVisible for another."""
        job = Job.objects.visible_to(person_of(self.request)).filter(pk=self.kwargs["pk"]).first()
        if job is None:
            raise NotVisible
        return job.rows.all()
