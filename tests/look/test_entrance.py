"""Sign-in, errors and refusals: the pages outside the frame."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template, render_to_string
from django.urls import include, path

from cardfleet.kernel.errors import NotVisible, Reason, Refusal


def raises(error: Exception):
    """Return a view that raises."""

    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    return view


refused = Refusal(reasons=[Reason(code="training", message="No valid training", clears="Complete it")])
urlpatterns = [
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("gone/", raises(Http404())),
    path("forbidden/", raises(PermissionDenied())),
    path("refused/", raises(refused)),
    path("invisible/", raises(NotVisible())),
    path("broken/", raises(RuntimeError())),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("/gone/", 404, "map-off"),
        ("/nowhere/", 404, "map-off"),
        ("/forbidden/", 403, "#lock"),
        ("/refused/", 409, "No valid training"),
        ("/invisible/", 404, "hand-stop"),
        ("/broken/", 500, "plug-connected-x"),
    ],
)
def test_error_is_a_page_of_the_look_and_a_part_for_htmx(client, address, status, word):
    """Whole pages stand in the document; htmx gets the content alone, unless all is broken."""
    client.raise_request_exception = False
    whole = client.get(address)
    assert whole.status_code == status
    assert word in whole.text
    assert whole.text.count("<html") == 1
    part = client.get(address, headers={"HX-Request": "true"})
    assert part.status_code == status
    assert part.text.count("<html") == (1 if status == 500 else 0)


@pytest.mark.parametrize("name", ["500.html", "400.html", "429.html"])
def test_page_of_a_broken_server_needs_no_context(name):
    """Django renders it with nothing at all."""
    assert "CardFleet" in get_template(name).render()


def test_sign_in_asks_for_staff_number_or_name_and_password(client):
    """No password reset by mail and no sign-up are offered; both fields have labels."""
    text = client.get("/account/login/").text
    assert 'for="id_login"' in text
    assert 'for="id_password"' in text
    assert "account/signup" not in text
    assert "password/reset" not in text


def test_wrong_password_is_said_above_the_fields(client):
    """The form comes back with a notice."""
    text = client.post("/account/login/", {"login": "nobody", "password": "wrong"}).text
    assert "notice tone-red" in text


def test_language_is_chosen_with_a_button(client):
    """The sign-in page comes in Chinese, or as chosen."""
    assert 'lang="zh-hans"' in client.get("/account/login/").text
    client.post("/i18n/setlang/", {"language": "en", "next": "/account/login/"})
    assert '<html lang="en"' in client.get("/account/login/").text


def test_refusal_shows_each_reason_with_what_clears_it_and_where():
    """Line, column and value of bad input too."""
    reasons = [
        Reason(code="a", message="Missing training", clears="Complete the course", clear_url="/course/"),
        Reason(code="b", message="Not a day", line=17, column="expires_on", value="2026-02-31"),
    ]
    text = render_to_string("components/refusal.html", {"refusal": Refusal(reasons=reasons), "met": ["Paid"]})
    assert "Complete the course" in text
    assert 'href="/course/"' in text
    assert all(word in text for word in ("17", "expires_on", "2026-02-31", "Paid"))


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light")])
def test_sign_in_in_a_browser(live, transactional_db, width, theme):
    """It breaks no policy, and its button is wide enough for a thumb."""
    said = []
    with live.page(width=width, color_scheme=theme) as page:
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.goto("/account/login/")
        live.screenshot(page, f"sign-in-{width}-{theme}")
        assert page.locator(".bare-panel button[type=submit]").bounding_box()["height"] >= (44 if width == 390 else 32)
    assert said == []
