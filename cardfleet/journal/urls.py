"""`/journal/`."""

from django.urls import path

from cardfleet.journal import views

app_name = "journal"
urlpatterns = [path("", views.ListView.as_view(), name="list")]
