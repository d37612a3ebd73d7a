"""Who sees the files of jobs: those who see the job."""

from cardfleet.accounts.models import User
from cardfleet.files.subjects import register
from cardfleet.jobs.models import Job


def sees_job(person: User, pk: str) -> bool:
    """Tell whether the person sees the job."""
    return Job.objects.visible_to(person).filter(pk=pk).exists()


register("jobs.job", sees_job)
