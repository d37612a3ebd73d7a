"""What every request to the API passes, before anybody is asked who sends it."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.gzip import GZipMiddleware

from cardfleet.kernel.api.throttling import HEADERS
from cardfleet.kernel.errors import NotVisible, Refusal, TooLarge

API = "/api/"
LARGEST_BODY = 8 * 2**20
# Beside the files of a form are its fields and the lines between them.
FORM_AROUND_FILES = 2**20
# Bytes that are not sent much sooner for being fewer; what a dialler is answered has less.
SHORT = 4096


class ApiMiddleware:
    """Refuse a body that is too large before a byte of it is read; say in the API's shape that nothing is there.

    Answers are compressed and tell what is left of the rate. Pages are not compressed: they hold secrets beside what
    an address can put into them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.gzip = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if not request.path.startswith(API):
            return self.get_response(request)
        if too_large(request):
            return _refused(TooLarge())
        response = self.get_response(request)
        # No route is like the address: the page that says so is for people.
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and response.status_code == HTTPStatus.NOT_FOUND:
            return _refused(NotVisible())
        for name, value in getattr(request, HEADERS, {}).items():
            response[name] = value
        # What has a strong ETag is short, and would have a weak one when compressed, which no edit could name.
        if "ETag" not in response and (response.streaming or len(response.content) > SHORT):
            self.gzip.process_response(request, response)
        return response


def _refused(refusal: Refusal) -> JsonResponse:
    return JsonResponse(refusal.as_json(), status=refusal.status)


def too_large(request: HttpRequest) -> bool:
    """Tell whether a body is announced that is longer than its kind may be; one without a length is never read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    with_files = request.content_type == "multipart/form-data"
    most = settings.UPLOAD_MAX_BYTES + FORM_AROUND_FILES if with_files else LARGEST_BODY
    return length.isdigit() and int(length[:18]) > most
