"""One transaction a use case, however many services have a part in it."""

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from cardfleet.accounts.models import Team
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.transactions import one_transaction

pytestmark = pytest.mark.django_db


@one_transaction
def part(name, *, refuse=False):
    Team.objects.create(name=name)
    if refuse:
        raise Refusal


@one_transaction
def whole(*, goes_on=False, by_savepoint=False):
    part("one")
    try:
        if by_savepoint:
            with transaction.atomic():
                part("two", refuse=True)
        else:
            part("two", refuse=True)
    except Refusal:
        if not goes_on:
            raise
    part("three")


def names():
    return sorted(Team.objects.values_list("name", flat=True))


def test_a_service_within_another_opens_no_savepoint(django_assert_num_queries):
    @one_transaction
    def both():
        part("one")
        part("two")

    with django_assert_num_queries(4):
        both()
    assert names() == ["one", "two"]


def test_a_refused_part_undoes_the_whole():
    with pytest.raises(Refusal):
        whole()
    assert names() == []


def test_who_goes_on_without_a_savepoint_is_stopped():
    """Half of a refused part would stay otherwise."""
    with pytest.raises(TransactionManagementError):
        whole(goes_on=True)
    assert names() == []


def test_a_savepoint_undoes_the_refused_part_alone():
    whole(goes_on=True, by_savepoint=True)
    assert names() == ["one", "three"]
