"""Answers that are JSON, or a file where `Accept` prefers one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rest_framework.request import Request

from cardfleet.kernel.downloads import CSV, XLSX
from cardfleet.lists.choices import FileForm

JSON = ("application/json", "application/json; charset=utf-8")
FORMS = {CSV: FileForm.CSV, XLSX: FileForm.XLSX}


class InForms:
    """A view whose answer may be a file, in one of the forms named by `files`. This goes before the other bases.

    `file_form` is the form that is asked for, None of JSON; `gives_files` whether what is asked has files at all.
    """

    files: ClassVar[Sequence[str]] = tuple(FORMS)
    file_form: FileForm | None = None

    @property
    def gives_files(self) -> bool:
        """Whether what is asked for may be a file."""
        return True

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Return the headers of every answer, which has several forms."""
        headers: dict[str, str] = super().default_response_headers  # type: ignore[misc]
        return headers | {"Vary": "Accept"}

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: FBT001, FBT002 - DRF's
        """Heed which of the forms is preferred. A refusal is JSON in any case."""
        if not force and self.gives_files:
            self.file_form = FORMS.get(request.get_preferred_type([*JSON, *self.files]) or "")
            force = self.file_form is not None
        return super().perform_content_negotiation(request, force)  # type: ignore[misc]
