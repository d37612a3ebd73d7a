"""What lifecycle tells people."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify import topics
from cardfleet.notify.wording import register
from lifecycle.choices import AlertKind

ALERTS = register(
    "lifecycle.alerts",
    subject=_("Needs attention: {count}"),
    body=_("{lines}"),
)
RULE_UNREADABLE = register(
    "lifecycle.rule_unreadable",
    subject=_("A carrier rule cannot be applied: {kind}"),
    body=_(
        "The further values of rule {kind}, version {version} from {start}, cannot be read. It is left out; a less "
        "specific rule of its kind holds where there is one. Write a new version of it."
    ),
)
ACCOUNT_UNANSWERED = register(
    "lifecycle.account_unanswered",
    subject=_("Nobody answers for the service account {account}"),
    body=_("{owner} left, and its tokens ended with that. Pass it on to somebody and issue it a token, or end it."),
)
MY_ALERTS = register(
    "lifecycle.my_alerts",
    subject=_("About your cards: {count}"),
    body=_("{lines}"),
)
DIGEST = register(
    "lifecycle.digest",
    subject=_("Open alerts today: {count}"),
    body=_("{lines}"),
)
ESCALATED = register(
    "lifecycle.escalated",
    subject=_("Nobody sees to these alerts: {count}"),
    body=_("{lines}"),
)
ASSIGNED = register(
    "lifecycle.assigned",
    subject=_("Assigned to you: {count}"),
    body=_("{by} gave you alerts to see to."),
)
REMINDED = register(
    "lifecycle.holder_reminded",
    subject=_("{by} reminds you of {count} cards"),
    body=_("{text}\n{lines}"),
)
CASE_SEEN = register(
    "lifecycle.case_seen",
    subject=_("{kind} #{case}: the card is “{state}” now"),
    body=_("{card}: the carrier did what the case waits for. Go on with it."),
)
CASE_REPORTED = register(
    "lifecycle.case_reported",
    subject=_("{kind} #{case} was reported by an agent"),
    body=_("{card}: see to it now, its clock runs."),
)
CASE_OVERDUE = register(
    "lifecycle.case_overdue",
    subject=_("{kind} #{case} is overdue"),
    body=_("{card}: a step was not done in time."),
)
CASE_ESCALATED = register(
    "lifecycle.case_escalated",
    subject=_("{kind} #{case} goes to: {level}"),
    body=_("{card}: nobody answered in time. Ask again there and record what is said."),
)
PLAN_NOT_CHANGED = register(
    "lifecycle.plan_not_changed",
    subject=_("{kind} #{case}: the plan could not be changed"),
    body=_("{card}: its day has come, but something is in the way. The case says what."),
)
CASE_GIVEN = register(
    "lifecycle.case_given", subject=_("{kind} #{case} is yours now"), body=_("{card}: see what is to be done next.")
)
CARD_SWITCHED = register(
    "lifecycle.card_switched",
    subject=_("{agent} has another card: {new} in place of {old}"),
    body=_("{by} switched it. Lost: {count} minutes. The agent signs for it, the customers are to be told."),
)
CASES_GIVEN = register(
    "lifecycle.cases_given",
    subject=_("Cases given to you: {count}"),
    body=_("See under Cases, Mine, what is to be done next."),
)
CALL_CHECKED = register(
    "lifecycle.call_checked",
    subject=_("A call of yours of {day} was checked: {points} points"),
    body=_("See under My work what was said of it."),
)
APPRAISED = register(
    "lifecycle.appraised",
    subject=_("Your appraisal of {month} waits for your signature"),
    body=_("{by} wrote it. Read it under My work, comment on it if you like, and sign."),
)
TRAINING_LAPSED = register(
    "lifecycle.training_lapsed",
    subject=_("Your training {course} has ended"),
    body=_("It counted until {day}. No card is handed to you; yours go back on {back} unless you pass it before."),
)
FORWARDING_ENDS = register(
    "lifecycle.forwarding_ends",
    subject=_("The forwarding of {old} ends on {day}"),
    body=_("Calls to {old} go to {new} until {day}. Let it run longer at the carrier, or end it, and record it."),
)
FORWARDING_WAITS = register(
    "lifecycle.forwarding_waits",
    subject=_("The forwarding of {old} is not set up yet"),
    body=_("Calls to {old} should go to {new} until {day}. Set it up at the carrier or in the phone, and record it."),
)
SECRET_SEEN = register(
    "lifecycle.secret_seen",
    subject=_("{by} saw a PIN or password of {card}"),
    body=_("The reason given: {reason}"),
)
DESK_LATE = register(
    "lifecycle.desk_late",
    subject=_("Overdue at the compliance desk: {what}"),
    body=_("{what} was due on {day}: {step}."),
)
LAW_CHANGED = register(
    "lifecycle.law_changed", subject=_("Changed: {law}"), body=_("{note}\nIt is in the register of laws.")
)
REQUEST_ENDED = register(
    "lifecycle.request_ended",
    subject=_("Your request #{matter}: {outcome}"),
    body=_("What was decided, and the files of the answer, are on the page of your data."),
)
ID_CHECK = register(
    "lifecycle.id_check",
    subject=_("Yearly check of the numbers under your ID: {year}"),
    body=_("Look up how many numbers are registered under your ID and answer on the page. Nobody can do it for you."),
)
CONNECTION_FAILS = register(
    "lifecycle.connection_fails",
    subject=_("The connection {name} fails"),
    body=_(
        "{count} times in a row. {reason} It is tried again by itself; what it fetches is not up to date meanwhile."
    ),
)
NEWCOMERS = register(
    "lifecycle.newcomers",
    subject=_("New agents from HR: {count}"),
    body=_("Their one-time passwords are in this file for a day. Hand them out, then delete your copy."),
)
CONNECTION_WORKS = register(
    "lifecycle.connection_works",
    subject=_("The connection {name} works again"),
    body=_("It had failed since {since}."),
)
TOPICS = {kind: topics.register(f"alert.{kind}", kind.label) for kind in AlertKind}
ESCALATIONS = topics.register("alert.escalated", _("Alerts nobody sees to"))
