"""What files refuses."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput


class FileTypeRefused(BadInput):
    """The content is of no accepted type; the name decides nothing."""

    code = "file_type_refused"
    sentence = _(
        "This type of file is not accepted. Send a PDF, PNG, JPEG, CSV, TXT, XLS, XLSX, DOC, DOCX or ZIP file."
    )


class FileEmpty(BadInput):
    """There is nothing in the file."""

    code = "file_empty"
    sentence = _("The file is empty. Choose another.")


class FileTooLarge(BadInput):
    """The file is larger than UPLOAD_MAX_MB."""

    code = "file_too_large"
    sentence = _("The file is too large. Split it, or send a smaller one.")


class PhotoTooLarge(FileTooLarge):
    """A photo of more than LARGEST_PHOTO_MB: nobody needs so many dots to see what it shows."""

    code = "photo_too_large"
    sentence = _("A photo has at most 20 MB and this one has more. Take it smaller, then send it again.")


class PictureUnreadable(BadInput):
    """A JPEG or PNG that cannot be drawn, or has more dots than `cardfleet.kernel.pictures.MOST_PIXELS`."""

    code = "picture_unreadable"
    sentence = _("The picture cannot be opened or has too many dots. Take it again, smaller, and send that.")
