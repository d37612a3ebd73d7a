"""What a browser's session says of the sign-in that began it."""

from django.contrib.sessions.backends.base import SessionBase

# When the session was last noted to be in use; in seconds since 1970.
SEEN_AT = "seen_at"
# By the company's own sign-in: whether it asked for a second factor.
BY_COMPANY = "by_company"


def came_by_company(session: SessionBase) -> bool:
    """Tell whether the person signed in by the company's own sign-in."""
    return BY_COMPANY in session


def vouched(session: SessionBase) -> bool:
    """Tell whether the company's own sign-in asked for a second factor."""
    return bool(session.get(BY_COMPANY))
