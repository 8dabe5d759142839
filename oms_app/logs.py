"""Events on standard error, as words for people or as JSON for machines."""

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import Settings


def set_up_logs(settings: "Settings") -> None:
    """Write events to standard error, as words or as JSON."""
    import structlog

    level = getattr(logging, settings.log.level.upper())
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    renderer = structlog.processors.JSONRenderer() if settings.log.json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
