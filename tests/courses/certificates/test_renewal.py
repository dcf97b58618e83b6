"""Windows and terms of renewals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.certificates.renewal import WindowState, renewal_window, renewed_until

DAYS = st.dates(min_value=date(2001, 1, 1), max_value=date(2060, 1, 1))


@given(end=DAYS, before=st.integers(0, 700), after=st.integers(0, 700), day=DAYS)
def test_a_day_is_early_open_or_late_by_its_distance_from_the_end(end, before, after, day):
    state = renewal_window(end, days_before=before, days_after=after).state_on(day)

    distance = (day - end).days
    assert (state is WindowState.EARLY) == (distance < -before)
    assert (state is WindowState.LATE) == (distance > after)


@given(end=DAYS, early=st.integers(0, 365), months=st.integers(1, 60))
def test_renewing_early_loses_no_day(end, early, months):
    at_the_end = renewed_until(end, end, months)

    assert renewed_until(end, end - timedelta(days=early), months) == at_the_end


@given(end=DAYS, late=st.integers(1, 365), months=st.integers(1, 60))
def test_after_the_end_the_term_starts_with_the_issue(end, late, months):
    day = end + timedelta(days=late)

    assert renewed_until(end, day, months) == renewed_until(None, day, months)


def test_a_course_without_a_term_gives_no_end():
    assert renewed_until(date(2026, 1, 1), date(2026, 1, 1), None) is None
    with pytest.raises(ValueError, match="negative"):
        renewal_window(date(2026, 1, 1), days_before=-1, days_after=0)
