"""Duty, hours of a form, and the courses chosen within a budget."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from courses.planning_rules import (
    CourseOption,
    Duty,
    DutyState,
    Limits,
    duty_of,
    duty_state,
    hours_by_form,
    most_hours,
    suggest_courses,
)

DAY = date(2026, 6, 1)
ROWS = [
    {"employment_kind": "PNS", "bound": "MINIMUM", "jp": "20", "valid_from": "2020-01-01"},
    {"employment_kind": "PPPK", "bound": "MAXIMUM", "jp": "24", "valid_from": "2020-01-01"},
    {"employment_kind": "PNS", "bound": "MINIMUM", "jp": "30", "valid_from": "2027-01-01"},
]
COACHING = {"jp_rule": "PER_SESSION", "jp": "2", "max_sessions_per_month": "2"}
READING = {"jp_rule": "MAX_PER_DAY", "jp": "2", "max_jp_per_day": "2"}
CLASS = {"jp_rule": "FIXED", "jp": "4", "certificate_jp_wins": "1"}


def test_the_duty_is_that_of_the_day_and_a_cpns_counts_as_pns():
    assert duty_of(ROWS, kind="CPNS", day=DAY) == Duty(least=20)
    assert duty_of(ROWS, kind="PPPK", day=DAY) == Duty(most=24)
    assert duty_of(ROWS, kind="PNS", day=date(2027, 1, 1)) == Duty(least=30)


def test_a_pppk_above_the_ceiling_is_warned_and_a_pns_never_is():
    assert duty_state(20, 5, Duty(most=24)) is DutyState.ABOVE
    assert duty_state(24, 0, Duty(most=24)) is DutyState.NO_TARGET
    assert duty_state(200, 0, Duty(least=20)) is DutyState.MET
    assert duty_state(12, 8, Duty(least=20)) is DutyState.ON_TRACK
    assert duty_state(12, 7, Duty(least=20)) is DutyState.SHORT


def test_hours_follow_the_rule_of_the_form_and_its_bounds():
    assert hours_by_form(COACHING, 3) == 6
    assert most_hours(COACHING, 9, months=2, days=60) == 8
    assert most_hours(READING, 9, months=1, days=3) == 6
    assert most_hours(CLASS, 1, months=1, days=1) is None


def option(number: int, people: range, *, jp: int = 10, cost: int = 100) -> CourseOption:
    return CourseOption(number, jp, cost, {(person, number): 1 for person in people})


def test_the_course_that_serves_more_for_the_same_price_comes_first():
    few, many = option(1, range(6)), option(2, range(20))

    planned = suggest_courses([few, many], Limits(budget=10_000, hours=10))

    assert [row.course_id for row in planned] == [2]


def test_a_gap_closed_once_is_not_planned_twice():
    same = {(person, 7): 1 for person in range(10)}
    options = [CourseOption(1, 10, 100, same), CourseOption(2, 10, 200, same)]

    assert [row.course_id for row in suggest_courses(options, Limits(10_000, 100))] == [1]


OPTIONS = st.lists(
    st.builds(
        CourseOption,
        course_id=st.integers(1, 50),
        jp=st.integers(1, 40),
        cost=st.integers(0, 500),
        serves=st.dictionaries(
            st.tuples(st.integers(1, 40), st.integers(1, 3)), st.integers(1, 4), max_size=40
        ),
    ),
    max_size=6,
    unique_by=lambda row: row.course_id,
)


@given(options=OPTIONS, budget=st.integers(0, 20_000), hours=st.integers(0, 200))
def test_a_suggestion_never_passes_money_or_hours(options, budget, hours):
    planned = suggest_courses(options, Limits(budget, hours))
    by_id = {row.course_id: row for row in options}

    assert sum(row.served * by_id[row.course_id].cost for row in planned) <= budget
    assert sum(row.sessions * by_id[row.course_id].jp for row in planned) <= hours
    assert all(row.served <= row.needed and row.sessions <= 4 for row in planned)
