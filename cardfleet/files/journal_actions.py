"""What the journal may say about files."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.registry import SAID_BY_SUBJECT, register
from cardfleet.journal.subjects import register_subject

register("files.file_stored", _("File stored"), icon="file-plus", values={"purpose": SAID_BY_SUBJECT})
register("files.file_downloaded", _("File downloaded"), icon="file-download")
register("files.file_discarded", _("Content of a file discarded"), icon="file-off")

register_subject("files.storedfile", url_name="files:download")
