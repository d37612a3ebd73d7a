"""The addresses of agents."""

from django.urls import path

from agents.views import (
    absences,
    agent,
    assignments,
    callees,
    confirmations,
    imports,
    receipts,
    requests,
    roster,
    stocktakes,
)

app_name = "agents"

urlpatterns = [
    path("", roster.RosterView.as_view(), name="list"),
    path("new/", roster.EnterView.as_view(), name="enter"),
    path("import/", imports.ImportView.as_view(), name="import"),
    path("assignments/", assignments.AssignmentsView.as_view(), name="assignments"),
    path("callees/", callees.CalleesView.as_view(), name="callees"),
    path("callees/import/", callees.CalleeImportView.as_view(), name="callees-import"),
    path("callees/check/", callees.CalleeCheckView.as_view(), name="callees-check"),
    path("callees/<int:listing>/withdraw/", callees.CalleeWithdrawView.as_view(), name="callees-withdraw"),
    path("cards/<int:pk>/confirm/", confirmations.ConfirmView.as_view(), name="confirm"),
    path("confirmations/<int:pk>/settle/", confirmations.SettleView.as_view(), name="confirmation-settle"),
    path("receipts/<int:pk>/", receipts.ReceiptView.as_view(), name="receipt"),
    path("requests/", requests.RequestsView.as_view(), name="requests"),
    path("requests/mine/", requests.MyRequestsView.as_view(), name="my-requests"),
    path("requests/<int:pk>/decide/", requests.DecideView.as_view(), name="request-decide"),
    path("requests/<int:pk>/withdraw/", requests.WithdrawView.as_view(), name="request-withdraw"),
    path("stock-takes/", stocktakes.TakesView.as_view(), name="takes"),
    path("stock-takes/start/", stocktakes.TakeStartView.as_view(), name="take-start"),
    path("stock-takes/<int:pk>/", stocktakes.TakeView.as_view(), name="take"),
    path("stock-takes/<int:pk>/scan/", stocktakes.TakeScanView.as_view(), name="take-scan"),
    path("stock-takes/<int:pk>/settle/", stocktakes.TakeSettleView.as_view(), name="take-settle"),
    path("stock-takes/<int:pk>/close/", stocktakes.TakeCloseView.as_view(), name="take-close"),
    path("<int:pk>/", agent.AgentView.as_view(), name="detail"),
    path("<int:pk>/change/", agent.ChangeView.as_view(), name="change"),
    path("<int:pk>/hold/", agent.HoldView.as_view(), name="hold"),
    path("<int:pk>/release/", agent.ReleaseView.as_view(), name="release"),
    path("<int:pk>/notice/", agent.NoticeView.as_view(), name="notice"),
    path("<int:pk>/leave/", agent.LeaveView.as_view(), name="leave"),
    path("<int:pk>/rejoin/", agent.RejoinView.as_view(), name="rejoin"),
    path("<int:pk>/absences/", absences.AbsenceView.as_view(), name="absence"),
    path("<int:pk>/absences/<int:absence>/end/", absences.EndView.as_view(), name="absence-end"),
    path("<int:pk>/training/", agent.TrainView.as_view(), name="train"),
    path("<int:pk>/training/<int:record>/revoke/", agent.RevokeView.as_view(), name="revoke"),
]
