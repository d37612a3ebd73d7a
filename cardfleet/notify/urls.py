"""`/inbox/`."""

from django.urls import path

from cardfleet.notify.views import deliveries, inbox, wishes

app_name = "notify"
urlpatterns = [
    path("", inbox.InboxView.as_view(), name="inbox"),
    path("unread/", inbox.UnreadView.as_view(), name="unread"),
    path("<int:pk>/", inbox.OpenView.as_view(), name="open"),
    path("wishes/", wishes.WishesView.as_view(), name="wishes"),
    path("wishes/channels/", wishes.OwnChannelView.as_view(), name="own-channel"),
    path("wishes/channels/<int:pk>/switch/", wishes.SwitchView.as_view(), name="switch"),
    path("channels/<int:pk>/test/", wishes.TestView.as_view(), name="test"),
    path("deliveries/", deliveries.DeliveriesView.as_view(), name="deliveries"),
    path("deliveries/<int:pk>/again/", deliveries.SendAgainView.as_view(), name="send-again"),
]
