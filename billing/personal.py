"""What is held in words beside usage and money. Numbers called belong to callees, and go with their calls' months."""

from cardfleet.kernel.personal import keeps

keeps("billing.account", plain=("code",))
keeps("billing.balanceexplanation", says=("note",))
keeps("billing.bill", plain=("payment_reference",))
keeps("billing.billdifference", plain=("number", "evidence"))
keeps("billing.billline", plain=("number", "text"))
keeps("billing.billprofile", plain=("signature", "header", "columns"))
keeps("billing.billstatement", says=("name",), plain=("sha256",))
keeps("billing.callback", plain=("caller_hash",))
keeps("billing.calleeday", plain=("counterpart", "cards"))
keeps("billing.closedcard", plain=("region", "purpose"))
keeps("billing.closedmonth", plain=("figures",))
keeps("billing.dispute", says=("reason", "reply"))
# A voucher keeps whom it was paid to (会计档案管理办法): `payee` stays when the person is erased.
keeps("billing.claim", says=("note", "reason"), plain=("payee",))
keeps("billing.feedmapping", plain=("name", "label", "rows", "columns", "words", "codes"))
keeps("billing.invoice", says=("title",), plain=("code", "number", "tax_id"))
keeps("billing.ledgerentry", says=("reference", "note"), plain=("key",))
keeps("billing.linerecord", plain=("counterpart",))
keeps("billing.paymentbatch", says=("reference",))
keeps("billing.retentionrule", plain=("category",))
keeps("billing.revokedusage", plain=("msisdn", "counterpart"))
keeps("billing.topupdecision", says=("reason",))
keeps("billing.topuprequest", says=("reason", "payer", "reference", "risk_reason", "ended_reason"))
keeps("billing.transfer", says=("reference", "reason"))
keeps("billing.transferrule", plain=("source",))
keeps("billing.usagealias", says=("alias",))
keeps("billing.usageattribution", says=("reason",))
keeps(
    "billing.usagebatch",
    says=("name", "archive", "sample", "revoked_reason"),
    plain=("sha256", "format", "own_number", "header"),
)
keeps("billing.usageplace", plain=("province",))
keeps("billing.usageprofile", plain=("name", "signature", "header", "columns", "out_words", "in_words"))
keeps("billing.usagerecord", plain=("msisdn", "counterpart"))
keeps("billing.usagereject", says=("value", "cells"), plain=("column", "code"))
keeps("billing.usagesignal", says=("raw",), plain=("code",))
keeps("billing.usagesource", plain=("slug", "name"))
keeps("billing.vatrate", plain=("note",))
keeps("billing.voiceline", plain=("name", "number"))
keeps("billing.vouchercentre", plain=("code",))
keeps("billing.vouchercolumn", plain=("title",))
keeps("billing.vouchermapping", plain=("debit", "tax", "credit", "text"))
