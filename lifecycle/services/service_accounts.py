"""Service accounts whose owner left: administrators are told, once for each owner."""

from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from lifecycle.messages import ACCOUNT_UNANSWERED


@transaction.atomic
def tell_of_unanswered_accounts(*, now: datetime) -> dict[str, int]:
    """Tell every administrator of service accounts that nobody here answers for; run twice, once is enough."""
    left = list(User.objects.services().active().filter(owner__is_active=False).select_related("owner"))
    people = list(User.objects.with_right("accounts.add_user")) if left else []
    tell_many(tellings=[_telling(person, account) for person in people for account in left], now=now)
    return {"unanswered": len(left), "told": len(people)}


def _telling(person: User, account: User) -> Telling:
    return Telling(
        user=person,
        code=ACCOUNT_UNANSWERED,
        params={"account": account.name, "owner": str(account.owner)},
        key=f"service-account:{account.pk}:{account.owner_id}",
        url=url_or_empty("accounts:services"),
        email=True,
    )
