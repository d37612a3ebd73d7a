"""How values are shown: word, colour and icon of every state, always all three (mockups; design section 7).

Keys are the plain values the apps store. Words are the msgids the apps' own choices carry, so that a state is
called the same everywhere. A tone is the name of a `tone-*` class in static/css/tokens.css.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Style = Literal["tint", "filled", "outline"]

HIGH_RISK, MEDIUM_RISK = 70, 40


@dataclass(frozen=True, kw_only=True)
class Look:
    """The look of one value. Service states are tinted, custody is outlined: the two are never confused."""

    word: Text
    icon: str
    tone: str = "gray"
    style: Style = "tint"


SERVICE = {
    "pending": Look(word=_("Not activated"), tone="azure", icon="hourglass"),
    "active": Look(word=_("In service"), tone="green", icon="circle-check"),
    "half_stop": Look(word=_("One-way stop"), tone="orange", icon="phone-x"),
    "full_stop": Look(word=_("Two-way stop"), tone="red", icon="phone-off"),
    "voluntary_stop": Look(word=_("Voluntary stop"), tone="cyan", icon="player-pause"),
    "lost_stop": Look(word=_("Reported lost"), tone="purple", icon="help-octagon"),
    "forced_stop": Look(word=_("Forced stop"), tone="red", icon="ban", style="filled"),
    "reverify_stop": Look(word=_("Re-verification stop"), tone="pink", icon="user-scan"),
    "cancel_pending": Look(word=_("Cancellation under way"), tone="yellow", icon="file-x"),
    "pre_cancelled": Look(word=_("Pre-cancelled"), tone="yellow", icon="hourglass-low"),
    "cancelled": Look(word=_("Cancelled"), icon="circle-off"),
    "frozen": Look(word=_("Number frozen"), icon="snowflake"),
    "released": Look(word=_("Number released"), icon="logout"),
    "ported_out": Look(word=_("Ported out"), icon="arrow-bar-right"),
    "transferred": Look(word=_("Transferred"), icon="arrows-exchange"),
}

CUSTODY = {
    "in_stock": Look(word=_("In stock"), icon="building-warehouse", style="outline"),
    "spare": Look(word=_("Spare"), icon="archive", style="outline"),
    "issued": Look(word=_("Issued"), icon="user-check", style="outline"),
    "awaiting_acceptance": Look(word=_("To be accepted"), tone="blue", icon="signature"),
    "resting": Look(word=_("Resting"), icon="coffee", style="outline"),
    "return_due": Look(word=_("Return due"), tone="blue", icon="arrow-back-up"),
    "returned": Look(word=_("Returned"), icon="package-import", style="outline"),
    "faulty": Look(word=_("Faulty"), tone="orange", icon="tool"),
    "missing": Look(word=_("Missing"), tone="purple", icon="help-octagon"),
    "destroyed": Look(word=_("Destroyed"), icon="trash", style="outline"),
}

FLAG = {
    "arrears": Look(word=_("Arrears"), tone="orange", icon="wallet"),
    "expiring": Look(word=_("Expiring"), tone="yellow", icon="calendar-due"),
    "silent": Look(word=_("Long unused"), icon="zzz"),
    "reverify_due": Look(word=_("Second verification due"), tone="pink", icon="user-scan"),
    "marked": Look(word=_("Labelled by the public"), tone="orange", icon="flag"),
    "contract_locked": Look(word=_("Within contract term"), icon="lock"),
    "illustrative": Look(word=_("Illustrative"), tone="yellow", icon="test-pipe"),
    "approval": Look(word=_("Approval wanted"), tone="yellow", icon="gavel"),
    "case": Look(word=_("Case waits too long"), tone="orange", icon="briefcase"),
    "desk": Look(word=_("Desk waits too long"), tone="orange", icon="gavel"),
    "connection": Look(word=_("Connection fails"), tone="orange", icon="plug-off"),
    "leaver": Look(word=_("Leaver has a card"), tone="red", icon="user-off"),
}

RISK = {
    "high": Look(word=_("High risk"), tone="red", icon="flame"),
    "medium": Look(word=_("Medium risk"), tone="yellow", icon="alert-triangle"),
    "low": Look(word=_("Low risk"), tone="green", icon="shield-check"),
}

SEVERITY = {
    "info": Look(word=_("Information"), tone="blue", icon="info-circle"),
    "warn": Look(word=_("Warning"), tone="yellow", icon="alert-triangle"),
    "high": Look(word=_("High"), tone="orange", icon="alert-triangle"),
    "critical": Look(word=_("Critical"), tone="red", icon="flame"),
}

JOB = {
    "queued": Look(word=_("Waiting"), tone="azure", icon="hourglass"),
    "running": Look(word=_("Running"), tone="blue", icon="loader"),
    "done": Look(word=_("Done"), tone="green", icon="check"),
    "partial": Look(word=_("Partly done"), tone="orange", icon="alert-triangle"),
    "failed": Look(word=_("Failed"), tone="red", icon="x"),
}

BATCH = {
    "received": Look(word=_("To be started"), tone="azure", icon="hourglass"),
    "pending": Look(word=_("Waiting"), tone="blue", icon="loader"),
    "stored": Look(word=_("Stored"), tone="green", icon="check"),
    "failed": Look(word=_("Failed"), tone="red", icon="x"),
    "revoked": Look(word=_("Revoked"), tone="gray", icon="arrow-back-up"),
}

ORDER = {
    "ordered": Look(word=_("Ordered"), tone="azure", icon="hourglass"),
    "partly": Look(word=_("Partly received"), tone="blue", icon="package-import"),
    "received": Look(word=_("All received"), tone="green", icon="check"),
    "closed": Look(word=_("Closed short"), tone="gray", icon="x"),
}

DIFFERENCE = {
    "none": Look(word=_("As expected"), tone="green", icon="check"),
    "missing": Look(word=_("Not found"), tone="red", icon="help-octagon"),
    "misplaced": Look(word=_("Belongs elsewhere"), tone="orange", icon="arrows-exchange"),
    "unknown": Look(word=_("Of no card"), tone="gray", icon="barcode"),
}


DEVICE = {
    "ready": Look(word=_("In order"), tone="green", icon="circle-check"),
    "repair": Look(word=_("Under repair"), tone="orange", icon="tool"),
    "lost": Look(word=_("Lost"), tone="purple", icon="help-octagon"),
    "retired": Look(word=_("Retired"), icon="archive"),
    "superseded": Look(word=_("Wrongly recorded"), icon="arrow-back-up"),
}

OUTCOME = {
    "ok": Look(word=_("In order"), tone="green", icon="check"),
    "short": Look(word=_("Short"), tone="orange", icon="alert-triangle"),
    "bad": Look(word=_("Not in order"), tone="red", icon="x"),
}

STEP = {
    "waiting": Look(word=_("Not yet"), icon="hourglass"),
    "open": Look(word=_("To be done"), tone="blue", icon="circle-dot"),
    "half_done": Look(word=_("Waits for a second person"), tone="yellow", icon="users"),
    "done": Look(word=_("Done"), tone="green", icon="circle-check"),
    "skipped": Look(word=_("Left out"), icon="player-skip-forward"),
    "void": Look(word=_("Put right"), icon="arrow-back-up"),
}

ENDING = {
    "": Look(word=_("Open"), tone="blue", icon="briefcase"),
    "restored": Look(word=_("Restored"), tone="green", icon="circle-check"),
    "replaced": Look(word=_("Replaced"), tone="green", icon="arrows-exchange"),
    "cancelled": Look(word=_("Cancelled"), icon="circle-off"),
    "kept": Look(word=_("Kept"), tone="green", icon="check"),
    "withdrawn": Look(word=_("Withdrawn"), icon="arrow-back-up"),
    "refused": Look(word=_("Turned down"), tone="orange", icon="x"),
    "transferred": Look(word=_("Transferred"), icon="arrows-exchange"),
    "ported_out": Look(word=_("Ported out"), icon="arrow-bar-right"),
    "destroyed": Look(word=_("Destroyed"), icon="trash"),
    "corrected": Look(word=_("Corrected"), tone="green", icon="check"),
    "lapsed": Look(word=_("Lapsed"), tone="gray", icon="hourglass-low"),
}

TOP_UP = {
    "asked": Look(word=_("Waiting for approval"), tone="blue", icon="hourglass"),
    "approved": Look(word=_("To be paid"), tone="yellow", icon="coin-yuan"),
    "refused": Look(word=_("Not approved"), tone="orange", icon="x"),
    "paid": Look(word=_("Paid, not yet there"), tone="azure", icon="clock"),
    "arrived": Look(word=_("On the account"), tone="green", icon="check"),
    "confirmed": Look(word=_("Confirmed by a balance"), tone="green", icon="circle-check"),
    "withdrawn": Look(word=_("Taken back"), icon="arrow-back-up"),
}

CLAIM = {
    "draft": Look(word=_("Draft, not sent"), icon="pencil", style="outline"),
    "submitted": Look(word=_("Awaiting approval"), tone="blue", icon="hourglass"),
    "approved": Look(word=_("Approved, not paid yet"), tone="cyan", icon="circle-check"),
    "paid": Look(word=_("Paid out"), tone="green", icon="cash"),
    "refused": Look(word=_("Turned back"), tone="red", icon="circle-x"),
    "withdrawn": Look(word=_("Taken back"), icon="arrow-back-up"),
}
FAMILIES = {
    "service": SERVICE,
    "custody": CUSTODY,
    "flag": FLAG,
    "risk": RISK,
    "severity": SEVERITY,
    "job": JOB,
    "batch": BATCH,
    "difference": DIFFERENCE,
    "order": ORDER,
    "device": DEVICE,
    "outcome": OUTCOME,
    "step": STEP,
    "ending": ENDING,
    "top_up": TOP_UP,
    "claim": CLAIM,
}


def look(family: str, value: str) -> Look:
    """Return the look of a value; KeyError for a family or value that has none, so that none is forgotten."""
    return FAMILIES[family][value]


def risk_band(score: int) -> str:
    """Return `high` from 70, `medium` from 40, else `low`, for a score of 0 to 100."""
    if score >= HIGH_RISK:
        return "high"
    return "medium" if score >= MEDIUM_RISK else "low"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list. `sort` is the name it is sorted by in the URL (`?sort=name`, `?sort=-name`).

    `css` takes `num` for figures (right-aligned) and `off-phone` for what a phone leaves out.
    """

    label: Text
    sort: str = ""
    css: str = ""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart and the table that says the same.

    `option` is an ECharts option as plain data; a text such as `tone:red` or `ink:muted` stands for that colour in
    the theme the page is shown in. `rows` hold texts as they are shown, the first column naming the row.
    """

    id: str
    title: Text
    option: Mapping[str, Any]
    heads: Sequence[Text]
    rows: Sequence[Sequence[Any]]

    @property
    def option_id(self) -> str:
        """The id of the element that carries the option."""
        return f"{self.id}-option"
