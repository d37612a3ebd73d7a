"""The dataset of the permission matrix: one thing of every kind, which the API is asked for here too."""

from tests.test_permissions import people, things

__all__ = ["people", "things"]
