"""`/people/`."""

from django.urls import path

from cardfleet.accounts.views import invite, people, profile, teams

app_name = "accounts"
urlpatterns = [
    path("", people.ListView.as_view(), name="people"),
    path("invite/", invite.InviteView.as_view(), name="invite"),
    path("<int:pk>/", people.PersonView.as_view(), name="person"),
    path("<int:pk>/password/", people.ResetView.as_view(), name="reset-password"),
    path("<int:pk>/leave/", people.DeactivateView.as_view(), name="deactivate"),
    path("<int:pk>/return/", people.ReactivateView.as_view(), name="reactivate"),
    path("teams/", teams.TreeView.as_view(), name="teams"),
    path("me/", profile.ProfileView.as_view(), name="profile"),
]
