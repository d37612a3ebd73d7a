"""The copies kept of registrants' IDs."""

from django.db.models import QuerySet

from cardfleet.files.models import StoredFile
from cardfleet.journal.recording import subject_of
from cards.models import Registrant

PURPOSE = "id_copy"


def copies_of(registrant: Registrant) -> QuerySet[StoredFile]:
    """Return the copies kept of a registrant's ID, the latest first, without those that were removed."""
    return StoredFile.objects.filter(subject=subject_of(registrant), purpose=PURPOSE).exclude(content="")
