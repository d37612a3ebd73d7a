"""What lifecycle writes into the journal."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.registry import register

ALERT_OPENED = register("lifecycle.alert_opened", _("Alert opened"), icon="alert-triangle")
ALERT_WORSENED = register("lifecycle.alert_worsened", _("Alert became graver"), icon="alert-triangle")
RISK_CHANGED = register("lifecycle.risk_changed", _("Risk changed"), icon="flame")
ALERT_CLOSED = register("lifecycle.alert_closed", _("Alert closed: its cause is gone"), icon="circle-check")
ALERT_ACKNOWLEDGED = register("lifecycle.alert_acknowledged", _("Alert acknowledged"), icon="check")
COMPLAINT_RECORDED = register("lifecycle.complaint_recorded", _("Complaint recorded"), icon="message-report")
FLEET_EXPORTED = register("lifecycle.fleet_exported", _("Card list exported"), icon="download")
