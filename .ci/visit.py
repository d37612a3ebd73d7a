"""Visit a running demo as each role: sign in, open the page the role works on, and one it must not see."""

import http.cookiejar
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

PAGES = {
    "admin": ["/", "/admin/"],
    "supervisor": ["/", "/cards/", "/alerts/", "/handout/", "/imports/cards/"],
    "finance": ["/", "/costs/", "/ledger/"],
    "compliance": ["/", "/cards/"],
    "agent": ["/my/"],
}
PASSWORD = os.environ.get("CARDFLEET_DEMO_PASSWORD", "cardfleet-demo")


class Visitor:
    """A person with a browser's cookies."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Return where it ended and the text; HTTPError for 400 and above."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.address + path, data, {"Referer": self.address + path})  # noqa: S310
        with self.opener.open(request, timeout=60) as answer:
            return urllib.parse.urlsplit(answer.url).path, answer.read().decode()

    def sign_in(self, name: str) -> None:
        """Sign in as the page does."""
        self.open("/account/login/")
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        where, _ = self.open(
            "/account/login/", {"login": name, "password": PASSWORD, "csrfmiddlewaretoken": token or ""}
        )
        if where == "/account/login/":
            raise SystemExit(f"{name} cannot sign in")


def refused(visitor: Visitor, path: str) -> bool:
    """Tell whether a page is closed to a person."""
    try:
        where, _ = visitor.open(path)
    except urllib.error.HTTPError as error:
        return error.code in {403, 404}
    return where != path


def main(address: str) -> None:
    """Visit; SystemExit or HTTPError when something is not as it must be."""
    for name, pages in PAGES.items():
        visitor = Visitor(address)
        if not refused(visitor, pages[0]):
            raise SystemExit(f"{pages[0]} is open to everybody")
        visitor.sign_in(name)
        for path in pages:
            where, text = visitor.open(path)
            if where != path or ("<main" not in text and path != "/admin/"):
                raise SystemExit(f"{name} asked for {path} and came to {where}")
            sys.stdout.write(f"{name}: {path} ({len(text)} characters)\n")
        if name == "agent" and not refused(visitor, "/admin/"):
            raise SystemExit("an agent can open the administration")


if __name__ == "__main__":
    main(sys.argv[1])
