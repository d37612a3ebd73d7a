"""The Celery application. Jobs and beat entries register themselves in each app's `tasks`."""

import os

from celery import Celery

from cardfleet.kernel.heartbeat import WorkerHeartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardfleet.settings")

app = Celery("cardfleet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(WorkerHeartbeat)
