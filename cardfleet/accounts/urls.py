"""`/people/`."""

from django.urls import path

from cardfleet.accounts.views import delegations, invite, people, profile, roles, teams

app_name = "accounts"
urlpatterns = [
    path("", people.ListView.as_view(), name="people"),
    path("invite/", invite.InviteView.as_view(), name="invite"),
    path("<int:pk>/", people.PersonView.as_view(), name="person"),
    path("<int:pk>/password/", people.ResetView.as_view(), name="reset-password"),
    path("<int:pk>/leave/", people.DeactivateView.as_view(), name="deactivate"),
    path("<int:pk>/return/", people.ReactivateView.as_view(), name="reactivate"),
    path("teams/", teams.TreeView.as_view(), name="teams"),
    path("roles/", roles.RolesView.as_view(), name="roles"),
    path("standing-in/", delegations.DelegationsView.as_view(), name="delegations"),
    path("standing-in/<int:pk>/end/", delegations.EndView.as_view(), name="delegation-end"),
    path("me/", profile.ProfileView.as_view(), name="profile"),
]
