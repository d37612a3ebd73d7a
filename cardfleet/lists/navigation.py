"""What lists put into the second bar of the cards."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(
    _("Views and reports"),
    "lists:index",
    icon="bookmark",
    permission="lists.add_savedview",
    order=29,
    under="lifecycle:fleet",
)
