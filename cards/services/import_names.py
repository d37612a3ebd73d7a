"""The names in a card file: which carrier, plan, contract and registrant each means, or who has to be made."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason, Text
from cardfleet.kernel.simplified import simplified
from cards.choices import RegistrantKind
from cards.importers.rows import CardRow
from cards.models import Carrier, Contract, RatePlan, Registrant
from cards.rules.sanctions import no_new_number
from cards.selectors.sanctions import sanctioned_registrants
from cards.services.carriers import record_carrier
from cards.services.contracts import record_contract
from cards.services.plans import record_plan
from cards.services.registrants import record_registrant

COMPANY_WORDS = ("公司", "集团", "中心", "厂", "店", "行", "社", "部", "院", "工作室", "合伙", "Co.", "Ltd", "Inc")
LONGEST_PERSON = 4


@dataclass(frozen=True, kw_only=True)
class Named:
    """What the names of one row mean; None where the row names nothing."""

    carrier: Carrier
    plan: RatePlan | None
    contract: Contract | None
    registrant: Registrant | None


@dataclass
class Names:
    """All that names in a file may mean, by how they are compared; `made` lists what the import recorded itself.

    `sanctioned` are the registrants who get no new number, by id, each with the last day of that.
    """

    carriers: dict[str, Carrier]
    plans: dict[tuple[int, str], RatePlan]
    contracts: dict[tuple[int, str], Contract]
    registrants: dict[str, list[Registrant]]
    sanctioned: dict[int, date] = field(default_factory=dict)
    made: list[models.Model] = field(default_factory=list)

    def unknown(self, row: CardRow) -> list[Reason]:
        """Return a reason for each name of a row that means nothing, or more than one registrant."""
        carrier = self.carriers.get(_key(row.carrier))
        faults = []
        if carrier is None:
            faults.append(_unknown("carrier", row.carrier, _("This carrier is not recorded."), row.line))
        if row.plan and not (carrier and (carrier.pk, _key(row.plan)) in self.plans):
            faults.append(_unknown("plan", row.plan, _("This plan of the carrier is not recorded."), row.line))
        if row.contract and not (carrier and (carrier.pk, _key(row.contract)) in self.contracts):
            message = _("This contract with the carrier is not recorded.")
            faults.append(_unknown("contract", row.contract, message, row.line))
        return faults

    def ambiguous(self, row: CardRow) -> list[Reason]:
        """Return a reason when several registrants have the name."""
        if not row.registrant or len(self.registrants[_key(row.registrant)]) < 2:
            return []
        return [
            Reason(
                code="registrant_ambiguous",
                message=_("Several registrants have this name."),
                clears=_("Leave the cell empty and choose the registrant on the card's page."),
                field="registrant",
                line=row.line,
                value=row.registrant,
            )
        ]

    def barred(self, row: CardRow) -> list[Reason]:
        """Return a reason when the registrant may get no new number."""
        found = self.registrants[_key(row.registrant)] if row.registrant else []
        days = [self.sanctioned[one.pk] for one in found if one.pk in self.sanctioned]
        return [replace(no_new_number("registrant", day), line=row.line, value=row.registrant or "") for day in days]

    def has_all(self, row: CardRow) -> bool:
        """Tell whether each name of a row means one thing that is recorded and may get a new number."""
        is_made = bool(row.registrant) and not self.registrants[_key(row.registrant or "")]
        return not (is_made or self.unknown(row) or self.ambiguous(row) or self.barred(row))

    def meant(self, row: CardRow) -> Named:
        """Return what the names of a row mean; KeyError for one that is `unknown`."""
        carrier = self.carriers[_key(row.carrier)]
        registrants = self.registrants[_key(row.registrant)] if row.registrant else []
        return Named(
            carrier=carrier,
            plan=self.plans[carrier.pk, _key(row.plan)] if row.plan else None,
            contract=self.contracts[carrier.pk, _key(row.contract)] if row.contract else None,
            registrant=registrants[0] if registrants else None,
        )


def load_names(registrants: Collection[str], *, today: date) -> Names:
    """Read what names of carriers, plans and contracts, and these registrants, may mean, in five statements."""
    names = Names(carriers={}, plans={}, contracts={}, registrants=defaultdict(list))
    for carrier in Carrier.objects.all():
        _know_carrier(names, carrier)
    for plan in RatePlan.objects.all():
        names.plans[plan.carrier_id, _key(plan.name)] = plan
    for contract in Contract.objects.all():
        names.contracts[contract.carrier_id, _key(contract.number)] = contract
    found = list(Registrant.objects.filter(name__in=registrants))
    for registrant in found:
        names.registrants[_key(registrant.name)].append(registrant)
    names.sanctioned = sanctioned_registrants(found, today=today)
    return names


def make_missing(names: Names, rows: Iterable[CardRow], *, actor: User | None, now: datetime) -> None:
    """Record the carriers, plans and contracts that rows name and nobody recorded.

    A plan comes without a price, a contract begins with the first activation the file knows of.
    """
    begins = _first_activations(rows, business_day(now))
    for row in rows:
        if _key(row.carrier) not in names.carriers:
            facts = {"name": row.carrier, "code": _code(row.carrier, names)}
            made = record_carrier(facts=facts, actor=actor, now=now)
            _know_carrier(names, made)
            names.made.append(made)
        carrier = names.carriers[_key(row.carrier)]
        if row.plan and (place := (carrier.pk, _key(row.plan))) not in names.plans:
            names.plans[place] = record_plan(facts={"carrier": carrier, "name": row.plan}, actor=actor, now=now)
            names.made.append(names.plans[place])
        if row.contract and (place := (carrier.pk, _key(row.contract))) not in names.contracts:
            terms = {"carrier": carrier, "number": row.contract, "starts_on": begins[_key(row.contract)]}
            names.contracts[place] = record_contract(facts=terms, actor=actor, now=now)
            names.made.append(names.contracts[place])


def make_registrants(names: Names, rows: Iterable[CardRow], *, actor: User | None, now: datetime) -> None:
    """Record the registrants that rows name and nobody recorded, yet without an ID number."""
    for row in rows:
        if row.registrant and not names.registrants[_key(row.registrant)]:
            facts = {"name": row.registrant, "kind": _kind(row.registrant)}
            names.registrants[_key(row.registrant)].append(record_registrant(facts=facts, actor=actor, now=now))
            names.made.append(names.registrants[_key(row.registrant)][0])


def _key(name: str) -> str:
    return simplified(name.replace(" ", "")).casefold()


def _know_carrier(names: Names, carrier: Carrier) -> None:
    for name in (*carrier.aliases, carrier.code, carrier.name):
        names.carriers[_key(name)] = carrier


def _unknown(name: str, value: str, message: Text, line: int) -> Reason:
    clears = _("Correct it, record it first, or import with “create what is missing”.")
    return Reason(code=f"{name}_unknown", message=message, clears=clears, field=name, line=line, value=value)


def _first_activations(rows: Iterable[CardRow], today: date) -> dict[str, date]:
    first: dict[str, date] = {}
    for row in rows:
        if row.contract:
            name = _key(row.contract)
            first[name] = min(first.get(name, today), row.activated_on or today)
    return first


def _code(name: str, names: Names) -> str:
    """Return a free code: the pinyin initials of the name, numbered where they are taken."""
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    plain = "".join(letter for letter in initials if letter.isascii() and letter.isalnum()).lower()[:24]
    base, number = plain or "carrier", 1
    code = base
    while _key(code) in names.carriers:
        number += 1
        code = f"{base}-{number}"
    return code


def _kind(name: str) -> RegistrantKind:
    """Guess whether a name is a company's; a person's page lets people correct it."""
    is_company = len(name) > LONGEST_PERSON or any(word in name for word in COMPANY_WORDS)
    return RegistrantKind.COMPANY if is_company else RegistrantKind.PERSON
