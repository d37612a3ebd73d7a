"""What can be done to agents, training and assignments."""

from django.utils.translation import gettext_lazy as _

from agents.choices import ApprovalLevel, Detail, LeavingTaskKind, ListingKind, Metric, RewardKind
from cardfleet.journal.registry import one_of, register
from cardfleet.journal.subjects import register_subject
from cards.choices import Condition, CustodyState, Purpose

register("agents.agent_created", _("Agent entered"), icon="user-plus")
register("agents.agent_updated", _("Agent changed"), icon="user-edit")
register("agents.agent_held", _("Agent put on hold"), icon="user-pause")
register("agents.agent_released", _("Agent released from hold"), icon="user-check")
register("agents.agent_left", _("Agent left"), icon="user-off", values={"held": "cards.card"})
register("agents.agent_rejoined", _("Agent came back"), icon="user-plus")
register("agents.absence_recorded", _("Absence recorded"), icon="calendar-off")
register("agents.absence_ended", _("Absence ended"), icon="calendar-check")
register("agents.agents_imported", _("Agents imported"), icon="users-plus")
register("agents.training_recorded", _("Training recorded"), icon="certificate")
register("agents.training_revoked", _("Training record revoked"), icon="certificate-off")
register("agents.course_saved", _("Course saved"), icon="book")
register("agents.course_published", _("Version of a course published"), icon="book-upload")
register("agents.test_taken", _("Test taken"), icon="list-check")
register("agents.policy_saved", _("Policy saved"), icon="file-text")
register("agents.policy_published", _("Policy published"), icon="file-upload")
register("agents.policy_acknowledged", _("Policy acknowledged"), icon="file-check")
register("agents.plan_made", _("Training planned"), icon="calendar-plus")
register("agents.plan_withdrawn", _("Training plan withdrawn"), icon="calendar-off")
register("agents.card_issued", _("Card handed out"), icon="arrow-right")
register("agents.acceptance_reminded", _("Reminded to accept"), icon="bell")
register("agents.card_accepted", _("Card accepted"), icon="signature")
register("agents.card_written_off", _("Lost card written off from its holder"), icon="help-octagon")
register("agents.new_sim_handed", _("New SIM handed over"), icon="replace")
register(
    "agents.card_returned",
    _("Card returned"),
    icon="arrow-back-up",
    values={"to": one_of(CustodyState), "condition": one_of(Condition)},
)
register("agents.handout_undone", _("Hand-out undone"), icon="arrow-back")
register("agents.card_taken_over", _("Card taken over in an agent's hands"), icon="package-import")
register("agents.card_moved_with_agent", _("Card moved to the agent's new team"), icon="arrows-exchange")
register("agents.card_transferred", _("Card passed on to another agent"), icon="arrows-exchange")
register("agents.handover_signed", _("Hand-over receipt signed"), icon="signature")
register("agents.card_reserved", _("Card reserved"), icon="bookmark")
register("agents.reservation_cancelled", _("Reservation cancelled"), icon="bookmark-off")
register("agents.card_requested", _("Cards requested"), icon="message-plus")
register("agents.request_approved", _("Request approved"), icon="circle-check", values={"level": one_of(ApprovalLevel)})
register("agents.request_rejected", _("Request rejected"), icon="circle-x", values={"level": one_of(ApprovalLevel)})
register("agents.request_withdrawn", _("Request taken back"), icon="arrow-back-up")
register("agents.return_day_changed", _("Expected return changed"), icon="calendar-due")
register(
    "agents.card_confirmed",
    _("Details confirmed by the holder"),
    icon="clipboard-check",
    values={"wrong": one_of(Detail)},
)
register("agents.confirmation_settled", _("Details put right"), icon="circle-check", values={"wrong": one_of(Detail)})
LISTED = {"kind": one_of(ListingKind), "purpose": one_of(Purpose)}
register("agents.callee_listed", _("Callee listed"), icon="address-book", values=LISTED)
register("agents.callees_listed", _("Callees listed"), icon="address-book")
register("agents.listing_withdrawn", _("Callee's entry withdrawn"), icon="address-book-off", values=LISTED)

register("agents.notice_given", _("Notice given"), icon="door-exit")
register("agents.leaving_withdrawn", _("Leaving taken back"), icon="arrow-back-up")
register("agents.leaving_task_done", _("Wound up"), icon="circle-check", values={"kind": one_of(LeavingTaskKind)})
register("agents.leaving_finished", _("Leaving wound up"), icon="circle-check")
register("agents.leaving_policy_changed", _("Rules for leavers changed"), icon="adjustments")

register("agents.targets_set", _("Targets set"), icon="target", values={"kind": one_of(Metric)})
register("agents.calls_planned", _("Calls planned"), icon="calendar-plus")
register("agents.call_plan_withdrawn", _("Plan of calls withdrawn"), icon="calendar-off")
register("agents.script_written", _("Script written"), icon="message-2")
register("agents.script_approved", _("Script approved"), icon="message-check")
register("agents.reward_recorded", _("Reward or penalty recorded"), icon="award", values={"kind": one_of(RewardKind)})
register("agents.reward_withdrawn", _("Reward or penalty withdrawn"), icon="award-off")
register("agents.appraised", _("Appraisal written"), icon="clipboard-text")
register("agents.appraisal_signed", _("Appraisal signed by the agent"), icon="signature")

register("agents.take_started", _("Stock-take started"), icon="clipboard-list")
register("agents.take_settled", _("Differences of a stock-take settled"), icon="clipboard-check")
register("agents.take_closed", _("Stock-take closed"), icon="clipboard-check")

register_subject("agents.stocktake", url_name="agents:take", related=("location", "agent__user"))
register_subject("agents.leaving", url_name="lifecycle:leaver", related=("agent__user",))
register_subject("agents.agent", url_name="agents:detail", related=("user",))
register_subject("agents.handover", url_name="agents:receipt", related=("agent",))
register_subject("agents.course", url_name="agents:course")
register_subject("agents.policy", url_name="agents:policy")
register_subject("agents.script", url_name="agents:script")
register_subject("agents.callplan")
register_subject("agents.trainingplan", related=("course",))
