"""What lifecycle writes into the journal."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cardfleet.journal.registry import SAID_BY_SUBJECT, Meaning, one_of, register, words_of
from cardfleet.journal.subjects import register_subject
from cardfleet.kernel.errors import Text
from cardfleet.lists.registry import filter_label
from cards.choices import CustodyState, Severity
from cards.models import CarrierRule
from lifecycle.choices import (
    AlertKind,
    CaseKind,
    CaseOutcome,
    CaseSource,
    CheckCategory,
    ConnectionKind,
    ConnectionSubject,
    EscalationLevel,
    LawFinding,
    MatterKind,
    MatterOutcome,
    NoticeKind,
    NoticeResult,
    ProblemKind,
    QualityCause,
    ReportKind,
)
from lifecycle.playbooks.registry import reason_words, step_words
from lifecycle.rules.desk.matters import PLANS
from lifecycle.rules.kinds import KINDS

MATTER_STEPS = {plan.code: plan.label for plans in PLANS.values() for plan in plans}


def kind_words(code: str) -> Text:
    """Return what a kind of rule is called."""
    return KINDS[code].label if code in KINDS else code


def rule_words(rule: CarrierRule) -> str:
    """Return what a version of a rule is called."""
    return f"{kind_words(rule.kind)} v{rule.version}"


# Why an alert was raised is a code with its figures; the alert words them.
OF_ALERT: Mapping[str, Meaning] = {"kind": one_of(AlertKind), "code": SAID_BY_SUBJECT}
register("lifecycle.call_checked", _("Call checked"), icon="ear", values={"kind": one_of(CheckCategory)})
register("lifecycle.person_erased", _("Words about a person erased"), icon="eraser")
register("lifecycle.performance_exported", _("Performance exported"), icon="download")
ALERT_OPENED = register("lifecycle.alert_opened", _("Alert opened"), icon="alert-triangle", values=OF_ALERT)
ALERT_WORSENED = register("lifecycle.alert_worsened", _("Alert became graver"), icon="alert-triangle", values=OF_ALERT)
RISK_CHANGED = register("lifecycle.risk_changed", _("Risk changed"), icon="flame", values={"kinds": kind_words})
ALERT_CLOSED = register(
    "lifecycle.alert_closed",
    _("Alert closed: its cause is gone"),
    icon="circle-check",
    values=OF_ALERT,
)
ALERT_ACKNOWLEDGED = register("lifecycle.alert_acknowledged", _("Alert acknowledged"), icon="check", values=OF_ALERT)
APPROVAL_DECIDED = register(
    "lifecycle.approval_decided", _("Approval decided"), icon="gavel", values={"kind": kind_words}
)
COMPLAINT_RECORDED = register(
    "lifecycle.complaint_recorded",
    _("Complaint recorded"),
    icon="message-report",
    values={"kind": one_of(ReportKind)},
)
ALERT_REOPENED = register("lifecycle.alert_reopened", _("Alert came back"), icon="rotate-clockwise", values=OF_ALERT)
ALERT_SNOOZED = register("lifecycle.alert_snoozed", _("Alert rests"), icon="zzz", values=OF_ALERT)
ALERT_ASSIGNED = register(
    "lifecycle.alert_assigned",
    _("Alert assigned"),
    icon="user-check",
    values={"kind": one_of(AlertKind), "person": "accounts.user"},
)
ALERT_PUT_BACK = register("lifecycle.alert_put_back", _("Alert put back"), icon="arrow-back-up", values=OF_ALERT)
ALERT_ESCALATED = register("lifecycle.alert_escalated", _("Alert escalated"), icon="arrow-up", values=OF_ALERT)
NOTICE_RECORDED = register(
    "lifecycle.notice_recorded", _("Carrier notice recorded"), icon="speakerphone", values={"kind": one_of(NoticeKind)}
)
NOTICE_WITHDRAWN = register("lifecycle.notice_withdrawn", _("Carrier notice withdrawn"), icon="arrow-back-up")
ESCALATION_CHANGED = register(
    "lifecycle.escalation_changed",
    _("Step of escalation changed"),
    icon="edit",
    values={"severity": one_of(Severity), "role": one_of(Role)},
)
ALERT_COMMENTED = register("lifecycle.alert_commented", _("Comment on an alert"), icon="message", values=OF_ALERT)
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
register(
    "lifecycle.card_switched",
    _("Spare took the place of a stopped card"),
    icon="arrows-exchange",
    values={"to": one_of(CustodyState)},
)
register("lifecycle.share_set", _("Share of spares set"), icon="adjustments")
register("lifecycle.notice_drafted", _("Notice of a changed number drafted"), icon="message")
register("lifecycle.notice_changed", _("Notice of a changed number changed"), icon="edit")
register("lifecycle.notice_text_written", _("Text of a notice written"), icon="edit")
register("lifecycle.recipients_listed", _("People to be told listed"), icon="users")
register("lifecycle.recipients_downloaded", _("People to be told downloaded"), icon="download")
register("lifecycle.recipients_forgotten", _("People to be told deleted after their time"), icon="trash")
register(
    "lifecycle.notice_result_recorded",
    _("Result of telling people recorded"),
    icon="check",
    values={"result": one_of(NoticeResult)},
)
register("lifecycle.forwarding_asked", _("Forwarding asked for"), icon="phone-outgoing")
register("lifecycle.forwarding_set_up", _("Forwarding set up"), icon="phone-outgoing")
register("lifecycle.forwarding_ended", _("Forwarding ended"), icon="phone-x")
FILTERED = {"filters": filter_label}
FLEET_EXPORTED = register("lifecycle.fleet_exported", _("Card list exported"), icon="download", values=FILTERED)
register("lifecycle.devices_exported", _("Device list exported"), icon="download", values=FILTERED)
register("lifecycle.downtime_exported", _("Downtime report exported"), icon="download", values=FILTERED)
register("lifecycle.suspension_policy_changed", _("Rules for stops changed"), icon="edit")
register("lifecycle.review_plan_recorded", _("Interval of number reviews recorded"), icon="checklist")
register("lifecycle.review_plan_edited", _("Interval of number reviews changed"), icon="checklist")

OF_CONNECTION = {"kind": one_of(ConnectionKind), "topic": one_of(ConnectionSubject)}
register("lifecycle.connection_recorded", _("Connection recorded"), icon="plug", values=OF_CONNECTION)
register("lifecycle.connection_edited", _("Connection changed"), icon="plug")
register("lifecycle.connection_asked", _("Connection asked to run at once"), icon="player-play")
register("lifecycle.connection_failing", _("Connection fails"), icon="plug-off")
register("lifecycle.connection_recovered", _("Connection works again"), icon="plug")

OF_STEP = {"step": step_words}
register(
    "lifecycle.case_opened",
    _("Case opened"),
    icon="briefcase",
    values={"kind": one_of(CaseKind), "source": one_of(CaseSource), "reason": reason_words},
)
register("lifecycle.step_done", _("Step of a case done"), icon="check", values=OF_STEP)
register("lifecycle.step_confirmed", _("Step of a case confirmed by a second person"), icon="checks", values=OF_STEP)
register("lifecycle.step_skipped", _("Step of a case left out"), icon="player-skip-forward", values=OF_STEP)
register("lifecycle.step_reopened", _("Step of a case put right"), icon="arrow-back-up", values=OF_STEP)
register("lifecycle.step_proved", _("Proof attached to a case"), icon="paperclip", values=OF_STEP)
register(
    "lifecycle.case_contact",
    _("Contact with the carrier recorded"),
    icon="phone",
    values={"level": one_of(EscalationLevel)},
)
register("lifecycle.case_commented", _("Comment on a case"), icon="message")
register("lifecycle.case_assigned", _("Case assigned"), icon="user-check", values={"person": "accounts.user"})
register("lifecycle.case_escalated", _("Case escalated"), icon="arrow-up", values={"level": one_of(EscalationLevel)})
register(
    "lifecycle.case_closed",
    _("Case closed"),
    icon="circle-check",
    values={"kind": one_of(CaseKind), "outcome": one_of(CaseOutcome)},
)
for _code, _label, _icon in (
    ("problem_recorded", _("Customer's problem recorded"), "message-report"),
    ("problem_solved", _("Customer's problem solved"), "circle-check"),
):
    register(f"lifecycle.{_code}", _label, icon=_icon, values={"kind": one_of(ProblemKind)})
register("lifecycle.calls_rated", _("Quality of calls rated"), icon="star", values={"cause": one_of(QualityCause)})
register("lifecycle.playbook_written", _("Playbook written"), icon="list-check", values={"kind": one_of(CaseKind)})

for _code, _label, _icon in (
    ("matter_opened", _("Matter of the desk opened"), "inbox"),
    ("matter_step_done", _("Step of a matter done"), "check"),
    ("matter_extended", _("Matter takes longer"), "clock"),
    ("matter_closed", _("Matter of the desk closed"), "circle-check"),
):
    register(
        f"lifecycle.{_code}",
        _label,
        icon=_icon,
        values={"kind": one_of(MatterKind), "outcome": one_of(MatterOutcome), "step": words_of(MATTER_STEPS)},
    )
for _code, _label, _icon in (
    ("desk_entered", _("Recorded at the compliance desk"), "file-plus"),
    ("desk_edited", _("Changed at the compliance desk"), "edit"),
    ("law_reviewed", _("Law or contract reviewed"), "gavel"),
    ("checklist_written", _("Checklist written"), "list-check"),
    ("audit_opened", _("Audit begun"), "checklist"),
    ("audit_answered", _("Questions of an audit answered"), "edit"),
    ("audit_closed", _("Audit closed"), "circle-check"),
    ("article_written", _("Article written"), "book"),
):
    register(f"lifecycle.{_code}", _label, icon=_icon, values={"finding": one_of(LawFinding)})

PACK_WORDS = {"names": _("names in full"), "numbers": _("card numbers in full")}
register("lifecycle.pack_asked", _("Evidence pack asked for"), icon="file-zip", values={"whole": words_of(PACK_WORDS)})
register("lifecycle.pack_made", _("Evidence pack made"), icon="file-zip")
register_subject("lifecycle.evidencepack", url_name="lifecycle:pack-made")
register_subject("lifecycle.matter", url_name="lifecycle:matter")
register_subject("lifecycle.law", url_name="lifecycle:law")
register_subject("lifecycle.audit", url_name="lifecycle:audit")
register_subject("lifecycle.article", url_name="lifecycle:article")
register_subject("lifecycle.checklist", url_name="admin:lifecycle_checklist_change")
register_subject("lifecycle.directoryentry", url_name="admin:lifecycle_directoryentry_change")
register_subject("lifecycle.impactassessment", url_name="admin:lifecycle_impactassessment_change")
register_subject("lifecycle.carriernotice")
register_subject("lifecycle.case", url_name="lifecycle:case")
register_subject("lifecycle.suspensionpolicy", url_name="admin:lifecycle_suspensionpolicy_change")
register_subject("lifecycle.numberreviewplan", url_name="admin:lifecycle_numberreviewplan_change")
register_subject("lifecycle.playbook", url_name="admin:lifecycle_playbook_change")
register_subject("lifecycle.numbernotice", url_name="lifecycle:number-notice", related=("old_card",))
register_subject("lifecycle.noticetext", url_name="admin:lifecycle_noticetext_change")
register_subject("lifecycle.standbyshare", url_name="admin:lifecycle_standbyshare_change")
register_subject("lifecycle.escalationstep", url_name="admin:lifecycle_escalationstep_change")
register_subject("cards.carrierrule", url_name="admin:cards_carrierrule_change", called=rule_words)
