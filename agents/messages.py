"""What agents tells people."""

from django.utils.translation import gettext_lazy as _

from cardfleet.notify.wording import register

HANDED_OVER = register(
    "agents.handed_over",
    subject=_("Cards handed to you: {count}"),
    body=_("{by} handed them to you. Sign for all of them at once under My cards; you cannot call before."),
)
ACCEPTANCE_DUE = register(
    "agents.acceptance_due",
    subject=_("Cards you have not signed for: {count}"),
    body=_("{by} reminds you to sign for them under My cards. You cannot call with them before.\n{lines}"),
)
REQUESTED = register(
    "agents.requested",
    subject=_("{agent} asks for cards: {count}"),
    body=_("{reason}"),
)
REQUEST_APPROVED = register(
    "agents.request_approved",
    subject=_("Your request for cards is approved: {count}"),
    body=_("{by} approved it. The cards are handed to you next."),
)
REQUEST_REJECTED = register(
    "agents.request_rejected",
    subject=_("Your request for cards is rejected: {count}"),
    body=_("{by}: {reason}"),
)
RETURNS_DUE = register(
    "agents.returns_due",
    subject=_("Cards to give back: {count}"),
    body=_("{lines}"),
)
RETURNS_LATE = register(
    "agents.returns_late",
    subject=_("Cards that did not come back: {count}"),
    body=_("{lines}"),
)
CONFIRM_DETAILS = register(
    "agents.confirm_details",
    subject=_("Confirm the details of your cards: {count}"),
    body=_("Once a quarter: open My cards, look whether all is right, and confirm.\n{lines}"),
)
DETAILS_WRONG = register(
    "agents.details_wrong",
    subject=_("{agent} says that details of {card} are wrong"),
    body=_("{note}"),
)
DELEGATION_GIVEN = register(
    "agents.delegation_given",
    subject=_("{giver} lends {receiver} the sight of {team}"),
    body=_("From {start} until {end}. {reason}\nBoth of you can end it earlier on the page."),
)
DELEGATION_ENDS = register(
    "agents.delegation_ends",
    subject=_("The sight of {team} lent by {giver} ends at {end}"),
    body=_("{receiver} does not see {team} any more from then on. Lend it anew if it is still needed."),
)
DELEGATION_ENDED = register(
    "agents.delegation_ended",
    subject=_("The sight of {team} lent by {giver} has ended"),
    body=_("It was ended at {end}. {receiver} does not see {team} by it any more."),
)
