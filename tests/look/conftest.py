"""Somebody signed in who looks at the gallery."""

import pytest
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel import navigation


@pytest.fixture
def session(transactional_db, client, monkeypatch) -> str:
    """The session key of 周敏, whose top bar has two pages."""
    monkeypatch.setattr(navigation, "_items", {})
    navigation.register(_("Board"), "lifecycle:board", icon="layout-dashboard", order=10)
    navigation.register(_("Cards"), "lifecycle:fleet", icon="device-sim", order=20)
    for number, label in enumerate(["交接", "提醒", "用量", "费用", "导入"]):
        navigation.register(label, "gallery:moved" if number else "gallery", icon="wallet", order=30 + number)
    person = get_user_model().objects.create_user(username="zhoumin", password=None, name="周敏")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.session.session_key
