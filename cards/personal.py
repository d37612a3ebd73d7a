"""What cards hold in words about people. Numbers and ICCIDs of cards are the company's, whoever holds them."""

from cardfleet.kernel.personal import keeps

keeps(
    "cards.card",
    says=("note", "location"),
    plain=("iccid", "msisdn", "imsi", "region", "industry", "batch", "device_imei"),
)
keeps("cards.cardsecret", plain=("pin1", "pin2", "puk1", "puk2", "service_password"))
keeps("cards.cardchange", says=("note",), plain=("from_state", "to_state", "reason"))
keeps("cards.cardnote", says=("text",))
keeps(
    "cards.carrier",
    says=("account_manager", "account_manager_phone", "cancellation_policy"),
    plain=(
        "code",
        "name",
        "aliases",
        "hotline",
        "portal",
        "document_checklist",
        "papers_web_app",
        "papers_hotline",
        "papers_outlet",
        "terms_source",
    ),
)
keeps(
    "cards.carrierrule",
    says=("reason",),
    plain=("kind", "region", "industry", "unit", "window", "params", "consequence", "source"),
)
keeps("cards.contract", says=("complaint_terms",), plain=("number", "purposes", "industries"))
keeps("cards.device", says=("note",), plain=("imei", "imei2", "model", "sim_forms", "licence_no"))
keeps("cards.deviceuse", plain=("imei",))
keeps("cards.idcheck", person=("person",), blank=("note",))
keeps("cards.inspection", says=("note",))
keeps("cards.location", says=("name", "note"))
keeps("cards.purchaseorder", says=("reason", "note"), plain=("number", "warned_of", "invoice_no"))
keeps("cards.rateplan", says=("note",), plain=("name", "tariff_no"))
keeps(
    "cards.registrant",
    own=("name", "id_number", "id_fingerprint"),
    says=("handler_name",),
)
keeps("cards.sanction", person=("person", "registrant__staff"), blank=("source", "lifted_why"))
keeps("cards.supplier", says=("contact", "promises"), plain=("name",))
keeps("cards.tag", says=("name", "key"))
keeps("cards.voidedsim", plain=("iccid", "imsi"))
