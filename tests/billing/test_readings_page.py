"""The page of readings."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.models import BalanceReading
from cardfleet.accounts.choices import Role
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.usefixtures("reference", "card")
URL = "lifecycle:readings"


@pytest.fixture
def finance(client):
    client.force_login(PersonFactory(role=Role.FINANCE))


def test_messages_are_recorded_and_differences_shown(client, finance):
    """R30: where the carrier says otherwise, it is shown."""
    answer = client.post(reverse(URL), {"text": "13812345678 【中国移动】话费余额为12.34元。\n【中国移动】您好。"})
    assert BalanceReading.objects.get().balance == Decimal("12.34")
    assert [reason.line for reason in answer.context["refused"]] == [2]
    assert [balance.difference for _number, balance in answer.context["differing"]] == [Decimal("12.34")]
    assert "138****5678" in answer.content.decode()


def test_a_file_is_recorded(client, finance):
    file = SimpleUploadedFile("balances.csv", "手机号,余额\n13812345678,5\n".encode("gb18030"))
    assert client.post(reverse(URL), {"file": file}).context["done"].stored == 1


@pytest.mark.parametrize(("given", "status"), [({}, 422), ({"text": "您好"}, 400)])
def test_nothing_usable_is_said(given, status, client, finance):
    assert client.post(reverse(URL), given).status_code == status
    assert not BalanceReading.objects.exists()


def test_an_agent_may_not(client):
    client.force_login(PersonFactory(role=Role.AGENT))
    assert client.post(reverse(URL), {"text": "13812345678 余额1元"}).status_code == 403
    assert not BalanceReading.objects.exists()
