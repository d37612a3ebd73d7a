"""What lists write into the journal: names of filters, never their values."""

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cardfleet.journal.registry import one_of, register
from cardfleet.journal.subjects import register_subject
from cardfleet.lists.choices import FileForm, WhyStopped
from cardfleet.lists.registry import filter_label, label

LISTED = {"list": label, "filters": filter_label, "form": one_of(FileForm), "role": one_of(Role)}
register("lists.list_exported", _("List exported"), icon="download", values=LISTED)
register("lists.view_saved", _("View saved"), icon="bookmark", values=LISTED)
register("lists.view_changed", _("View changed"), icon="edit", values=LISTED)
register("lists.view_deleted", _("View deleted"), icon="trash", values=LISTED)
register("lists.default_chosen", _("Opening view chosen"), icon="bookmark", values=LISTED)
register("lists.report_scheduled", _("Report scheduled"), icon="mail", values=LISTED)
register("lists.report_changed", _("Report changed"), icon="edit", values=LISTED)
register("lists.report_sent", _("Report sent"), icon="mail", values=LISTED)
register("lists.report_stopped", _("Report stopped"), icon="player-pause", values={"why": one_of(WhyStopped)})
register("lists.report_resumed", _("Report goes on"), icon="player-play")

register_subject("lists.savedview")
register_subject("lists.file", kind=_("File of a list"))
register_subject("lists.scheduledreport", url_name="lists:report")
