"""When what people said without a name may be shown, so that nobody's answer can be told from it.

Results that move with each answer give away the newest one: the mean of six less that of five is
one person's. So a session's answers are shown once and for all, after its form has closed.
"""

from datetime import date, timedelta


def last_day(ends_on: date, open_days: int) -> date:
    """Return the last day on which the form of a session is taken."""
    return ends_on + timedelta(days=open_days)


def last_end(today: date, open_days: int) -> date:
    """Return the last day on which a session may have ended for its form to be closed today."""
    return today - timedelta(days=open_days + 1)


def may_show(*, answers: int, needed: int, ends_on: date, open_days: int, today: date) -> bool:
    """Return whether the answers of a session may be shown: enough of them, and no more to come."""
    return answers >= needed and today > last_day(ends_on, open_days)
