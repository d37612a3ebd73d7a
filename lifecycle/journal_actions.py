"""What lifecycle writes into the journal."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.registry import one_of, register
from cardfleet.journal.subjects import register_subject
from cardfleet.kernel.errors import Text
from cards.models import CarrierRule
from lifecycle.choices import AlertKind, ReportKind
from lifecycle.rules.kinds import KINDS


def kind_words(code: str) -> Text:
    """Return what a kind of rule is called."""
    return KINDS[code].label if code in KINDS else code


def rule_words(rule: CarrierRule) -> str:
    """Return what a version of a rule is called."""
    return f"{kind_words(rule.kind)} v{rule.version}"


ALERT_OPENED = register(
    "lifecycle.alert_opened", _("Alert opened"), icon="alert-triangle", values={"kind": one_of(AlertKind)}
)
ALERT_WORSENED = register(
    "lifecycle.alert_worsened", _("Alert became graver"), icon="alert-triangle", values={"kind": one_of(AlertKind)}
)
RISK_CHANGED = register("lifecycle.risk_changed", _("Risk changed"), icon="flame", values={"kinds": kind_words})
ALERT_CLOSED = register(
    "lifecycle.alert_closed",
    _("Alert closed: its cause is gone"),
    icon="circle-check",
    values={"kind": one_of(AlertKind)},
)
ALERT_ACKNOWLEDGED = register(
    "lifecycle.alert_acknowledged", _("Alert acknowledged"), icon="check", values={"kind": one_of(AlertKind)}
)
COMPLAINT_RECORDED = register(
    "lifecycle.complaint_recorded",
    _("Complaint recorded"),
    icon="message-report",
    values={"kind": one_of(ReportKind)},
)
CALENDAR_CHANGED = register("lifecycle.calendar_changed", _("Calendar of holidays changed"), icon="calendar")
COMPLAINT_TAKEN_BACK = register(
    "lifecycle.complaint_taken_back",
    _("Complaint taken back"),
    icon="message-report",
    values={"kind": one_of(ReportKind)},
)
NUMBER_MARKED = register("lifecycle.number_marked", _("Number marked by a platform"), icon="flag")
MARK_ENDED = register("lifecycle.mark_ended", _("Mark of a number ended"), icon="flag")
REVERIFICATION_NOTICED = register("lifecycle.reverification_noticed", _("Re-verification demanded"), icon="user-scan")
REVERIFICATION_DONE = register("lifecycle.reverification_done", _("Re-verification done"), icon="user-scan")
FLEET_EXPORTED = register("lifecycle.fleet_exported", _("Card list exported"), icon="download")

register_subject("cards.carrierrule", url_name="admin:cards_carrierrule_change", called=rule_words)
