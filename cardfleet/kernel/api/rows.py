"""A write of many that a job does, as the view of its address gets it: with the job's owner, and nothing else."""

from io import BytesIO

from django.contrib.auth.models import AbstractBaseUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from rest_framework.request import Request

JSON = "application/json"


class RowRequest(WSGIRequest):
    """A request that nobody sent: made from a row of a job, for `actor`, whom authentication believes it is from."""

    def __init__(self, *, method: str, path: str, body: bytes, if_match: str, actor: AbstractBaseUser) -> None:
        super().__init__(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": path,
                "CONTENT_TYPE": JSON,
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_ACCEPT": JSON,
                "wsgi.input": BytesIO(body),
                **({"HTTP_IF_MATCH": if_match} if if_match else {}),
            }
        )
        self.actor = actor


def row_of(request: Request | HttpRequest) -> RowRequest | None:
    """Return the row that a request is made from; None for one that was sent."""
    inner = request._request if isinstance(request, Request) else request  # noqa: SLF001 - as DRF's own authentication
    return inner if isinstance(inner, RowRequest) else None
