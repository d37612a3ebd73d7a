"""What billing tells people."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

USAGE_LACKS = register(
    "billing.usage_lacks",
    subject=_("Call records of {source} are missing: {days}"),
    body=_("Import them while the carrier still has them: until {until}. After that nobody can get them."),
)
RETENTION_WAITS = register(
    "billing.retention_waits",
    subject=_("Retention waits for your word: {label}"),
    body=_("More than usual would go: {count}. Look whether the months are right, then confirm, or set them longer."),
)
CLAIM_SENT = register(
    "billing.claim_sent",
    subject=_("{claimant} claims {amount} yuan for {month}"),
    body=_("Look at what fits and what does not, then approve or refuse it."),
)
CLAIM_APPROVED = register(
    "billing.claim_approved",
    subject=_("Your claim for {month} is approved: {amount} yuan"),
    body=_("{by} approved it. It is paid next, by somebody else."),
)
CLAIM_REFUSED = register(
    "billing.claim_refused",
    subject=_("Your claim for {month} is refused"),
    body=_("{by}: {reason} You may correct it and send it again."),
)
CLAIM_PAID = register(
    "billing.claim_paid",
    subject=_("Your claim for {month} is paid: {amount} yuan"),
    body=_("Reference of the payment: {reference}"),
)
TOP_UP_ASKED = register(
    "billing.top_up_asked",
    subject=_("{by} asks for a top-up: {amount} yuan"),
    body=_("Card {card}. {reason}"),
)
TOP_UP_TO_PAY = register(
    "billing.top_up_to_pay",
    subject=_("A top-up is to be paid: {amount} yuan"),
    body=_("Card {card}, approved by {by}. Pay it outside CardFleet, then record the payment."),
)
TOP_UP_APPROVED = register(
    "billing.top_up_approved",
    subject=_("Your top-up is approved: {amount} yuan"),
    body=_("Card {card}, approved by {by}. It is paid next."),
)
TOP_UP_REFUSED = register(
    "billing.top_up_refused",
    subject=_("Your top-up is turned down: {amount} yuan"),
    body=_("Card {card}. {by}: {reason}"),
)
TOP_UP_ARRIVED = register(
    "billing.top_up_arrived",
    subject=_("Your top-up is on the account: {amount} yuan"),
    body=_("Card {card}. Look whether the carrier's balance shows it."),
)
TOP_UP_RISKY = register(
    "billing.top_up_risky",
    subject=_("A top-up looks like a discounted slow one: {amount} yuan"),
    body=_("Card {card}, recorded by {by}: {reason} Look whether the seller is the carrier or one it authorised."),
)
TOP_UP_LATE = register(
    "billing.top_up_late",
    subject=_("A top-up has not come after a day: {amount} yuan"),
    body=_("Card {card}. Ask the carrier. If it came, record the arrival; if it came back, take the top-up back."),
)
TOP_UP_DOUBTED = register(
    "billing.top_up_doubted",
    subject=_("A balance does not show a top-up: {amount} yuan"),
    body=_("Card {card}. Ask the carrier where the money went, and read the balance again."),
)
BUDGET_MARK = register(
    "billing.budget_mark",
    subject=_("Budget used to {mark} %: {name}"),
    body=_("{used} of {amount} yuan; {forecast} by the end at this pace. Look what can wait."),
)
DISPUTE_OVERDUE = register(
    "billing.dispute_overdue",
    subject=_("{carrier} has not answered a complaint about a bill"),
    body=_("¥{amount} are disputed; the answer was due on {due_on}. Ask again, or complain to the regulator."),
)
BILL_DUE = register(
    "billing.bill_due",
    subject=_("A bill of {carrier} is to be paid: {account}"),
    body=_("¥{amount} are due today. Pay it, then record the payment on the bill's page."),
)
