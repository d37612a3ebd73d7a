"""How gunicorn serves CardFleet, in the demo and in the image; `WEB_WORKERS` and `WEB_THREADS` size it."""

import gc
import os
import shutil
import tempfile
from typing import Any

# /metrics adds up all workers; they meet in this folder, which must be known before prometheus_client is imported.
METRICS = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="cardfleet-metrics-"))

from prometheus_client import multiprocess  # noqa: E402

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "3"))
worker_class = "cardfleet.serving.Worker"
# More threads wait for one another: at 200 questions of diallers a second, p99 was 5 ms with two and 100 with four.
threads = int(os.environ.get("WEB_THREADS", "2"))
timeout = 60
graceful_timeout = 15
# A dialler asks before each call over connections that stay open; a worker that starts anew keeps it waiting.
keepalive = 75
max_requests = 200_000
max_requests_jitter = 20_000
control_socket_disable = True
# Lists keep their filters in the address. As long as it may be: one that asks for too much is refused in words.
limit_request_line = 8190


def post_worker_init(_worker: Any) -> None:
    """Leave what was loaded at the start out of every later collection: those made requests wait."""
    gc.collect()
    gc.freeze()


def child_exit(_server: Any, worker: Any) -> None:
    """Let the figures of a worker that ended leave /metrics."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(METRICS, ignore_errors=True)
