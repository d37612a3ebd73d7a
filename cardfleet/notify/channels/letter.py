"""What is handed to a channel."""

from dataclasses import dataclass

from cardfleet.files.models import StoredFile


@dataclass(frozen=True)
class Letter:
    """Where to, and what it says. The address of a robot is a secret: whoever knows it can write to the group."""

    address: str
    secret: str
    subject: str
    body: str
    attachment: StoredFile | None = None

    @property
    def text(self) -> str:
        """Subject and body as one text, for channels without subjects."""
        return f"{self.subject}\n{self.body}"
