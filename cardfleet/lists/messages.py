"""What lists tell people."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

REPORT = register(
    "lists.report",
    subject=_("{name} · {day}"),
    body=_("{rows} rows of the list “{list}” as {owner} saw it at {time}. File: {file}"),
)
REPORT_LARGE = register(
    "lists.report_large",
    subject=_("{name} · {day}"),
    body=_("The file {file} with {rows} rows is too large for e-mail. Fetch it from your messages in CardFleet."),
)
REPORT_STOPPED = register(
    "lists.report_stopped",
    subject=_("Report stopped: {name}"),
    body=_("{why} Nothing more is sent until somebody sets it right."),
)
