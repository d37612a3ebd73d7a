"""`/api/v1/jobs/`: how far long work is, and what became of its rows."""

from django.db.models import QuerySet
from rest_framework import generics, serializers, viewsets

from cardfleet.accounts.access import person_of
from cardfleet.jobs.filters import JobFilter, JobRowFilter
from cardfleet.jobs.models import Job, JobRow
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


class JobViewSet(viewsets.ReadOnlyModelViewSet[Job]):
    """The person's jobs; those of others need `jobs.view_all_jobs`."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilter

    def get_queryset(self) -> QuerySet[Job]:
        """Return the jobs the person may see."""
        return Job.objects.visible_to(person_of(self.request))


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
