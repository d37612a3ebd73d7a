"""The addresses of cards: the stock."""

from django.urls import path

from cards.views import applications, inspections, labels, locations, purchases, suppliers

app_name = "cards"

urlpatterns = [
    path("", locations.StockMapView.as_view(), name="stock"),
    path("places/", locations.LocationRecordView.as_view(), name="location-record"),
    path("places/<int:pk>/", locations.LocationView.as_view(), name="location"),
    path("places/<int:pk>/change/", locations.LocationEditView.as_view(), name="location-edit"),
    path("places/<int:pk>/slots/", locations.SlotsView.as_view(), name="location-slots"),
    path("places/<int:pk>/move/", locations.MoveView.as_view(), name="location-move"),
    path("labels/", labels.LabelsView.as_view(), name="labels"),
    path("labels/print/", labels.LabelsPrintView.as_view(), name="labels-print"),
    path("labels/my-cards/", labels.MyCardsCodeView.as_view(), name="my-cards-code"),
    path("suppliers/", suppliers.SuppliersView.as_view(), name="suppliers"),
    path("suppliers/new/", suppliers.SupplierRecordView.as_view(), name="supplier-record"),
    path("suppliers/<int:pk>/", suppliers.SupplierView.as_view(), name="supplier"),
    path("suppliers/<int:pk>/change/", suppliers.SupplierEditView.as_view(), name="supplier-edit"),
    path("suppliers/<int:pk>/proof/", suppliers.ProofView.as_view(), name="supplier-proof"),
    path("purchases/", purchases.PurchasesView.as_view(), name="purchases"),
    path("purchases/new/", purchases.PurchaseNewView.as_view(), name="purchase-new"),
    path("purchases/<int:pk>/", purchases.PurchaseView.as_view(), name="purchase"),
    path("purchases/<int:pk>/receive/", purchases.ReceiveView.as_view(), name="purchase-receive"),
    path("purchases/<int:pk>/invoice/", purchases.InvoiceView.as_view(), name="purchase-invoice"),
    path("purchases/<int:pk>/close/", purchases.OrderCloseView.as_view(), name="purchase-close"),
    path("inspections/", inspections.InspectionsView.as_view(), name="inspections"),
    path("inspections/<int:pk>/", inspections.InspectView.as_view(), name="inspect"),
    path("cards/<int:pk>/application/<slug:kind>/", applications.ApplicationView.as_view(), name="application"),
    path("cards/<int:pk>/", inspections.CardStockView.as_view(), name="card-stock"),
]
