"""What holds for every page of the administration."""

from django.core.management import call_command


def test_checks_touch_no_database() -> None:
    """`migrate` on an empty database runs them first: an action whose right is looked up there would end it."""
    call_command("check")
