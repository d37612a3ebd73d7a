"""Usage and money in the administration."""

from billing.admin import books, usage

__all__ = ["books", "usage"]
