"""What is said of a file that cannot be read as a table."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Reason, Text


class UnreadableFile(BadInput):
    """The whole file is unusable; nothing of it was stored. Its one reason says what to do."""

    code = "file_unreadable"
    sentence = _("This file cannot be read as a table. Nothing was stored.")


def unreadable(code: str, message: Text, *, line: int | None = None) -> UnreadableFile:
    """Return the refusal of a file, with the line where that is known."""
    return UnreadableFile(message=message, reasons=[Reason(code=code, message=message, line=line)])


def empty() -> UnreadableFile:
    """Return the refusal of a file without a row."""
    return unreadable("file_empty", _("The file is empty. Choose the file that holds the rows."))


def damaged() -> UnreadableFile:
    """Return the refusal of a file that ends too early or whose sums do not add up."""
    return unreadable(
        "file_cut_off", _("The file is cut off or damaged. Export it or copy it once more, and send it again.")
    )


def nul(line: int) -> UnreadableFile:
    """Return the refusal of a file with NUL in a text, which no text of the database holds."""
    return unreadable(
        "nul_byte", _("The file is damaged: it holds empty bytes where text should be. Export it again."), line=line
    )
