"""A file as an answer: an attachment, never shown in the browser itself, and kept by nobody on the way."""

from django.http import FileResponse

from cardfleet.files.models import StoredFile


def as_answer(stored: StoredFile) -> FileResponse:
    """Answer with the content of a file under its name."""
    answer = FileResponse(
        stored.content.open("rb"), as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
