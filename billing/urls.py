"""The addresses of billing."""

from django.urls import path

from billing.views import (
    attributions,
    costs,
    ledger,
    mine,
    panels,
    top_up_file,
    top_ups,
    usage,
    usage_batch,
    usage_import,
    usage_mapping,
    usage_repair,
    vouchers,
)

app_name = "billing"

urlpatterns = [
    path("cards/<int:pk>/money/", panels.CardMoneyView.as_view(), name="card-money"),
    path("cards/<int:pk>/attributions/", attributions.AttributionsView.as_view(), name="attributions"),
    path("attributions/<int:pk>/withdraw/", attributions.WithdrawView.as_view(), name="withdraw"),
    path("imports/usage/", usage_import.UsageImportView.as_view(), name="usage-import"),
    path("imports/usage/start/", usage_import.UsageStartAllView.as_view(), name="usage-start-all"),
    path("imports/usage/<int:pk>/", usage_batch.UsageBatchView.as_view(), name="usage-batch"),
    path("imports/usage/<int:pk>/reading/", usage_batch.UsageReadingView.as_view(), name="usage-reading"),
    path("imports/usage/<int:pk>/mapping/", usage_mapping.UsageMappingView.as_view(), name="usage-mapping"),
    path("imports/usage/<int:pk>/start/", usage_batch.UsageStartView.as_view(), name="usage-start"),
    path("imports/usage/<int:pk>/discard/", usage_batch.UsageDiscardView.as_view(), name="usage-discard"),
    path("imports/usage/<int:pk>/repair/", usage_repair.UsageRepairView.as_view(), name="usage-repair"),
    path("imports/usage/<int:pk>/again/", usage_repair.UsageAgainView.as_view(), name="usage-again"),
    path("imports/usage/<int:pk>/corrected/", usage_repair.UsageCorrectedView.as_view(), name="usage-corrected"),
    path("imports/usage/<int:pk>/revoke/", usage_repair.UsageRevokeView.as_view(), name="usage-revoke"),
    path("imports/usage/<int:pk>/refused/", usage_repair.UsageRefusedView.as_view(), name="usage-refused"),
    path("imports/usage/<int:pk>/progress/", usage_batch.UsageProgressView.as_view(), name="usage-progress"),
    path("my/charges/", mine.MyChargesView.as_view(), name="my-charges"),
    path("my/missed/", mine.MyMissedView.as_view(), name="my-missed"),
    path("usage/", usage.UsageView.as_view(), name="usage"),
    path("costs/", costs.CostView.as_view(), name="costs"),
    path("costs/trend/", costs.CostTrendView.as_view(), name="costs-trend"),
    path("costs/export/", costs.CostExportView.as_view(), name="costs-export"),
    path("costs/voucher/", vouchers.VoucherView.as_view(), name="voucher"),
    path("costs/voucher/export/", vouchers.VoucherExportView.as_view(), name="voucher-export"),
    path("ledger/", ledger.LedgerView.as_view(), name="ledger"),
    path("ledger/post/", ledger.PostView.as_view(), name="post"),
    path("top-ups/", top_ups.TopUpsView.as_view(), name="top-ups"),
    path("top-ups/ask/", top_ups.AskView.as_view(), name="top-up-ask"),
    path("top-ups/file/", top_up_file.TopUpFileView.as_view(), name="top-up-file"),
    path("top-ups/<int:pk>/", top_ups.TopUpView.as_view(), name="top-up"),
    path("top-ups/<int:pk>/decide/", top_ups.DecideView.as_view(), name="top-up-decide"),
    path("top-ups/<int:pk>/pay/", top_ups.PayView.as_view(), name="top-up-pay"),
    path("top-ups/<int:pk>/arrive/", top_ups.ArriveView.as_view(), name="top-up-arrive"),
    path("top-ups/<int:pk>/withdraw/", top_ups.WithdrawView.as_view(), name="top-up-withdraw"),
]
