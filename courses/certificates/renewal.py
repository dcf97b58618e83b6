"""When a certificate may be renewed and until when the new one is valid. Pure rules."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from skills.rules import months_after


class WindowState(StrEnum):
    """Where a day lies against the window."""

    EARLY = "early"
    OPEN = "open"
    LATE = "late"


@dataclass(frozen=True)
class RenewalWindow:
    """First and last day on which a renewal counts; both belong to it."""

    opens: date
    closes: date

    def state_on(self, day: date) -> WindowState:
        """Return where a day lies."""
        if day < self.opens:
            return WindowState.EARLY
        return WindowState.OPEN if day <= self.closes else WindowState.LATE


def renewal_window(valid_until: date, *, days_before: int, days_after: int) -> RenewalWindow:
    """Return the window around the last day of validity.

    Args:
        valid_until: last day on which the certificate is valid.
        days_before: how long before it the window opens, in days.
        days_after: days of grace after it.

    Raises:
        ValueError: a negative number of days.
    """
    if days_before < 0 or days_after < 0:
        raise ValueError("a window has no negative length")
    return RenewalWindow(
        valid_until - timedelta(days=days_before), valid_until + timedelta(days=days_after)
    )


def renewed_until(previous: date | None, issued_on: date, months: int | None) -> date | None:
    """Return the last day of a renewed certificate.

    The new term is added to the old one while that still runs, so that nobody loses days by
    renewing early; after its end it starts with the issue.

    Args:
        previous: last day of the certificate that is renewed, None if it had no end.
        issued_on: day of issue of the new one.
        months: term of the new one, None for one without an end.
    """
    if not months:
        return None
    return months_after(max(issued_on, previous or issued_on), months)
