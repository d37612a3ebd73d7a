"""Going to the company's own sign-in and back."""

from urllib.parse import urlsplit

import requests
from django.test import Client

from cardfleet.accounts.claims import CompanySignIn

THERE, LOGIN = "/account/company/", "/account/login/"
AGAIN = "/account/company/again/"


def configured(settings, **terms) -> None:
    """Change what CardFleet makes of the provider."""
    settings.COMPANY_SIGN_IN = CompanySignIn(**{**vars(settings.COMPANY_SIGN_IN), **terms})


def there_and_back(client: Client, start: str = THERE):
    """Go where the page sends, and come back with what the provider gives."""
    begun = client.get(start)
    assert begun.status_code == 302, begun.content.decode()[-600:]
    sent_back = requests.get(begun["Location"], allow_redirects=False, timeout=5)
    target = urlsplit(sent_back.headers["Location"])
    return client.get(f"{target.path}?{target.query}")


def is_in(client: Client) -> bool:
    """Tell whether somebody is signed in."""
    return "_auth_user_id" in client.session


def code_of(answer) -> str:
    """Return which refusal a page shows."""
    return answer.content.decode().partition('data-code="')[2].partition('"')[0]
