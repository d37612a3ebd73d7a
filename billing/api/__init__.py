"""Usage and money in the API."""
