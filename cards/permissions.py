"""Which role may do what with cards and their reference data."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

OFFICE = (Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE)

for model in ("card", "carrier", "rateplan", "tag"):
    grant(f"cards.view_{model}", *OFFICE, Role.AGENT)
for model in ("planprice", "contract", "registrant", "carrierrule", "cardchange"):
    grant(f"cards.view_{model}", *OFFICE)

grant("cards.view_cardnote", *OFFICE)
grant("cards.add_cardnote", *OFFICE)
grant("cards.attach_document", *OFFICE)
grant("cards.view_device", *OFFICE)
for right in ("add", "change", "bind"):
    grant(f"cards.{right}_device", Role.SUPERVISOR)
grant("cards.view_full_number", *OFFICE)
grant("cards.export_card", *OFFICE)
grant("cards.import_card", Role.SUPERVISOR)
grant("cards.add_card", Role.SUPERVISOR)
grant("cards.change_card", Role.SUPERVISOR)
grant("cards.change_service_state", Role.SUPERVISOR, Role.COMPLIANCE)
grant("cards.release_card", Role.COMPLIANCE)
grant("cards.correct_state", Role.COMPLIANCE)
grant("cards.reveal_secret", Role.SUPERVISOR)
grant("cards.reveal_held_secret", Role.AGENT)
grant("cards.add_registrant", Role.COMPLIANCE)
grant("cards.change_registrant", Role.COMPLIANCE)
grant("cards.view_id_number", Role.COMPLIANCE)

for model in ("location", "supplier", "purchaseorder", "receipt", "inspection", "inspectionplan"):
    grant(f"cards.view_{model}", *OFFICE)
grant("cards.add_location", Role.SUPERVISOR)
grant("cards.change_location", Role.SUPERVISOR)
for model in ("supplier", "purchaseorder"):
    grant(f"cards.add_{model}", Role.SUPERVISOR, Role.FINANCE)
    grant(f"cards.change_{model}", Role.SUPERVISOR, Role.FINANCE)
grant("cards.add_inspection", Role.SUPERVISOR)
grant("cards.add_inspectionplan")
grant("cards.change_inspectionplan")

# Reference data decides what everybody is told and charged, so only administrators write it.
for model in ("carrier", "rateplan", "planprice", "contract", "carrierrule", "tag"):
    grant(f"cards.add_{model}")
    grant(f"cards.change_{model}")

grant("cards.view_real_name", Role.SUPERVISOR, Role.COMPLIANCE)
grant("cards.view_sanction", Role.SUPERVISOR, Role.COMPLIANCE)
grant("cards.add_sanction", Role.COMPLIANCE)
grant("cards.change_sanction", Role.COMPLIANCE)
grant("cards.view_idcheck", Role.SUPERVISOR, Role.COMPLIANCE)
grant("cards.change_idcheck", Role.SUPERVISOR, Role.COMPLIANCE)
grant("cards.answer_id_check", Role.AGENT)
