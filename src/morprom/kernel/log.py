"""Logs: one JSON object a line on standard error, with the names of things and never their values."""

import logging
import sys
from types import TracebackType
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


def place_of(error: BaseException) -> str:
    """The function that raised, and its line: what may be logged of a fault, for its text may hold data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else ""


def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `sys.excepthook` of a process that nobody sits at: what Python would print shows the fault's text."""
    structlog.get_logger().error("unforeseen", error=kind.__name__, at=place_of(error))
