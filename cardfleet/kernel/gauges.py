"""Figures of the database in `/metrics`, read when Prometheus asks: how much waits, how much failed.

Each app registers its own in a module named `metrics`. Those of requests are counted by django-prometheus.
"""

from collections.abc import Callable, Iterator, Mapping

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Read = Callable[[], Mapping[str, float]]


class _Gauges(Collector):
    """All that is registered. What cannot be read is left out: that the database is away is said by `/readyz`."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, str, Read]] = {}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read each."""
        for name, (what, label, read) in self.known.items():
            family = GaugeMetricFamily(name, what, labels=[label] if label else [])
            try:
                for value, figure in read().items():
                    family.add_metric([value] if label else [], figure)
            except DatabaseError:
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


def exposed() -> bytes:
    """Return all of them as Prometheus reads them."""
    return generate_latest(_registry)
