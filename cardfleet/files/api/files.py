"""`/api/v1/files/`: what is in a file."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from cardfleet.accounts.access import person_of
from cardfleet.files.downloads import as_answer
from cardfleet.files.rules import TYPES
from cardfleet.files.services import record_download
from cardfleet.files.subjects import visible_file
from cardfleet.kernel.api.permissions import HasRight


class ContentView(APIView):
    """A file that is the person's own, or whose subject they see; that it was taken is journalled."""

    permission_classes = (HasRight,)

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in TYPES})
    def get(self, request: Request, pk: UUID) -> FileResponse:
        """Answer with the file as an attachment."""
        person = person_of(request)
        stored = visible_file(person, str(pk))
        record_download(stored=stored, actor=person, now=timezone.now())
        return as_answer(stored)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: FBT001, FBT002 - DRF's
        """Answer with the file as it is, whatever is preferred. A refusal is JSON."""
        return super().perform_content_negotiation(request, force=True)
