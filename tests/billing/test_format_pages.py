"""Every format through the page: named in Chinese, shown before it is imported, its rows readable there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.importers.registry import names
from billing.models import UsageBatch
from cardfleet.accounts.choices import Role
from tests.billing.conftest import OWN
from tests.billing.samples import android
from tests.billing.test_formats import FILES
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory

SENT = {name: (known, "calls.csv", file.csv(), file.own_number) for name, (known, file) in FILES.items()}
SENT["android"] = ("android_calls", "calls-20261101.xml", android().encode(), OWN)


@pytest.fixture
def page(client, reference, card):
    """The page of the import, signed in, with the source that explains the extensions."""
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    source = UsageSourceFactory(slug="pbx", role="switch")
    for alias in ("100", "1000"):
        UsageAliasFactory(source=source, alias=alias, card=card)
    return reverse("billing:usage-import")


@pytest.mark.parametrize("name", SENT)
def test_a_file_of_every_format_is_shown_first(name, client, page):
    expected, file_name, content, own_number = SENT[name]
    file = SimpleUploadedFile(file_name, content)
    answer = client.post(page, {"file": file, "source": "pbx", "own_number": own_number.removeprefix("+86")})
    batch = UsageBatch.objects.get()
    assert (answer.status_code, batch.format) == (302, expected)
    reading = client.get(answer["Location"]).context["reading"]
    assert [row.code for row in reading.rows][:3] == [None] * 3


def test_every_format_can_be_chosen_and_has_a_name_for_people(client, page):
    field = client.get(page).context["form"].fields["format"]
    assert set(names()) <= {name for name, label in field.choices if label != name}
