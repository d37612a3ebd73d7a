"""Everything that one can make or change by the API, of the things of the dataset: one line for each resource."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Things = dict[str, Any]
Body = Callable[[Things], dict[str, Any]]


@dataclass(frozen=True)
class Writable:
    """A resource: what makes one thing more of it, and what changes that, `change` or PATCH (`""`)."""

    body: Body
    change: tuple[str, Body] | None = None
    # Whose own it is: of the people of the dataset. Nobody's: somebody with every right makes it.
    by: str = ""
    # Where it is posted to below its path.
    to: str = ""
    # Where the answer tells of it, or of its id, beside other things.
    told: str = ""


# A resource by its path below /api/v1/.
WRITABLE: dict[str, Writable] = {
    "absences": Writable(
        lambda of: {"agent": of["agent"], "kind": "leave", "starts_on": "2030-01-07", "note": "By telephone"}
    ),
    "agents": Writable(
        lambda of: {"staff_no": "T7001", "name": "Wang Fang", "team": of["team"], "joined_on": "2026-11-16"},
        ("change/", lambda _of: {"name": "Wang Fangfang"}),
    ),
    "appraisals": Writable(
        lambda of: {"agent": of["agent"], "month": "2026-09-01", "attitude": 4, "summary": "Always friendly"}
    ),
    "articles": Writable(
        lambda _of: {"title": "Rings twice", "text": "Ask for the network first.", "tags": ["network"]},
        ("change/", lambda _of: {"title": "Rings once", "text": "Ask for the network first."}),
    ),
    "budgets": Writable(
        lambda of: {"amount": "500.00", "agent": of["agent"], "period": "month", "starts_on": "2026-12-01"},
        ("", lambda _of: {"amount": "600.00"}),
    ),
    "call-plans": Writable(
        lambda of: {"team": of["team"], "starts_on": "2026-12-01", "ends_on": "2026-12-05", "calls": 900}
    ),
    "card-requests": Writable(
        lambda _of: {"count": 1, "purpose": "sales", "reason": "A second line"}, by="other_agent", to="mine/"
    ),
    "carrier-notices": Writable(
        lambda of: {
            "carrier": of["carrier"],
            "kind": "maintenance",
            "title": "Works on the network",
            "starts_at": "2026-11-28T01:00:00+08:00",
            "ends_at": "2026-11-28T05:00:00+08:00",
        }
    ),
    "cases": Writable(lambda of: {"card": of["card"], "kind": "fault", "reason": "card_fault"}),
    "complaints": Writable(
        lambda of: {
            "card": of["card"],
            "kind": "complaint",
            "received_at": "2026-11-19T10:00:00+08:00",
            "channel": "12321",
            "is_valid": True,
        }
    ),
    "compliance/audits": Writable(lambda _of: {"kind": "self_audit", "title": "Of 2027", "due_on": "2027-01-31"}),
    "compliance/matters": Writable(
        lambda _of: {
            "kind": "breach",
            "title": "A lost list",
            "received_at": "2026-11-20T09:00:00+08:00",
            "data": "names",
            "people": 3,
        }
    ),
    "confirmations": Writable(lambda of: {"card": of["held"], "wrong": []}, by="agent", to="mine/"),
    "customer-problems": Writable(
        lambda of: {"agent": of["agent"], "kind": "price", "text": "Too dear", "raised_on": "2026-11-19"}
    ),
    "delegations": Writable(
        lambda of: {
            "giver": of["supervisor"],
            "receiver": of["colleague"],
            "team": of["team"],
            "first": "2026-12-01",
            "last": "2026-12-05",
            "reason": "On leave",
        }
    ),
    "devices": Writable(
        lambda of: {"kind": "phone", "imei": "490154203237518", "model": "X", "team": of["team"]},
        ("change/", lambda _of: {"model": "Y"}),
    ),
    "inspections": Writable(lambda of: {"card": of["card"], "condition": "good", "signal": "found"}),
    "leavings": Writable(lambda of: {"agent": of["agent"], "leaves_on": "2026-12-15", "reason": "Moves away"}),
    "ledger": Writable(
        lambda of: {"card": of["card"], "kind": "other_charge", "amount": "12.00", "reference": "X-1", "note": "A fee"}
    ),
    "notes": Writable(lambda of: {"card": of["card"], "text": "Rings at times"}),
    "notifications/channels": Writable(
        lambda _of: {"name": "Mine", "kind": "email", "address": "a@cardfleet.example", "least": 1}
    ),
    "number-marks": Writable(
        lambda of: {"card": of["card"], "platform": "Tencent", "label": "sales", "marked_on": "2026-11-18"}
    ),
    "number-reviews": Writable(
        lambda _of: {"industry": "education", "every_days": 30}, ("", lambda _of: {"every_days": 60})
    ),
    "people": Writable(
        lambda of: {"role": "supervisor", "name": "Li Na", "staff_no": "T7002", "team": of["team"]},
        told="person",
    ),
    "places": Writable(
        lambda _of: {"name": "Cabinet 7", "capacity": 40},
        ("change/", lambda _of: {"name": "Cabinet 8", "capacity": 40}),
    ),
    "purchases": Writable(
        lambda of: {
            "number": "P-7001",
            "supplier": of["supplier"],
            "ordered_on": "2026-11-18",
            "reason": "New colleagues",
            "lines": [{"carrier": of["carrier"], "quantity": 3, "unit_price": "10.00"}],
        }
    ),
    "quality-checks": Writable(
        lambda of: {
            "agent": of["agent"],
            "called_on": "2026-11-19",
            "courtesy": 4,
            "accuracy": 5,
            "no_pressure": True,
            "identity_stated": True,
            "opt_out_offered": True,
        }
    ),
    "rewards": Writable(
        lambda of: {
            "agent": of["agent"],
            "month": "2026-11-01",
            "kind": "reward",
            "basis": "care",
            "amount": "50.00",
            "reason": "No card lost",
        }
    ),
    "service-accounts": Writable(
        lambda of: {
            "owner": of["supervisor"],
            "name": "CRM",
            "username": "crm-7001",
            "role": "supervisor",
            "scopes": [of["team"]],
        }
    ),
    "sanctions": Writable(
        lambda of: {"person": of["other_agent"], "basis": "police", "source": "A letter", "starts_on": "2026-11-01"}
    ),
    "scheduled-reports": Writable(
        lambda of: {"view": of["view"], "every": "week", "weekday": 5, "at": "07:15", "recipients": [of["supervisor"]]},
        ("change/", lambda _of: {"form": "csv", "weekday": 1}),
        by="supervisor",
    ),
    "scripts": Writable(
        lambda _of: {
            "name": "Opening",
            "purpose": "sales",
            "text": "Good day, this is CardFleet.",
            "states_identity": True,
            "offers_opt_out": True,
        },
        told="script",
    ),
    "stock-takes": Writable(lambda of: {"location": of["place"]}),
    "suppliers": Writable(
        lambda of: {"name": "Shop 7", "channel": "outlet", "carriers": [of["carrier"]]},
        ("change/", lambda of: {"name": "Shop 8", "channel": "outlet", "carriers": [of["carrier"]]}),
    ),
    "top-ups": Writable(lambda of: {"card": of["spare"], "amount": "50.00", "reason": "Runs low"}),
    "training/plans": Writable(
        lambda of: {"course": of["course"], "team": of["team"], "starts_on": "2027-01-04", "due_on": "2027-01-29"}
    ),
    "training/records": Writable(
        lambda of: {"course": of["course"], "passed_on": "2026-11-19", "score": 90, "agent": of["agent"]}
    ),
    "transfers": Writable(
        lambda of: {
            "source": {"wallet": of["wallet"]},
            "to": [{"card": of["spare"], "amount": "1.00"}],
            "reason": "Runs low",
        }
    ),
    "usage/attributions": Writable(
        lambda of: {
            "card": of["spare"],
            "agent": of["agent"],
            "starts_at": "2026-11-18T09:00:00+08:00",
            "ends_at": "2026-11-18T18:00:00+08:00",
            "reason": "Lent for a day",
        }
    ),
    "usage/bundles": Writable(lambda of: {"card": of["card"], "month": "2026-10-01", "sms": 3, "data_mb": "10.50"}),
    "views": Writable(
        lambda _of: {"listing": "cards", "name": "East stopped", "query": "stopped=true"},
        ("change/", lambda _of: {"name": "Stopped in the east", "query": "stopped=false"}),
    ),
    "wallets": Writable(lambda of: {"carrier": of["carrier"], "code": "W-7001"}),
    "webhooks": Writable(
        lambda _of: {"name": "CRM", "address": "https://crm.cardfleet.example/in", "actions": ["agents.card_issued"]},
        ("", lambda _of: {"name": "CRM 2"}),
    ),
}
# Made in a way of their own, and where that is told.
OTHERWISE = {
    "balances/readings": "many in one request: tests/lifecycle/test_own_api.py",
    "bills": "come of a carrier's file: tests/billing/test_bills_api.py",
    "bills/disputes": "of a checked bill: tests/billing/test_bills_api.py",
    "bills/statements": "a carrier's file: tests/billing/test_bills_api.py",
    "callees": "many in one request: tests/agents/test_callees.py",
    "claims": "with the file of an invoice: tests/billing/test_claims_api.py",
    "claims/payments": "of claims that were approved: tests/billing/test_claims_api.py",
    "documents": "a file: tests/files/test_files.py",
    "evidence-packs": "made by a job: tests/desk/test_packs.py",
    "handovers/distribution": "of many cards in one request: tests/lifecycle/test_api_desk.py",
    "months": "closed, not made: tests/billing/test_money_api.py",
    "notifications/wishes": "one's own, chosen and not made: tests/notify/test_api.py",
    "reservations": "of many cards in one request: tests/agents/test_requests.py",
    "my/data-requests": "one's own alone: tests/lifecycle/test_own_api.py",
    "reverifications": "for many cards in one request: tests/lifecycle/test_api_registers.py",
    "targets": "many in one request: tests/agents/test_twins_api.py",
    "tokens": "told once, without an id: tests/accounts/test_tokens.py",
    "usage": "many in one request: tests/billing/test_feed.py",
    "usage/imports": "a file: tests/billing/test_imports_api.py",
}
