"""Somebody signed in who looks at the gallery."""

import pytest
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel import navigation
from cardfleet.notify.models import InboxItem
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory


@pytest.fixture
def session(transactional_db, client, monkeypatch) -> str:
    """The session key of 周敏."""
    monkeypatch.setattr(navigation, "_items", {})
    navigation.register(_("Board"), "lifecycle:board", icon="building-warehouse", order=10)
    navigation.register(_("Cards"), "lifecycle:fleet", icon="device-sim", order=20)
    navigation.register("交接", "gallery", icon="arrows-exchange", order=30)
    navigation.register("提醒", "gallery:alerts", icon="bell", order=40)
    navigation.register("费用", "gallery:costs", icon="wallet", order=50)
    navigation.register("导入", "gallery:imports", icon="package-import", order=60)
    navigation.register("规则", "gallery:nowhere", icon="lock", order=70)
    navigation.register("合规", "gallery:audit", icon="lock", permission="accounts.view_all_teams", order=80)
    person = PersonFactory(name="周敏")
    for key in "123":
        InboxItem.objects.create(user=person, key=key, code="notify.test", created_at=FRIDAY)
    client.force_login(person)
    return client.session.session_key
