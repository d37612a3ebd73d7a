"""Tables as downloads: CSV is streamed, XLSX is written whole."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(
    name: str, *, as_csv: Callable[[], Iterable[bytes]], as_xlsx: Callable[[BinaryIO], object]
) -> HttpResponseBase:
    """Answer with a file of this name; its suffix says which of the two is written."""
    if not name.endswith(".xlsx"):
        return streamed(name, as_csv())
    target = BytesIO()
    as_xlsx(target)
    return HttpResponse(target.getvalue(), content_type=XLSX, headers=_named(name))


def streamed(name: str, chunks: Iterable[bytes]) -> StreamingHttpResponse:
    """Answer with a CSV of this name as it is written."""
    return StreamingHttpResponse(chunks, content_type=CSV, headers=_named(name))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
