"""The only place that asks what time it is, so that tests and replays can set it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

# Pontianak keeps Waktu Indonesia Barat; the setting TIMEZONE replaces it at start.
_zone = ZoneInfo("Asia/Jakarta")


def set_timezone(name: str) -> None:
    """Set the city's time zone by its IANA name."""
    global _zone
    _zone = ZoneInfo(name)


def timezone() -> ZoneInfo:
    """Return the city's time zone."""
    return _zone


def now() -> datetime:
    """Return the present moment in UTC, aware."""
    return datetime.now(UTC)


def today() -> date:
    """Return the calendar date in the city."""
    return datetime.now(_zone).date()


def local(moment: datetime) -> datetime:
    """Return the moment in the city's time zone."""
    return moment.astimezone(_zone)
