"""What tests of accounts share."""

import pytest

from cardfleet.accounts.choices import Role
from cardfleet.accounts.claims import CompanySignIn
from tests.accounts import provider as loopback
from tests.factories.accounts import PersonFactory, TeamFactory


@pytest.fixture
def company(settings):
    """A provider that names 张三 by staff number, and CardFleet that knows it."""
    with loopback.serving() as provider:
        provider.claims = {"sub": "u-1", "employee_number": "S1"}
        settings.COMPANY_SIGN_IN = CompanySignIn(
            issuer=provider.url, client_id=loopback.CLIENT, secret=loopback.SECRET, name="Acme"
        )
        yield provider


@pytest.fixture
def person():
    """A supervisor of a team."""
    return PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
