"""`/jobs/`."""

from django.urls import path

from cardfleet.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.ListView.as_view(), name="list"),
    path("<int:pk>/", views.DetailView.as_view(), name="detail"),
    path("<int:pk>/progress/", views.ProgressView.as_view(), name="progress"),
    path("<int:pk>/retry/", views.RetryView.as_view(), name="retry"),
    path("<int:pk>/undo/", views.UndoView.as_view(), name="undo"),
]
