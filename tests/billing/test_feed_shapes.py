"""The live feed of FreeSWITCH and of other platforms, by mappings that are data (formats.md 4.4)."""

import json
from base64 import b64encode
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from billing.choices import SourceRole
from billing.models import FeedMapping, LineRecord, UsageRecord, UsageSignal
from billing.services.mappings import load_mappings
from cardfleet.accounts.choices import Role
from tests.billing.conftest import at
from tests.billing.test_api import signed_in
from tests.billing.test_feed import URL, statuses
from tests.factories.accounts import PersonFactory
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory, VoiceLineFactory
from tests.factories.cards import CardFactory


@pytest.fixture
def api(reference) -> APIClient:
    return signed_in(Role.SUPERVISOR)


def freeswitch(**facts) -> dict:
    """A body of mod_json_cdr, whose values are URL-encoded."""
    variables = {
        "uuid": "0b2f7a3e-1111-4a4a-9c9c-000000000001", "user_name": "1001",
        "start_epoch": str(int(at(19).timestamp())), "answer_epoch": str(int(at(19).timestamp()) + 5),
        "start_stamp": "2026-11-19%2009%3A00%3A00",
        "billsec": "30", "hangup_cause": "NORMAL_CLEARING", "last_arg": "sofia/gateway/out/13900000001",
        **facts,
    }  # fmt: skip
    profile = {"caller_id_number": "1001", "destination_number": "13900000001", "context": "default"}
    return {"core-uuid": "x", "switchname": "pbx", "variables": variables, "callflow": [{"caller_profile": profile}]}


@pytest.mark.parametrize("encode", ["json", "form", "base64"])
def test_freeswitch_posts_its_own_body(encode, api):
    card = CardFactory()
    switch = UsageSourceFactory(slug="pbx", role=SourceRole.SWITCH)
    UsageAliasFactory(source=switch, alias="1001", card=card)
    text = json.dumps(freeswitch())
    sent = b64encode(text.encode()).decode() if encode == "base64" else text
    kind = "application/json" if encode == "json" else "application/x-www-form-urlencoded"
    data = text if encode == "json" else urlencode({"cdr": sent})
    answer = api.generic("POST", f"{URL}?source=pbx&uuid=a_x", data, content_type=kind)
    assert statuses(answer) == ["stored"], answer.json()
    record = UsageRecord.objects.get()
    assert (record.card_id, record.started_at, record.direction) == (card.pk, at(19), "out")
    assert (record.counterpart, record.duration_s, record.answered) == ("+8613900000001", 30, True)


def test_whose_a_call_of_freeswitch_is(api):
    """Extensions, a gateway that is a voice line, a call between extensions, the callee's leg, a call from outside."""
    switch = UsageSourceFactory(slug="pbx", role=SourceRole.SWITCH)
    for alias, meaning in (("1001", {"card": CardFactory()}), ("1002", {"card": CardFactory()})):
        UsageAliasFactory(source=switch, alias=alias, **meaning)
    UsageAliasFactory(source=switch, alias="trunk-a", line=VoiceLineFactory())
    inside = freeswitch(uuid="2", dialed_user="1002")
    line = freeswitch(uuid="3", last_arg="sofia/gateway/trunk-a/13900000001")
    leg = freeswitch(uuid="4", originating_leg_uuid="1")
    unknown = freeswitch(uuid="5", user_name="1009")
    unknown["callflow"][0]["caller_profile"]["caller_id_number"] = "1009"
    received = freeswitch(uuid="6", user_name="", dialed_user="1002")
    received["callflow"][0]["caller_profile"] = {"caller_id_number": "13900000009", "destination_number": "600"}
    answer = api.post(f"{URL}?source=pbx", [freeswitch(uuid="1"), inside, line, leg, unknown, received], format="json")
    assert statuses(answer) == ["stored", "skipped", "stored", "skipped", "refused", "stored"]
    assert answer.json()["rows"][4]["code"] == "unknown_extension"
    assert LineRecord.objects.count() == 1
    assert UsageRecord.objects.get(direction="in").counterpart == "+8613900000009"


def test_a_mapping_reads_another_platform(card, api, now):
    """Shapes of other platforms are data: Tencent's and Huawei's come with a new installation."""
    load_mappings(now=now)
    UsageSourceFactory(slug="ccc", role="live", mapping=FeedMapping.objects.get(name="tencent-ccc"))
    UsageSourceFactory(slug="huawei", role="live", mapping=FeedMapping.objects.get(name="huawei-voice"))
    tencent = {
        "Caller": "13812345678", "Callee": "13900000001", "Time": int(at(19).timestamp()), "Direction": 1,
        "Duration": 30, "EndStatus": 1, "SessionId": "s-1",
    }  # fmt: skip
    received = {**tencent, "Caller": "13900000001", "Callee": "13812345678", "Direction": 0, "SessionId": "s-2"}
    answer = api.post(f"{URL}?source=ccc", {"TelCdrs": [tencent, received]}, format="json")
    assert statuses(answer) == ["stored", "stored"], answer.json()
    huawei = {
        "callerNum": "+8613812345678", "calleeNum": "+8613900000001", "direction": 0, "sessionId": "h-1",
        "fwdStartTime": "2026-11-19 01:00:00", "fwdAnswerTime": "2026-11-19 01:00:05",
        "callEndTime": "2026-11-19 01:01:05", "ulFailReason": 0,
    }  # fmt: skip
    failed = {**huawei, "sessionId": "h-2", "fwdAnswerTime": "", "ulFailReason": 8111, "fwdUnaswRsn": "caller stopped"}
    answer = api.post(f"{URL}?source=huawei", {"eventType": "fee", "feeLst": [huawei, failed]}, format="json")
    assert (statuses(answer), answer.json()["signals"]) == (["stored", "stored"], 1)
    stored = UsageRecord.objects.order_by("source__slug", "direction", "duration_s")
    assert [(row.started_at, row.direction, row.duration_s) for row in stored] == [
        (at(19), "in", 30), (at(19), "out", 30), (at(19), "out", 0), (at(19), "out", 60),
    ]  # fmt: skip
    signal = UsageSignal.objects.get()
    assert (signal.card_id, signal.code, signal.meaning, signal.raw) == (card.pk, "8111", "stopped", "caller stopped")


def test_an_unusable_mapping_is_refused(reference, client):
    """A mapping is data, checked before it reads a call."""
    client.force_login(PersonFactory(role=Role.ADMIN))
    page = reverse("admin:billing_feedmapping_add")
    given = {"name": "x", "label": "X", "rows": "", "words": "{}"}
    given |= {"codes": '{"9": "nonsense"}', "columns": '{"a": "b"}'}
    assert client.post(page, given).status_code == 200
    columns = '{"caller": "a", "callee": "b", "started_at": "c", "direction": "d", "duration_s": "e"}'
    assert client.post(page, {**given, "columns": columns, "codes": '{"9": "stopped"}'}).status_code == 302
    assert FeedMapping.objects.get(name="x").codes == {"9": "stopped"}
