"""What jobs put into the top bar."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(_("Jobs"), "jobs:list", icon="progress", permission="jobs.view_job", order=90)
