"""The resources of cards in the API."""
