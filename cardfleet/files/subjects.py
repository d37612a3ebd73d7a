"""Who may see the subject of a file. Each app says so for its own models in a module named `file_subjects`."""

from collections.abc import Callable

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.kernel.errors import NotVisible

Sees = Callable[[User, str], bool]

_sees: dict[str, Sees] = {}


def register(label: str, sees: Sees) -> None:
    """Make known who sees a model (`cards.card`): `sees(person, pk)`. The same label twice is a defect."""
    if label in _sees:
        raise ValueError(f"who sees the files of {label} is registered twice")
    _sees[label] = sees


def visible_file(person: User, pk: str) -> StoredFile:
    """Return a file that is the person's own, or whose subject they see. NotVisible else, or once discarded."""
    stored = StoredFile.objects.filter(pk=pk).exclude(content="").first()
    if stored is None or not _may_see(person, stored):
        raise NotVisible
    return stored


def _may_see(person: User, stored: StoredFile) -> bool:
    if stored.owner_id == person.pk:
        return True
    label, _colon, pk = stored.subject.partition(":")
    sees = _sees.get(label)
    return sees is not None and sees(person, pk)
