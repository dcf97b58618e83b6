"""Nobody who watches the published results from day to day learns what a single person answered."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from courses.evaluation_rules import last_day, last_end, may_show

START = date(2026, 1, 5)
ENDS, DAYS = st.integers(0, 20), st.integers(0, 12)


@st.composite
def sessions(draw):
    """Sessions of a course: the day each ended, and the days on which its people answered."""
    open_days = draw(DAYS)
    rows = []
    for _session in range(draw(st.integers(1, 4))):
        ends = START + timedelta(days=draw(ENDS))
        offsets = draw(st.lists(st.integers(-2, open_days), max_size=12))
        rows.append((ends, [ends + timedelta(days=n) for n in offsets]))
    return open_days, rows


def published(rows, *, day, needed, open_days):
    """Return what the rating of the course is made of on a day: (session, answer) pairs."""
    found = set()
    for number, (ends, given_on) in enumerate(rows):
        there = [n for n, when in enumerate(given_on) if when <= day]
        if may_show(
            answers=len(there), needed=needed, ends_on=ends, open_days=open_days, today=day
        ):
            found |= {(number, n) for n in there}
    return found


@given(sessions(), st.integers(2, 6))
def test_two_publications_never_differ_by_fewer_people_than_keep_them_anonymous(case, needed):
    open_days, rows = case
    before = set()
    for step in range(-3, 40):
        day = START + timedelta(days=step)
        now = published(rows, day=day, needed=needed, open_days=open_days)
        difference = before ^ now
        assert before <= now  # what was published stays
        assert not difference or len(difference) >= needed
        before = now
    everyone = {
        (number, n)
        for number, (_ends, given_on) in enumerate(rows)
        if len(given_on) >= needed
        for n in range(len(given_on))
    }
    assert before == everyone  # and in the end nobody's answer is left out


@given(ENDS, DAYS, st.integers(0, 40))
def test_the_day_for_queries_is_the_day_of_the_form(ends, open_days, today):
    end, day = START + timedelta(days=ends), START + timedelta(days=today)
    assert (end <= last_end(day, open_days)) == (day > last_day(end, open_days))
