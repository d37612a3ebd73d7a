"""How a refusal that a page lets through is presented."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from cardfleet.kernel.errors import Conflict, Reason
from cardfleet.kernel.middleware import RefusalMiddleware


def present(error: Exception, **headers: str):
    """Return what the middleware makes of an error."""
    request = RequestFactory().post("/cards/1/issue/", headers=headers)
    request.user = None
    return RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, error)


def test_a_program_gets_the_one_shape_of_errors():
    reason = Reason(code="held", message="Held by 1001", clears="Take it back")
    answer = present(Conflict(reasons=[reason]), accept="application/json")
    assert answer.status_code == 409
    assert b'"details": [{"code": "held"' in answer.content


def test_a_defect_is_not_dressed_up_as_a_refusal():
    assert present(KeyError("x")) is None


@pytest.mark.django_db
def test_a_person_gets_a_page_with_the_reason(rf, django_user_model):
    request = rf.post("/cards/1/issue/")
    request.user = django_user_model.objects.create_user("a", name="A")
    with translation.override("en"):
        answer = RefusalMiddleware(lambda _: HttpResponse()).process_exception(
            request, Conflict(reasons=[Reason(code="held", message="Held by 1001", clears="Take it back")])
        )
    assert answer.status_code == 409
    assert "Held by 1001" in answer.content.decode()
