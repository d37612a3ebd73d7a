"""Who sees the jobs of others."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

grant("jobs.view_all_jobs", Role.COMPLIANCE)
