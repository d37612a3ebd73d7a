"""What of worker, beat and the queue between them shows in `/metrics`."""

from django.conf import settings
from redis import Redis

from cardfleet.kernel import heartbeat
from cardfleet.kernel.gauges import register

QUEUE = "celery"


def alive() -> dict[str, float]:
    """Return 1 for worker and beat when each showed a sign of life within the last minute."""
    return {who: float(heartbeat.seen(who)) for who in ("worker", "beat")}


def called() -> dict[str, float]:
    """Count the calls that no worker took yet: jobs and work by the clock alike."""
    with Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        return {"": float(broker.llen(QUEUE))}


register("cardfleet_alive", "1 when it showed a sign of life within a minute", alive, label="who")
register("cardfleet_queue_length", "Calls in Redis that no worker took yet", called)
