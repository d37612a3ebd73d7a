"""The body of FreeSWITCH's `mod_json_cdr`: `variables.*`, whose values may be URL-encoded, and `callflow[]`.

Names of the source say whose extension, user or gateway it is, as for the other exchanges. The leg towards the
callee is posted with `log-b-leg` too; it is the same call again.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from billing.importers.mapped_json import at, text

GATEWAY = re.compile(r"sofia/gateway/([^/]+)/")
CALLERS = ("user_name", "sip_auth_username", "sip_from_user", "accountcode")
CALLEES = ("dialed_user", "dialed_extension", "sip_to_user")
LEGS = ("uuid", "bleg_uuid")
FURTHER_LEG = ("originator", "originating_leg_uuid", "signal_bond_originator")


def fits(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is such a body."""
    return isinstance(row.get("variables"), Mapping)


def call(row: Mapping[str, Any], names: Mapping[str, Collection[str]]) -> dict[str, str] | None:
    """Return a call in the generic names; None for a further leg, or a call between two extensions."""
    said = {name: _decoded(value) for name, value in row["variables"].items()}
    if any(said.get(name) for name in FURTHER_LEG):
        return None
    numbers = ("caller_id_number", "destination_number")
    source, dialled = (_decoded(at(row, f"callflow.0.caller_profile.{name}")) for name in numbers)
    extensions = names["extensions"]
    caller = _first([*(said.get(name, "") for name in CALLERS), source], extensions)
    callee = _first([*(said.get(name, "") for name in CALLEES), dialled], extensions)
    if caller and callee:
        return None
    from_outside = at(row, "callflow.0.caller_profile.context") == "public"
    outgoing = bool(caller) or not (callee or from_outside)
    return {
        "msisdn": caller or callee or (source if outgoing else dialled),
        "trunk": _first(_gateways(said), names["lines"]),
        "direction": "out" if outgoing else "in",
        "counterpart": dialled if outgoing else source,
        "started_at": said.get("start_epoch") or said.get("start_stamp", ""),
        "duration_s": said.get("billsec", ""),
        "answered": "yes" if _answered(said) else "no",
        "uid": min((said[name] for name in LEGS if said.get(name)), default=""),
        "failure_code": said.get("hangup_cause", ""),
        "failure_text": said.get("proto_specific_hangup_cause") or said.get("sip_term_status", ""),
    }


def _answered(said: Mapping[str, str]) -> bool:
    return said.get("answer_epoch", "0") not in ("", "0") or bool(said.get("answer_stamp"))


def _decoded(value: Any) -> str:
    return text(unquote(text(value)))


def _gateways(said: Mapping[str, str]) -> Iterable[str]:
    for name in ("last_arg", "bridge_channel", "last_bridge_channel", "current_application_data"):
        yield from GATEWAY.findall(said.get(name, ""))
    yield from (said[name] for name in ("sip_gateway_name", "sip_gateway") if said.get(name))


def _first(texts: Iterable[str], known: Collection[str]) -> str:
    return next((name for name in texts if name in known), "")
