"""What of a secret is shown at a time, how many wrong tries a card still bears, when its secrets are old (R24, R25)."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text

HIDDEN = "•"
# Wrong tries that a new PIN1 and PUK1 bear, by the field of the secret.
TRIES = {"pin1": 3, "puk1": 10}


def glimpse(value: str, *, at: int | None) -> str:
    """Return a secret with nothing but the character at place `at` (from 1) to be read; None shows it whole."""
    if at is None:
        return value
    return "".join(sign if place == at else HIDDEN for place, sign in enumerate(value, start=1))


def lock_advice(*, pin_left: int, puk_left: int) -> Text:
    """Return what to do about wrong tries; nothing while all are left (ETSI TS 102 221: 3 of a PIN, 10 of a PUK)."""
    if puk_left == 0:
        return _(
            "The card is dead after ten wrong PUKs. Report a fault: its registrant takes the ID to the carrier for a "
            "new SIM with the same number."
        )
    if pin_left == 0:
        return _("The PIN is locked. Dial **05*PUK*new PIN*new PIN# with the right PUK, then record the new PIN.")
    if pin_left < TRIES["pin1"] or puk_left < TRIES["puk1"]:
        return _("Do not guess: ask for the code to be revealed.")
    return ""


def to_change_on(changed_on: date, *, days: int) -> date:
    """Return the day by which secrets are to be changed again; a policy, SIMs know no such end (domain.md C11)."""
    return changed_on + timedelta(days=days)
