"""What the journal may say of usage and money."""

from django.utils.translation import gettext_lazy as _

from billing.choices import (
    ApprovalRank,
    DifferenceCause,
    DisputeState,
    EntryKind,
    ReadingSource,
    SourceRole,
    TopUpChannel,
)
from billing.importers import registry as formats
from billing.selectors.cost_rows import BY_LABELS
from cardfleet.journal.registry import SAID_BY_SUBJECT, one_of, register, words_of
from cardfleet.journal.subjects import register_subject
from cardfleet.kernel.retention import label_of
from cards.choices import Payment

register("billing.accounts_opened", _("Accounts opened"), icon="wallet")
register("billing.account_edited", _("Account changed"), icon="wallet", values={"payment": one_of(Payment)})
register("billing.cards_moved", _("Cards moved to an account"), icon="wallet")
register("billing.entry_posted", _("Ledger entry posted"), icon="coin-yuan", values={"kind": one_of(EntryKind)})
register("billing.entry_reversed", _("Ledger entry reversed"), icon="arrow-back-up")
register(
    "billing.difference_explained",
    _("Difference of a balance explained"),
    icon="scale",
    values={"cause": one_of(DifferenceCause)},
)
register("billing.balance_transferred", _("Balance transferred"), icon="arrows-exchange")
register("billing.transfer_rule_set", _("Rule on transfers set"), icon="arrows-exchange")
register("billing.month_closed", _("Month closed"), icon="lock")
register("billing.fees_posted", _("Monthly fees posted"), icon="receipt")
register("billing.bundle_use_recorded", _("Messages and data of a month recorded"), icon="message")
register("billing.bundle_uses_imported", _("Messages and data of cards recorded from a file"), icon="message")
register("billing.month_rated", _("Month rated by its plans"), icon="receipt")
register("billing.readings_recorded", _("Balances recorded"), icon="wallet", values={"source": one_of(ReadingSource)})
register(
    "billing.usage_imported",
    _("Call records imported"),
    icon="file-import",
    values={"format": words_of(dict(formats.choices()))},
)
register("billing.profile_made", _("Columns of a file mapped"), icon="table", values={"columns": SAID_BY_SUBJECT})
register(
    "billing.profile_changed", _("Columns of a file mapped anew"), icon="table", values={"columns": SAID_BY_SUBJECT}
)
register("billing.usage_failed", _("Call records refused as a whole"), icon="file-x", values={"code": SAID_BY_SUBJECT})
register("billing.usage_discarded", _("File of call records put away"), icon="file-off")
register("billing.usage_revoked", _("Import of call records revoked"), icon="file-off")
register("billing.feed_begun", _("Live feed of a day begun"), icon="broadcast")
register("billing.mapping_recorded", _("Mapping of a live feed recorded"), icon="json")
register("billing.mapping_edited", _("Mapping of a live feed changed"), icon="json")
for _code, _label, _icon in (
    ("billing.retention_set", _("Retention changed"), "calendar-cog"),
    ("billing.retention_applied", _("Data dropped at the end of its retention"), "trash"),
    ("billing.retention_waits", _("Retention waits for a person's word"), "hourglass"),
    ("billing.retention_confirmed", _("Retention confirmed"), "circle-check"),
):
    register(_code, _label, icon=_icon, values={"category": label_of})
register(
    "billing.costs_exported",
    _("Cost report exported"),
    icon="download",
    values={"by": words_of(BY_LABELS)},
)
register(
    "billing.usage_attributed",
    _("Calls attributed to another holder"),
    icon="user-check",
    values={"agent": "agents.agent"},
)
register(
    "billing.attribution_withdrawn",
    _("Attribution of calls withdrawn"),
    icon="arrow-back-up",
    values={"agent": "agents.agent"},
)
register("billing.rollups_repaired", _("Rollups reckoned anew from the call records"), icon="refresh")
register("billing.source_made", _("Usage source recorded"), icon="antenna", values={"role": one_of(SourceRole)})
register("billing.source_edited", _("Usage source changed"), icon="antenna")
register("billing.alias_set", _("Name in a source given a meaning"), icon="link")
register("billing.line_recorded", _("Voice line recorded"), icon="phone")
register("billing.line_edited", _("Voice line changed"), icon="phone")

for _code, _label, _icon in (
    ("billing.claim_line_added", _("Invoice added to a claim"), "receipt"),
    ("billing.claim_line_removed", _("Invoice taken out of a claim"), "receipt-off"),
    ("billing.claim_sent", _("Claim sent"), "send"),
    ("billing.claim_withdrawn", _("Claim taken back"), "arrow-back-up"),
    ("billing.claim_reopened", _("Refused claim taken up again"), "edit"),
    ("billing.claim_approved", _("Claim approved"), "circle-check"),
    ("billing.claim_refused", _("Claim refused"), "circle-x"),
    ("billing.claim_paid", _("Claim paid out"), "cash"),
    ("billing.payment_made", _("Claims paid out together"), "cash"),
    ("billing.payment_exported", _("List of a payment exported"), "download"),
    ("billing.claim_policy_set", _("Rules for claims changed"), "adjustments"),
):
    register(_code, _label, icon=_icon)

for _code, _label, _icon in (
    ("billing.statement_received", _("File of bills received"), "file-import"),
    ("billing.statement_put_away", _("File of bills put away"), "file-off"),
    ("billing.bills_imported", _("Bills imported and checked"), "file-invoice"),
    ("billing.bill_checked", _("Bill checked anew"), "refresh"),
    ("billing.bill_withdrawn", _("Bill taken back"), "arrow-back-up"),
    ("billing.bill_accepted", _("Bill accepted"), "circle-check"),
    ("billing.bill_left", _("Differences left as billed"), "circle-check"),
    ("billing.bill_reopened", _("Bill reopened"), "arrow-back-up"),
    ("billing.bill_paid", _("Payment of a bill recorded"), "coin-yuan"),
    ("billing.dispute_opened", _("Complaint about a bill made"), "message-report"),
):
    register(_code, _label, icon=_icon)
register("billing.statement_mapped", _("Columns of a bill mapped"), icon="table", values={"columns": SAID_BY_SUBJECT})
register(
    "billing.bill_profile_edited", _("Columns of a bill mapped anew"), icon="table", values={"columns": SAID_BY_SUBJECT}
)
register(
    "billing.dispute_closed",
    _("Complaint about a bill closed"),
    icon="checks",
    values={"outcome": one_of(DisputeState)},
)

register("billing.missed_call_settled", _("Missed call returned"), icon="phone-incoming")

for _code, _label, _icon in (
    ("billing.top_up_asked", _("Top-up asked for"), "coin"),
    ("billing.top_up_withdrawn", _("Top-up taken back"), "arrow-back-up"),
    ("billing.top_up_arrived", _("Top-up on the account"), "circle-check"),
    ("billing.top_up_confirmed", _("Top-up confirmed by a balance"), "circle-check"),
    ("billing.top_up_doubted", _("Top-up not shown by a balance"), "alert-triangle"),
):
    register(_code, _label, icon=_icon)
register("billing.budget_set", _("Budget set"), icon="target")
register("billing.budget_removed", _("Budget taken away"), icon="target-off")
register("billing.budgets_copied", _("Budgets copied"), icon="copy")
_LEVELS = {"level": one_of(ApprovalRank)}
register("billing.top_up_approved", _("Top-up approved"), icon="circle-check", values=_LEVELS)
register("billing.top_up_refused", _("Top-up turned down"), icon="circle-x", values=_LEVELS)
register("billing.top_up_paid", _("Top-up paid"), icon="coin-yuan", values={"channel": one_of(TopUpChannel)})
register("billing.top_up_level_set", _("Approval level of top-ups changed"), icon="settings", values=_LEVELS)
register("billing.vat_recorded", _("VAT rate recorded"), icon="receipt", values={"kind": one_of(EntryKind)})
register("billing.vat_changed", _("VAT rate changed"), icon="receipt")
register("billing.books_recorded", _("Accounting export set up"), icon="book")
register("billing.books_changed", _("Accounting export changed"), icon="book")
register("billing.voucher_exported", _("Voucher lines exported"), icon="download")

register_subject("billing.bill", url_name="billing:bill")
register_subject("billing.billstatement", url_name="billing:bill-file")
register_subject("billing.dispute", url_name="billing:dispute")
register_subject("billing.usagebatch", url_name="billing:usage-batch", related=("source",))
register_subject("billing.usagesource", url_name="admin:billing_usagesource_change")
register_subject("billing.voiceline", url_name="admin:billing_voiceline_change")
register_subject("billing.usagealias", url_name="admin:billing_usagealias_change")
register_subject("billing.account", url_name="admin:billing_account_change")
register_subject("billing.claim", url_name="billing:claim", related=("claimant",))
register_subject("billing.paymentbatch", url_name="billing:payment")
register_subject("billing.claimpolicy", url_name="admin:billing_claimpolicy_change")
register_subject("billing.costs", kind=_("Cost report"))
register_subject(
    "billing.topuprequest",
    url_name="billing:top-up",
    related=("card", "account"),
    called=lambda asked: f"{asked.card or asked.account} {asked.amount}",
)
register_subject("billing.topuplevel", url_name="admin:billing_topuplevel_change")
for _model in ("billprofile", "vatrate", "vouchermapping", "vouchercentre", "vouchercolumn"):
    register_subject(f"billing.{_model}", url_name=f"admin:billing_{_model}_change")
register_subject("billing.budget", url_name="", related=("team", "agent__user", "card"))
