"""What billing tells people."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

USAGE_LACKS = register(
    "billing.usage_lacks",
    subject=_("Call records of {source} are missing: {days}"),
    body=_("Import them while the carrier still has them: until {until}. After that nobody can get them."),
)
USAGE_REFUSED = register(
    "billing.usage_refused",
    subject=_("A file of call records was refused: {name}"),
    body=_("{reason} The file lies in the folder refused of source {source}."),
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
