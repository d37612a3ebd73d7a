"""The addresses of bills, disputes and moved balance, and who may go there."""

from tests.marks import MONEY

# Finance settles bills; whoever leads cards sees what differs on them.
FINANCE = "ynnynnn"
BILL_DEEDS = ("check", "accept", "withdraw", "leave", "reopen", "pay")
BILL_PAGES = {
    "billing:bills": ("", FINANCE),
    "billing:bill": ("bill", FINANCE),
    "billing:bill-check": ("bill", "post " + FINANCE),
    "billing:bill-accept": ("bill", "post " + FINANCE),
    "billing:bill-withdraw": ("bill", "post " + FINANCE),
    "billing:bill-leave": ("bill", "post " + FINANCE),
    "billing:bill-reopen": ("bill", "post " + FINANCE),
    "billing:bill-pay": ("bill", "post " + FINANCE),
    "lifecycle:bill-dispute": ("bill", "post " + FINANCE),
    "billing:differences": ("", MONEY),
    "billing:disputes": ("", FINANCE),
    "billing:dispute": ("dispute", FINANCE),
    "billing:dispute-letter": ("dispute", FINANCE),
    "billing:dispute-close": ("dispute", "post " + FINANCE),
    "billing:bill-import": ("", FINANCE),
    "billing:bill-file": ("statement", FINANCE),
    "billing:bill-file-progress": ("statement", FINANCE),
    "billing:bill-columns": ("statement", "post " + FINANCE),
    "billing:bill-start": ("statement", "post " + FINANCE),
    "billing:bill-put-away": ("statement", "post " + FINANCE),
}
IMPORT_DEEDS = ("mapping", "start", "discard", "repair", "again", "corrected")
BILL_API = {
    "api:usagebatch-start-all": ("", "post " + MONEY),
    "api:usagebatch-reading": ("batch", "yy-ynnn"),
    **{f"api:usagebatch-{deed}": ("batch", "post yy-ynnn") for deed in IMPORT_DEEDS},
    "api:bill-list": ("", FINANCE),
    "api:bill-detail": ("bill", FINANCE),
    **{f"api:bill-{deed}": ("bill", "post " + FINANCE) for deed in BILL_DEEDS},
    "api:billstatement-list": ("", FINANCE),
    "api:billstatement-detail": ("statement", FINANCE),
    "api:billstatement-reading": ("statement", FINANCE),
    "api:billstatement-columns": ("statement", "post " + FINANCE),
    "api:billstatement-start": ("statement", "post " + FINANCE),
    "api:billstatement-put-away": ("statement", "post " + FINANCE),
    "api:dispute-list": ("", FINANCE),
    "api:dispute-detail": ("dispute", FINANCE),
    "api:dispute-close": ("dispute", "post " + FINANCE),
    "api:billdifference-list": ("", MONEY),
    "api:month-list": ("", FINANCE),
    "api:transfer-list": ("", FINANCE),
    "api:transfer-detail": ("transfer", FINANCE),
    "api:wallet-list": ("", FINANCE),
    "api:wallet-detail": ("wallet", FINANCE),
    "api:wallet-pay": ("wallet", "post " + FINANCE),
}
