"""What the API's schema calls vocabularies whose fields go by several names, or by one that others have too."""

ENUM_NAMES = {
    "ServiceState": "cards.choices.ServiceState",
    "StopReason": "cards.choices.StopReason",
    "Condition": "cards.choices.Condition",
    "DirectionOfUse": "cards.choices.Direction",
    "CallDirection": "billing.choices.CallDirection",
    "TopUpChannel": "billing.choices.TopUpChannel",
    "OldCardPlace": "lifecycle.api.card_swaps.OLD_PLACES",
    "ReturnPlace": "lifecycle.api.card_forms.PLACES",
    "RuleAction": "cards.choices.RuleAction",
    "DeviceState": "cards.choices.DeviceState",
    "DeviceKind": "cards.choices.DeviceKind",
    "AlertKind": "lifecycle.choices.AlertKind",
    "RunOutcome": "lifecycle.choices.RunOutcome",
    "CaseOutcome": "lifecycle.choices.CaseOutcome",
    "CaseKind": "lifecycle.choices.CaseKind",
    "Proration": "cards.choices.plan.Proration",
    "InvoiceKind": "billing.choices.InvoiceKind",
}
