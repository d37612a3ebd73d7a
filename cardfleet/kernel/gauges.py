"""Figures of the database and the queue in `/metrics`, read when Prometheus asks: how much waits, how much failed.

Each app registers its own in a module named `metrics`. Those of requests are counted by django-prometheus.
"""

from collections.abc import Callable, Iterator, Mapping

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

Read = Callable[[], Mapping[str, float]]


class _Gauges(Collector):
    """All that is registered. What cannot be read is left out; `/readyz` names the server that is away."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, str, Read]] = {}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read each."""
        for name, (what, label, read) in self.known.items():
            family = GaugeMetricFamily(name, what, labels=[label] if label else [])
            try:
                for value, figure in read().items():
                    family.add_metric([value] if label else [], figure)
            except (DatabaseError, RedisError):
                continue
            yield family


_gauges = _Gauges()
_registry = CollectorRegistry(auto_describe=False)
_registry.register(_gauges)


def register(name: str, what: str, read: Read, *, label: str = "") -> None:
    """Make figures known; `read` returns them by the values of `label`, without one by an empty text."""
    if name in _gauges.known:
        raise ValueError(f"gauge {name} is registered twice")
    _gauges.known[name] = (what, label, read)


def known() -> list[tuple[str, str, str]]:
    """Return name, meaning and label of each, by name; an empty label where there is one figure."""
    return sorted((name, what, label) for name, (what, label, _read) in _gauges.known.items())


def exposed() -> bytes:
    """Return all of them as Prometheus reads them."""
    return generate_latest(_registry)
