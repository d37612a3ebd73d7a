"""The gallery: every component on one page, for the tests alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from cardfleet.notify.views.inbox import UnreadView
from tests.look import gallery


def broken(_request: HttpRequest) -> HttpResponse:
    """A part that breaks."""
    return HttpResponse("broken", status=500)


app = [path("fleet/", gallery.page, name="fleet"), path("board/", gallery.page, name="board")]
bell = [path("unread/", UnreadView.as_view(), name="unread"), path("inbox/", gallery.page, name="inbox")]
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
