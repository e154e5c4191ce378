"""Logs: one JSON object a line on standard error, with the names of things and never their values."""

import logging
import sys
from typing import Any

import structlog


class _NamesOnly(logging.Formatter):
    """A library's line without its text, and of what was raised the class alone: both may hold data."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's name)
        return ei[0].__name__


def configure(level: str) -> None:
    """Send our log lines, and the warnings of libraries, to standard error."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(_NamesOnly("%(levelname)s %(name)s"))
    logging.basicConfig(level=max(threshold, logging.WARNING), handlers=[libraries])
