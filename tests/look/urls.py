"""The gallery: every component on one page, for the tests alone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tests.look import gallery


def unread(_request: HttpRequest) -> HttpResponse:
    """The bell's part."""
    return HttpResponse('<span class="unread">3</span>')


def broken(_request: HttpRequest) -> HttpResponse:
    """A part that breaks."""
    return HttpResponse("broken", status=500)


app = [path("fleet/", gallery.page, name="fleet"), path("board/", gallery.page, name="board")]
bell = [path("unread/", login_not_required(unread), name="unread"), path("inbox/", gallery.page, name="inbox")]
parts = [
    path("refuse/", gallery.refuse, name="refuse"),
    path("broken/", broken, name="broken"),
    path("job/", gallery.job, name="job"),
    *(path(f"{name}/", gallery.page, name=name) for name in ("alerts", "costs", "imports", "audit")),
]

urlpatterns = [
    path("gallery/", gallery.page, name="gallery"),
    path("gallery/", include((parts, "gallery"))),
    path("lifecycle/", include((app, "lifecycle"))),
    path("notify/", include((bell, "notify"))),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
