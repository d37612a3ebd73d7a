"""The resources of lifecycle in the API: cards with what may be done with them, and alerts."""
