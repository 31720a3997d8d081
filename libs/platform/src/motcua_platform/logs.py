"""Logs: one JSON object a line, an event name and key=value pairs, never a payload."""

from __future__ import annotations

import logging
import sys
from typing import Final

import structlog
from structlog.typing import Processor

_without_locals = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
"""Local variables hold payloads, and those stay out of the logs."""
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


_ALIKE: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(_without_locals),
]
_AS_JSON: Final = structlog.processors.JSONRenderer(ensure_ascii=False)


def configure_logs(service: str, level: str) -> None:
    """Send structlog and the standard library's warnings to standard error as JSON."""
    structlog.configure(
        processors=[*_ALIKE, _AS_JSON],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    of_libraries = logging.StreamHandler(sys.stderr)
    of_libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_ALIKE],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _AS_JSON],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[of_libraries], force=True)
