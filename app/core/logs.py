"""Log lines: one per event on stdout, with the request id, and never with the values at hand.

Tracebacks name places, not local values: those may hold names and NIP.
"""

import structlog


def configure(*, as_json: bool) -> None:
    """Set how log lines look: JSON for machines, plain text for an engineer's terminal."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if as_json:
        shared += [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        shared.append(
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        )
    structlog.configure(processors=shared, cache_logger_on_first_use=True)
