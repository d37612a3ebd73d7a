"""Files that lie sealed: writes and cards to be stored by a job."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from uuid import UUID

from cardfleet.files.models import StoredFile
from cardfleet.files.services import seal_anew
from cardfleet.kernel.rotation import Renewed, Token, register

# The version of a Fernet token and the first bytes of its time, in base64, until the year 2106.
BEGINNING = b"gAAAAA"


class SealedFiles:
    """Files whose content is one token; they are deleted after some days."""

    name = "files.StoredFile"

    def batches(self, _size: int) -> Iterator[list[Token]]:
        """Yield the files one by one: they are large."""
        for stored in StoredFile.objects.filter(delete_after__isnull=False).exclude(content="").order_by("pk"):
            with stored.content.open("rb") as file:
                begin = file.read(len(BEGINNING))
                if begin == BEGINNING:
                    yield [(stored.pk, begin + file.read())]

    def replace(self, renewed: Sequence[Renewed]) -> int:
        """Write the new tokens in place of the old ones."""
        return sum(
            seal_anew(pk=UUID(str(pk)), was=sha256(old).hexdigest(), content=new)  # a file goes by its hash
            for pk, old, new in renewed
        )


register(SealedFiles())
