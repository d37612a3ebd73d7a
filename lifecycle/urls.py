"""The addresses of lifecycle."""

from django.urls import path

from lifecycle.views import (
    alert,
    alerts,
    board,
    card,
    card_import,
    card_rules,
    carriers,
    conduct,
    fleet,
    handout,
    my,
    notices,
    reverification,
    risk,
)

app_name = "lifecycle"

urlpatterns = [
    path("", board.BoardView.as_view(), name="board"),
    path("board/cost/", board.BoardCostView.as_view(), name="board-cost"),
    path("assess/", board.AssessNowView.as_view(), name="assess-now"),
    path("risk/", risk.RiskGroupsView.as_view(), name="risk-groups"),
    path("alerts/", alerts.AlertsView.as_view(), name="alerts"),
    path("alerts/notices/", notices.NoticesView.as_view(), name="notices"),
    path("alerts/notices/record/", notices.NoticeRecordView.as_view(), name="notice-record"),
    path("alerts/notices/<int:pk>/withdraw/", notices.NoticeWithdrawView.as_view(), name="notice-withdraw"),
    path("alerts/deeds/", alert.DeedView.as_view(), name="alert-deeds"),
    path("alerts/<int:pk>/", alert.AlertView.as_view(), name="alert"),
    path("alerts/<int:pk>/acknowledge/", alerts.AcknowledgeView.as_view(), name="acknowledge"),
    path("carriers/", carriers.CarriersView.as_view(), name="carriers"),
    path("conduct/", conduct.ConductView.as_view(), name="conduct"),
    path("conduct/complaints/", conduct.ComplaintView.as_view(), name="complaint-record"),
    path("conduct/complaints/<int:pk>/take-back/", conduct.TakeBackView.as_view(), name="complaint-take-back"),
    path("conduct/marks/", conduct.MarkView.as_view(), name="mark-record"),
    path("conduct/marks/<int:pk>/end/", conduct.MarkEndView.as_view(), name="mark-end"),
    path("reverification/", reverification.ReverificationView.as_view(), name="reverification"),
    path("reverification/notices/", reverification.NoticeView.as_view(), name="reverification-notice"),
    path("reverification/<int:pk>/done/", reverification.VerifiedView.as_view(), name="reverification-done"),
    path("cards/", fleet.FleetView.as_view(), name="fleet"),
    path("cards/filters/", fleet.FleetFiltersView.as_view(), name="fleet-filters"),
    path("cards/export/", fleet.FleetExportView.as_view(), name="fleet-export"),
    path("cards/<int:pk>/", card.CardView.as_view(), name="card"),
    path("cards/<int:pk>/holder/", card.HolderOnView.as_view(), name="holder-on"),
    path("cards/<int:pk>/rules/", card_rules.CardRulesView.as_view(), name="card-rules"),
    path("cards/<int:pk>/approval/", card_rules.ApprovalView.as_view(), name="approval"),
    path("cards/<int:pk>/state/", card.TransitionView.as_view(), name="transition"),
    path("cards/<int:pk>/state/correct/", card.CorrectView.as_view(), name="correct"),
    path("cards/<int:pk>/secrets/<slug:field>/", card.RevealView.as_view(), name="reveal"),
    path("handout/", handout.IssueView.as_view(), name="issue"),
    path("handout/return/", handout.ReturnView.as_view(), name="return"),
    path("handout/<int:pk>/undo/", handout.UndoView.as_view(), name="undo"),
    path("handout/suggest/<slug:what>/", handout.SuggestView.as_view(), name="suggest"),
    path("imports/cards/", card_import.CardImportView.as_view(), name="import-cards"),
    path("imports/cards/<int:pk>/", card_import.CardImportResultView.as_view(), name="import-cards-result"),
    path(
        "imports/cards/<int:pk>/progress/", card_import.CardImportProgressView.as_view(), name="import-cards-progress"
    ),
    path("my/", my.MyView.as_view(), name="my"),
    path("my/accept/<int:pk>/", my.AcceptView.as_view(), name="accept"),
]
