"""The addresses of billing."""

from django.urls import path

from billing.views import ledger, panels, usage

app_name = "billing"

urlpatterns = [
    path("cards/<int:pk>/money/", panels.CardMoneyView.as_view(), name="card-money"),
    path("cards/<int:pk>/calls/", panels.CardUsageView.as_view(), name="card-usage"),
    path("usage/", usage.UsageView.as_view(), name="usage"),
    path("ledger/", ledger.LedgerView.as_view(), name="ledger"),
    path("ledger/post/", ledger.PostView.as_view(), name="post"),
]
