"""Contracts with carriers: term, renewal, notice, penalty, call-frequency limit, number-change ban (R15, R103)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import BadInput, Reason
from cards.models import Contract
from cards.rules.contract_terms import ContractTerms, bound, last_day, running_end

EDITABLE = frozenset(
    {
        "number",
        "carrier",
        "starts_on",
        "first_months",
        "ends_on",
        "renewal_months",
        "notice",
        "notice_unit",
        "notice_given_on",
        "penalty_fixed",
        "penalty_share",
        "daily_call_limit",
        "purposes",
        "industries",
        "number_change_banned",
        "complaint_terms",
        "document",
    }
)


@transaction.atomic
def record_contract(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Contract:
    """Record a contract from values by field name; BadInput names the fields that do not hold."""
    contract = Contract()
    named = assign(contract, _with_end(contract, facts, now), editable=EDITABLE)
    contract.save(force_insert=True)
    record(actor=actor, action="cards.contract_recorded", subject=contract, now=now, data={"fields": named})
    return contract


@transaction.atomic
def edit_contract(*, contract_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Contract:
    """Change a contract; nothing is written where nothing differs."""
    contract = Contract.objects.select_for_update().get(pk=contract_id)
    changed = assign(contract, _with_end(contract, changes, now), editable=EDITABLE)
    if changed:
        contract.save(update_fields=changed)
        record(actor=actor, action="cards.contract_edited", subject=contract, now=now, data={"fields": changed})
    return contract


@transaction.atomic
def renew_contracts(*, today: date, now: datetime) -> int:
    """Move contracts that renewed themselves on to the term that runs today, and return how many.

    However late it runs they get the right term, and a second run finds nothing.
    """
    over = Contract.objects.filter(ends_on__lt=today, renewal_months__gt=0, notice_given_on=None)
    contracts, deeds = list(over.order_by("pk").select_for_update()), []
    for contract in contracts:
        before, contract.ends_on = contract.ends_on, running_end(contract.terms, on=today)
        data = {"from": str(before), "to": str(contract.ends_on)}
        deeds.append(Deed(action="cards.contract_renewed", subject=contract, data=data))
    Contract.objects.bulk_update(contracts, ["ends_on"])
    record_many(deeds, actor=None, now=now)
    return len(contracts)


def _with_end(contract: Contract, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the values with the last day of the term that runs, or that notice leaves; BadInput on a notice to come.

    It is reckoned from the first months where they are known, so that a notice entered late finds its own term.
    """
    done = dict(values)
    names = ("starts_on", "ends_on", "first_months", "renewal_months", "notice", "notice_unit", "notice_given_on")
    is_ = {name: done.get(name, getattr(contract, name)) for name in names}
    given, ends_on = is_["notice_given_on"], is_["ends_on"]
    _refuse_future(given, now)
    if is_["starts_on"] and is_["first_months"] and (given or ends_on is None):
        ends_on = last_day(is_["starts_on"], is_["first_months"])
        done["ends_on"] = ends_on
    if is_["starts_on"] and ends_on and is_["renewal_months"] and is_["starts_on"] < ends_on:
        terms = ContractTerms(
            starts_on=is_["starts_on"],
            ends_on=ends_on,
            renewal_months=is_["renewal_months"],
            notice=is_["notice"] or 0,
            notice_unit=is_["notice_unit"],
        )
        done["ends_on"] = _last_day_of(terms, given, business_day(now))
    return done


def _last_day_of(terms: ContractTerms, given: date | None, today: date) -> date | None:
    left = bound(terms, on=given) if given else None
    return left.until.on if left else running_end(terms, on=today)


def _refuse_future(given: date | None, now: datetime) -> None:
    if given and given > business_day(now):
        message = _("This has not happened yet. Correct the day.")
        raise BadInput(reasons=[Reason(code="in_the_future", field="notice_given_on", message=message)])
