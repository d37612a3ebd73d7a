"""`/inbox/`."""

from django.urls import path

from cardfleet.notify import views

app_name = "notify"
urlpatterns = [
    path("", views.InboxView.as_view(), name="inbox"),
    path("unread/", views.UnreadView.as_view(), name="unread"),
    path("<int:pk>/", views.OpenView.as_view(), name="open"),
]
