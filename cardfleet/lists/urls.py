"""`/lists/`."""

from django.urls import path

from cardfleet.lists.views import export, menus, reports, saved

app_name = "lists"
urlpatterns = [
    path("", saved.IndexView.as_view(), name="index"),
    path("views/<int:pk>/", saved.ChangeView.as_view(), name="change"),
    path("views/<int:pk>/delete/", saved.DeleteView.as_view(), name="delete"),
    path("views/<int:pk>/opening/", saved.OpeningView.as_view(), name="opening"),
    path("reports/new/", reports.NewReportView.as_view(), name="new-report"),
    path("reports/<int:pk>/", reports.ReportView.as_view(), name="report"),
    path("reports/<int:pk>/switch/", reports.SwitchView.as_view(), name="switch"),
    path("<slug:code>/filters/", menus.FiltersMenu.as_view(), name="filters"),
    path("<slug:code>/columns/", menus.ColumnsMenu.as_view(), name="columns"),
    path("<slug:code>/views/", menus.ViewsMenu.as_view(), name="views"),
    path("<slug:code>/save/", saved.SaveView.as_view(), name="save"),
    path("<slug:code>/export/", export.ExportView.as_view(), name="export"),
]
