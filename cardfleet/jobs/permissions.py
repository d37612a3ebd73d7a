"""Who sees the page of jobs, and the jobs of others."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

grant("jobs.view_job", Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE)
grant("jobs.view_all_jobs", Role.COMPLIANCE)
