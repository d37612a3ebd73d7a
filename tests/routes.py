"""Every address the router knows, and who may go there."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver

# Who asks, in the order of the marks below: the two supervisors and agents are of the dataset's team and of another.
ROLES = ("admin", "supervisor", "other_supervisor", "finance", "compliance", "agent", "other_agent")
# y: may; n: has not the right (403); -: not visible (404).
ALL = "yyyyyyy"
OFFICE = "yyyyynn"
OFFICE_OF_IT = "yy-yynn"
SIGHT = "yy-yyy-"
DESK = "yyynnnn"
DESK_OF_IT = "yy-nnnn"
MONEY = "yyyynnn"
JOB = "yy--y--"

# Name of a route: what fills its address, and the marks. "post" in front: there is nothing to GET.
PAGES = {
    "lifecycle:board": ("", ALL),
    "lifecycle:board-cost": ("", MONEY),
    "lifecycle:assess-now": ("", "post yyynynn"),
    "lifecycle:alerts": ("", OFFICE),
    "lifecycle:risk-groups": ("", OFFICE),
    "lifecycle:acknowledge": ("alert", "post yy-nynn"),
    "lifecycle:carriers": ("", MONEY),
    "lifecycle:conduct": ("", OFFICE),
    "lifecycle:complaint-record": ("", "post yyynynn"),
    "lifecycle:complaint-take-back": ("complaint", "post yy-nynn"),
    "lifecycle:mark-record": ("", "post yyynynn"),
    "lifecycle:mark-end": ("mark", "post yy-nynn"),
    "lifecycle:reverification": ("", OFFICE),
    "lifecycle:reverification-notice": ("", "post yyynynn"),
    "lifecycle:reverification-done": ("clock", "post yy-nynn"),
    "lifecycle:alert": ("alert", OFFICE_OF_IT),
    "lifecycle:alert-deeds": ("", "post yyynynn"),
    "lifecycle:notices": ("", OFFICE),
    "lifecycle:notice-record": ("", "post yyynynn"),
    "lifecycle:notice-withdraw": ("notice", "post yyynynn"),
    "lifecycle:fleet": ("", OFFICE),
    "lifecycle:fleet-filters": ("", OFFICE),
    "lifecycle:fleet-export": ("", OFFICE),
    "lifecycle:card": ("card", OFFICE_OF_IT),
    "lifecycle:holder-on": ("card", OFFICE_OF_IT),
    "lifecycle:card-rules": ("card", OFFICE_OF_IT),
    "lifecycle:approval": ("card", "post ynnnynn"),
    "lifecycle:transition": ("card", "yy-nynn"),
    "lifecycle:correct": ("card", "post ynnnynn"),
    "lifecycle:reveal": ("card pin1", DESK_OF_IT),
    "lifecycle:issue": ("", DESK),
    "lifecycle:return": ("", DESK),
    "lifecycle:undo": ("assignment", "post " + DESK_OF_IT),
    "lifecycle:suggest": ("agents", DESK),
    "lifecycle:import-cards": ("", DESK),
    "lifecycle:import-cards-result": ("job", DESK_OF_IT),
    "lifecycle:import-cards-progress": ("job", DESK_OF_IT),
    "lifecycle:my": ("", ALL),
    "lifecycle:accept": ("assignment", "post -----y-"),
    "billing:card-money": ("card", OFFICE_OF_IT),
    "billing:card-usage": ("card", SIGHT),
    "billing:attributions": ("card", DESK_OF_IT),
    "billing:withdraw": ("attribution", "post " + DESK_OF_IT),
    "billing:usage-import": ("", MONEY),
    "billing:usage-start-all": ("", "post " + MONEY),
    "billing:usage-batch": ("batch", "yy-ynnn"),
    "billing:usage-reading": ("batch", "post yy-ynnn"),
    "billing:usage-mapping": ("batch", "yy-ynnn"),
    "billing:usage-start": ("batch", "post yy-ynnn"),
    "billing:usage-discard": ("batch", "post yy-ynnn"),
    "billing:usage-repair": ("batch", "post yy-ynnn"),
    "billing:usage-again": ("batch", "post yy-ynnn"),
    "billing:usage-corrected": ("batch", "post yy-ynnn"),
    "billing:usage-revoke": ("batch", "post yy-ynnn"),
    "billing:usage-refused": ("batch", "yy-ynnn"),
    "billing:usage-progress": ("batch", "yy-ynnn"),
    "billing:usage": ("", ALL),
    "billing:costs": ("", MONEY),
    "billing:costs-trend": ("", MONEY),
    "billing:costs-export": ("", MONEY),
    "billing:readings": ("", MONEY),
    "billing:ledger": ("", OFFICE),
    "billing:post": ("", "ynnynnn"),
    "agents:list": ("", OFFICE),
    "agents:enter": ("", DESK),
    "agents:import": ("", DESK),
    "agents:callees": ("", "yyynynn"),
    "agents:callees-import": ("", "post yyynynn"),
    "agents:callees-check": ("", "post yyynynn"),
    "agents:callees-withdraw": ("listing", "post ynnnynn"),
    "agents:detail": ("agent", OFFICE_OF_IT),
    "agents:change": ("agent", DESK_OF_IT),
    "agents:hold": ("agent", "post " + DESK_OF_IT),
    "agents:release": ("agent", "post " + DESK_OF_IT),
    "agents:leave": ("agent", "post " + DESK_OF_IT),
    "agents:rejoin": ("agent", "post " + DESK_OF_IT),
    "agents:train": ("agent", "post yy-nynn"),
    "agents:revoke": ("agent training", "post ynnnynn"),
    "accounts:people": ("", "yyynynn"),
    "accounts:person": ("person", "yy-nynn"),
    "accounts:reset-password": ("person", "post " + DESK_OF_IT),
    "accounts:deactivate": ("person", "post " + DESK_OF_IT),
    "accounts:reactivate": ("person", "post " + DESK_OF_IT),
    "accounts:teams": ("", OFFICE),
    "accounts:profile": ("", ALL),
    "files:download": ("file", JOB),
    "notify:inbox": ("", ALL),
    "notify:unread": ("", ALL),
    "notify:open": ("item", "post -y-----"),
    "notify:wishes": ("", ALL),
    "notify:own-channel": ("", "post " + ALL),
    "notify:switch": ("own_channel", "post -y-----"),
    "notify:test": ("own_channel", "post -y-----"),
    "notify:deliveries": ("", "ynnnynn"),
    "notify:send-again": ("message", "post ynnnnnn"),
    "jobs:list": ("", ALL),
    "jobs:detail": ("job", JOB),
    "jobs:progress": ("job", JOB),
    "jobs:retry": ("job", "post " + JOB),
    "journal:list": ("", "ynnnynn"),
}
API = {
    "api:api-root": ("", ALL),
    "api:agent-list": ("", OFFICE),
    "api:agent-detail": ("agent", OFFICE_OF_IT),
    "api:alert-list": ("", ALL),
    "api:alert-detail": ("alert", SIGHT),
    "api:alert-acknowledge": ("alert", "post yy-nynn"),
    "api:alert-bulk": ("", "post yyynynn"),
    "api:alert-deeds": ("alert", "post yy-nynn"),
    "api:alert-history": ("alert", SIGHT),
    "api:assignment-list": ("", ALL),
    "api:assignment-detail": ("assignment", SIGHT),
    "api:assignment-accept": ("assignment", "post -----y-"),
    "api:assignment-undo": ("assignment", "post " + DESK_OF_IT),
    "api:balance-list": ("", ALL),
    "api:carrierrule-list": ("", OFFICE),
    "api:carrierrule-detail": ("rule", OFFICE),
    "api:carrierrule-confirm": ("rule", "post ynnnnnn"),
    "api:carrierrule-end": ("rule", "post ynnnnnn"),
    "api:carrierrule-versions": ("rule", "post ynnnnnn"),
    "api:callee-list": ("", "post yyynynn"),
    "api:card-list": ("", ALL),
    "api:card-detail": ("card", SIGHT),
    "api:card-can-call": ("card", SIGHT),
    "api:card-corrections": ("card", "post ynnnynn"),
    "api:card-issue": ("card", "post " + DESK_OF_IT),
    "api:card-return": ("card", "post " + DESK_OF_IT),
    "api:card-transfer": ("card", "post " + DESK_OF_IT),
    "api:card-transitions": ("card", "post yy-nynn"),
    "api:carrier-list": ("", ALL),
    "api:carrier-detail": ("carrier", ALL),
    "api:contract-list": ("", OFFICE),
    "api:contract-detail": ("contract", OFFICE),
    "api:costs": ("", MONEY),
    "api:job-list": ("", ALL),
    "api:job-detail": ("job", JOB),
    "api:job-rows": ("job", JOB),
    "api:ledgerentry-list": ("", OFFICE),
    "api:ledgerentry-detail": ("entry", OFFICE_OF_IT),
    "api:ledgerentry-reverse": ("entry", "post ynnynnn"),
    "api:rateplan-list": ("", ALL),
    "api:rateplan-detail": ("plan", ALL),
    "api:registrant-list": ("", OFFICE),
    "api:registrant-detail": ("registrant", OFFICE),
    "api:team-list": ("", OFFICE),
    "api:team-detail": ("team", OFFICE_OF_IT),
    "api:usageattribution-list": ("", OFFICE),
    "api:usageattribution-withdraw": ("attribution", "post " + DESK_OF_IT),
    "api:usage-rejects": ("batch", "yy-ynnn"),
    "api:usagebatch-list": ("", OFFICE),
    "api:usagebatch-detail": ("batch", OFFICE_OF_IT),
    "api:usagebatch-revoke": ("batch", "post yy-ynnn"),
    "api:usagerecord-list": ("", ALL),
    "api:usagesignal-list": ("", ALL),
}
# The administration: which of admin, finance and compliance (A F C) may see, add, change and delete.
ADMIN = {
    "journal_entry": "AC",
    "accounts_team": "AFC A A",
    "accounts_user": "AC A A",
    "accounts_scopegrant": "AC A  A",
    "notify_channel": "AC A A",
    "notify_message": "AC",
    "notify_delivery": "AC",
    "cards_card": "AFC  A",
    "cards_cardchange": "AFC",
    "cards_carrier": "AFC A A",
    "cards_carrierrule": "AFC A A",
    "cards_contract": "AFC A A",
    "cards_rateplan": "AFC A A",
    "cards_registrant": "AFC AC AC",
    "agents_course": "AC AC AC",
    "agents_agent": "AFC",
    "agents_trainingrecord": "AC",
    "agents_assignment": "AFC",
    "billing_usagesource": "AFC A A",
    "billing_voiceline": "AFC A A",
    "billing_usagealias": "AFC A A",
    "billing_account": "AFC AF AF",
    "billing_ledgerentry": "AFC",
    "billing_balancereading": "AFC",
    "billing_usagebatch": "AFC",
    "billing_feedmapping": "AFC A A",
    "billing_retentionrule": "AFC  AC",
    "lifecycle_alert": "AFC",
    "lifecycle_escalationstep": "AC  A",
    "lifecycle_finding": "AFC",
    "lifecycle_riskassessment": "AFC",
    "lifecycle_reminder": "AC",
    "lifecycle_complaint": "AFC",
    "lifecycle_calendarday": "AFC AC AC",
}
# Routes without a line of their own, each with the reason.
ELSEWHERE = {
    r"healthz|readyz|metrics": "for machines; tests/ground/test_health.py",
    r"(account|mfa)_\w+": "entrances of django-allauth; tests/accounts/test_sign_in.py",
    r"set_language": "anybody chooses a language; tests/accounts/test_pages.py",
    r"api-(schema|docs)|api:auth-token": "how the API is used is no secret; tests/kernel, tests/accounts/test_api.py",
    r"api:callee-check": "answers about a number only; tests/agents/test_callees.py",
    r"admin:": "Django's redirect from an old address to the page of change",
    r"admin:(index|search|login|logout|password_change\w*|autocomplete|jsi18n|view_on_site|app_list)": "frame of admin",
    r"admin:(notify_channel_send_test|cards_carrierrule_\w+)": "tests/notify/test_admin.py, tests/lifecycle",
}


def routes(resolver: URLResolver, prefix: str = "", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield name (with its name spaces) and pattern of each route."""
    for entry in resolver.url_patterns:
        pattern = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "")), pattern
        else:
            yield from routes(entry, pattern, (*spaces, entry.namespace) if entry.namespace else spaces)


def views(resolver: URLResolver) -> Iterator[Callable[..., Any]]:
    """Yield what answers at each route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.callback
        else:
            yield from views(entry)
