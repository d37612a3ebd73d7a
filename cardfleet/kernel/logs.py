"""Logs: one line an event, with the request id or the job id; JSON outside the demo.

Never a body, a secret, a cookie or a query string: log ids and names of things, not what people typed.
"""

import logging
import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

QUERY = re.compile(r"\?\S*")
NUMBER = re.compile(r"(?<![0-9a-f-])\d{3,}(?=\d{4}(?![0-9a-f-]))")
PLAIN = frozenset({"timestamp", "request_id"})


def configure(config: dict[str, Any]) -> None:
    """Send all records through one chain; `config` (settings.LOGGING) has `level` and `json`."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        without_query,
    ]
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if config["json"]
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    logging.config.dictConfig(_standard_library(config["level"], shared, renderer))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def request_id() -> str:
    """Return the id of the request that is answered or asked for the job that runs; empty where there is none."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def without_query(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut query strings out of the message: searches hold numbers and names."""
    event["event"] = QUERY.sub("?…", str(event["event"]))
    return event


def without_numbers(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave the last four digits of phone, card and ID numbers: a database's error quotes the row it refused."""
    for name, value in event.items():
        if isinstance(value, str) and name not in PLAIN:
            event[name] = NUMBER.sub("…", value)
    return event


def _standard_library(
    level: str, shared: list[structlog.typing.Processor], renderer: structlog.typing.Processor
) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    without_numbers,
                    renderer,
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {"django.server": {"level": "WARNING"}, "celery.beat": {"level": "INFO"}},
    }
