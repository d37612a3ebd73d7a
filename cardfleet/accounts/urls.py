"""`/people/`."""

from django.urls import path

from cardfleet.accounts.views import (
    delegations,
    invite,
    people,
    profile,
    roles,
    service_accounts,
    sessions,
    teams,
    tokens,
)

app_name = "accounts"
urlpatterns = [
    path("", people.ListView.as_view(), name="people"),
    path("invite/", invite.InviteView.as_view(), name="invite"),
    path("<int:pk>/", people.PersonView.as_view(), name="person"),
    path("<int:pk>/password/", people.ResetView.as_view(), name="reset-password"),
    path("<int:pk>/leave/", people.DeactivateView.as_view(), name="deactivate"),
    path("<int:pk>/return/", people.ReactivateView.as_view(), name="reactivate"),
    path("<int:pk>/sign-out/", sessions.SignOutView.as_view(), name="sign-out-everywhere"),
    path("teams/", teams.TreeView.as_view(), name="teams"),
    path("roles/", roles.RolesView.as_view(), name="roles"),
    path("standing-in/", delegations.DelegationsView.as_view(), name="delegations"),
    path("standing-in/<int:pk>/end/", delegations.EndView.as_view(), name="delegation-end"),
    path("me/tokens/", tokens.MineView.as_view(), name="my-tokens"),
    path("me/tokens/new/", tokens.IssueView.as_view(), name="token-new"),
    path("tokens/", tokens.AllView.as_view(), name="tokens"),
    path("tokens/<int:pk>/renew/", tokens.RenewView.as_view(), name="token-renew"),
    path("tokens/<int:pk>/end/", tokens.EndView.as_view(), name="token-end"),
    path("services/", service_accounts.ListView.as_view(), name="services"),
    path("services/<int:pk>/token/", tokens.IssueView.as_view(), name="service-token"),
    path("services/<int:pk>/owner/", service_accounts.OwnerView.as_view(), name="service-owner"),
    path("me/sessions/", sessions.MineView.as_view(), name="my-sessions"),
    path("me/sessions/end-others/", sessions.EndOthersView.as_view(), name="sessions-end-others"),
    path("me/sessions/<int:pk>/end/", sessions.EndView.as_view(), name="session-end"),
    path("me/", profile.ProfileView.as_view(), name="profile"),
]
