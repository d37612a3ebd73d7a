"""Devices from a file, upserted by IMEI, with the cards that are in them (R26, R33)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.selectors.teams import TeamFinder
from cardfleet.accounts.models import Team, User
from cardfleet.kernel.errors import BadInput, Reason, Refusal
from cards.models import Card, Device, DeviceUse
from cards.services.devices import EDITABLE, change_device_state, edit_device, record_device
from lifecycle.importers.devices import DeviceLine, DeviceSheet
from lifecycle.services.rebinding import bind_card

LookedAt = Callable[[int, Reason | None], None]  # told of each line when it was looked at, and why it was refused


@dataclass(kw_only=True)
class DeviceImportOutcome:
    """What became of the lines; `bound` counts cards that were put into a device."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    bound: int = 0
    refused: list[DeviceLine] = field(default_factory=list)


def import_devices(
    *,
    sheet: DeviceSheet,
    actor: User | None,
    now: datetime,
    looked_at: LookedAt = lambda _line, _reason: None,
) -> DeviceImportOutcome:
    """Record new devices, change known ones, put their cards in; each line stands alone, the same again is unchanged.

    A line whose card may not be put in is refused whole, so that its corrected row may come again.
    """
    work = _Import(actor, now, sheet)
    for line in sheet.lines:
        looked_at(line.number, work.take(line))
    return work.outcome


class _Import:
    """One run over a file: who may be named, and what became of the lines so far."""

    def __init__(self, actor: User | None, now: datetime, sheet: DeviceSheet) -> None:
        self.actor, self.now, self.header = actor, now, sheet.header
        self.outcome = DeviceImportOutcome()
        self.teams = TeamFinder(actor)
        self.people = User.objects.visible_to(actor) if actor else User.objects.all()
        self.cards = Card.objects.visible_to(actor) if actor else Card.objects.all()
        self.devices = Device.objects.visible_to(actor) if actor else Device.objects.all()
        self.seen: dict[str, int] = {}

    def take(self, line: DeviceLine) -> Reason | None:
        """Store one line, or put it among the refused and return why."""
        reasons = list(line.reasons)
        if not reasons:
            try:
                with transaction.atomic():
                    self._store(line)
            except Refusal as refusal:
                reasons = [self._placed(reason, line) for reason in refusal.reasons or [_whole(refusal)]]
        if not reasons:
            return None
        self.outcome.refused.append(replace(line, reasons=reasons))
        return reasons[0]

    def _store(self, line: DeviceLine) -> None:
        values = dict(line.values)
        self._refuse_double(values, line.number)
        facts = {name: value for name, value in values.items() if name in EDITABLE} | self._named(values)
        known = Device.objects.of_imei(values["imei"]).first()
        if known and not self.devices.filter(pk=known.pk).exists():
            raise _bad("outside_scope", "imei", _("This IMEI belongs to a device outside your scope."))
        before = known.updated_at if known else None
        device = self._written(known, facts)
        if values.get("state", device.state) != device.state:
            device = change_device_state(
                device_id=device.pk, to=values["state"], note="", actor=self.actor, now=self.now
            )
        bound = self._bind(device, values["card"]) if values.get("card") else 0
        self.outcome.bound += bound
        self.outcome.created += known is None
        self.outcome.updated += known is not None and (bound > 0 or device.updated_at != before)
        self.outcome.unchanged += known is not None and not bound and device.updated_at == before

    def _written(self, known: Device | None, facts: dict[str, Any]) -> Device:
        if known:
            facts.pop("imei", None)
            if facts.get("imei2") == known.imei:  # the row names both the other way round
                facts.pop("imei2")
            return edit_device(device_id=known.pk, changes=facts, actor=self.actor, now=self.now)
        if "team" not in facts:
            facts["team"] = self.actor.team if self.actor else None
        return record_device(facts=facts, actor=self.actor, now=self.now)

    def _named(self, values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"imei": values["imei"]}
        if "owner" in values:
            found["owner"] = self._owner(values["owner"])
        if "team" in values:
            found["team"] = self._team(values["team"])
        return found

    def _owner(self, staff_no: str) -> User:
        person: User | None = self.people.filter(staff_no__iexact=staff_no).first()
        if person is None:
            raise _bad("unknown_person", "owner", _("Nobody in your scope has this staff number."))
        return person

    def _team(self, way: Sequence[str]) -> Team:
        found = self.teams.named(way)
        if len(found) != 1:
            message = _("No team of this name is in your scope, or several are. Write it with those above it.")
            raise _bad("unknown_team", "team", message)
        return found[0]

    def _bind(self, device: Device, text: str) -> int:
        """Put the named cards in that are not in it yet, and return how many."""
        wanted = [self._card(name) for name in text.replace("，", "、").replace(",", "、").split("、") if name]
        inside = set(DeviceUse.objects.filter(imei__in=device.imeis, until=None).values_list("card", flat=True))
        missing = [card for card in wanted if card.pk not in inside]
        for card in missing:
            bind_card(card_id=card.pk, device_id=device.pk, actor=self.actor, now=self.now, note=str(_("Device file")))
        return len(missing)

    def _card(self, name: str) -> Card:
        found = list(self.cards.filter(pk__in=Card.objects.matching(name).values("pk"))[:2])
        if len(found) != 1:
            raise _bad("unknown_card", "card", _("No card in your scope matches this, or several do."))
        return found[0]

    def _refuse_double(self, values: Mapping[str, Any], line: int) -> None:
        for name in ("imei", "imei2"):
            first = self.seen.setdefault(values[name], line) if values.get(name) else line
            if first != line:
                said = format_lazy(_("Line {line} has it already. Keep the one that is right."), line=first)
                raise _bad("imei_doubled", name, said)

    def _placed(self, reason: Reason, line: DeviceLine) -> Reason:
        name = reason.field if reason.field in self.header else ("card" if "card" in self.header else "imei")
        shown = self.header.cell(line.cells, name).strip()[:80]
        return replace(reason, line=line.number, column=self.header.titles[name], value=shown)


def _bad(code: str, name: str, message: Any) -> BadInput:
    return BadInput(reasons=[Reason(code=code, message=message, field=name)])


def _whole(refusal: Refusal) -> Reason:
    return Reason(code=refusal.code, message=refusal.message, field="imei")
