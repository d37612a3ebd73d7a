"""What every page's frame needs, worked out only when the frame is drawn."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info

from cardfleet.kernel.navigation import Bars, Link, bars, url_or_empty

PHONE_BAR = 4


class Shell:
    """The frame around one answer: navigation, search, inbox, languages."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def frame(self) -> str:
        """The template to extend: the whole page, or the content alone where htmx asked for a part."""
        htmx = getattr(self.request, "htmx", None)
        part = htmx and not htmx.boosted and not htmx.history_restore_request
        return "fragment.html" if part else "base.html"

    @cached_property
    def _bars(self) -> Bars:
        person = self.request.user
        return bars(person, self.request.path) if person.is_authenticated else Bars(top=[], second=[])

    @property
    def links(self) -> list[Link]:
        """The pages of the top bar that this person may open; none before they signed in."""
        return self._bars.top

    @property
    def section_links(self) -> list[Link]:
        """The pages beside this one in its section."""
        return self._bars.second

    @cached_property
    def bar_links(self) -> list[Link]:
        """The pages of a phone's bottom bar."""
        return self.links[:PHONE_BAR]

    @cached_property
    def more_links(self) -> list[Link]:
        """The pages a phone shows under "more"."""
        return self.links[PHONE_BAR:]

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """Codes and own names of the languages to choose from."""
        return [(code, get_language_info(code)["name_local"]) for code, _ in settings.LANGUAGES]

    @cached_property
    def search_url(self) -> str:
        """The list that the search box of the top bar filters, for those who may open it."""
        url = url_or_empty("lifecycle:fleet")
        return url if any(link.url == url for link in self.links) else ""

    @cached_property
    def inbox_url(self) -> str:
        """The page of one's messages."""
        return url_or_empty("notify:inbox")

    @cached_property
    def unread_url(self) -> str:
        """The part that shows how many messages are unread."""
        return url_or_empty("notify:unread")

    @cached_property
    def language_url(self) -> str:
        """Where a choice of language is sent."""
        return url_or_empty("set_language")

    @cached_property
    def admin_url(self) -> str:
        """The administration, for those who may enter it."""
        return url_or_empty("admin:index") if self.request.user.is_staff else ""


def page(request: HttpRequest) -> dict[str, Shell]:
    """Give templates `shell`."""
    return {"shell": Shell(request)}
