"""One transaction a use case, however many services have a part in it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


class _Deed(transaction.Atomic):
    """The block of a service; services called inside it know it by its class."""


def one_transaction(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service in a transaction, or in that of the service that calls it.

    A service inside another opens no savepoint, which would be two statements more for each: what it refuses undoes
    the whole. Who wants to go on after a refusal of one part calls it within `transaction.atomic()`.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        is_part = any(isinstance(block, _Deed) for block in connection.atomic_blocks)
        with _Deed(DEFAULT_DB_ALIAS, savepoint=not is_part, durable=False):
            return service(*args, **kwargs)

    return run
