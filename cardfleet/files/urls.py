"""`/files/`."""

from django.urls import path

from cardfleet.files import views

app_name = "files"
urlpatterns = [path("<uuid:pk>/", views.Download.as_view(), name="download")]
