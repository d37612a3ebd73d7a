"""A file of people rather than of cards asks who takes it out to sign in once more."""

import pytest
from django.test import Client
from django.urls import reverse

from cardfleet.lists import registry
from tests.factories.accounts import PersonFactory, sign_in_freshly
from tests.lists.test_twins import CODES
from tests.lists.twins import SOME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
# Mobile numbers, registrants, whom somebody called.
OF_PEOPLE = {"agents", "leavers", "real-name", "usage"}


@pytest.mark.parametrize("code", CODES)
def test_a_file_of_people_asks_for_a_fresh_sign_in(code: str) -> None:
    """ASVS V7.5.2: and leads back to the list as it was narrowed."""
    SOME[code]()
    person, client = PersonFactory(is_superuser=True), Client()
    address = f"{reverse('lists:export', args=[code])}?form=xlsx"
    client.force_login(person)
    stale = client.get(address)
    if code not in OF_PEOPLE:
        assert "reauthenticate" not in stale.get("Location", "")
        return
    assert stale.status_code == 302
    asked = stale["Location"]
    assert asked.startswith(reverse("account_reauthenticate"))
    back = f"{reverse(registry.listing(code).url_name)}?"
    assert client.get(asked).context["redirect_field_value"] == back
    sign_in_freshly(client, person)
    assert client.get(address).status_code == 200
