"""Suggestions of a year plan: within money and hours, gaps and JP duty counted once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from courses.plan_suggestion import (
    CourseOption,
    HoursOwed,
    Ledger,
    Limits,
    PlanPolicy,
    place_course,
    policy_of,
    suggest_courses,
)

POLICY = PlanPolicy(seats=30, sessions_per_course=4, fewest=5, duty_weight=1.0)
IGNORING = replace(POLICY, duty_weight=0.0)
PEOPLE = st.integers(1, 40)
OWED = st.dictionaries(
    PEOPLE,
    st.integers(0, 20).map(lambda missing: HoursOwed(20, missing))
    | st.integers(0, 24).map(lambda room: HoursOwed(room=room)),
    max_size=40,
)
OPTIONS = st.lists(
    st.builds(
        CourseOption,
        course_id=st.integers(1, 50),
        jp=st.integers(1, 40),
        cost=st.integers(0, 500),
        serves=st.dictionaries(
            st.tuples(PEOPLE, st.integers(1, 3)), st.integers(1, 4), max_size=40
        ),
    ),
    max_size=6,
    unique_by=lambda row: row.course_id,
)


def option(number: int, people: range, *, jp: int = 10, cost: int = 100) -> CourseOption:
    return CourseOption(number, jp, cost, {(person, number): 1 for person in people})


def test_the_course_that_serves_more_for_the_same_price_comes_first():
    few, many = option(1, range(6)), option(2, range(20))

    planned = suggest_courses(Ledger([few, many], POLICY), Limits(budget=10_000, hours=10))

    assert [row.course_id for row in planned] == [2]


def test_a_gap_closed_once_is_not_planned_twice():
    same = {(person, 7): 1 for person in range(10)}
    options = [CourseOption(1, 10, 100, same), CourseOption(2, 10, 200, same)]

    planned = suggest_courses(Ledger(options, POLICY), Limits(10_000, 100))

    assert [row.course_id for row in planned] == [1]


@given(options=OPTIONS, owed=OWED, budget=st.integers(0, 20_000), hours=st.integers(0, 200))
def test_a_suggestion_never_passes_money_or_hours(options, owed, budget, hours):
    planned = suggest_courses(Ledger(options, POLICY, owed), Limits(budget, hours))
    by_id = {row.course_id: row for row in options}

    assert sum(row.served * by_id[row.course_id].cost for row in planned) <= budget
    assert sum(row.sessions * by_id[row.course_id].jp for row in planned) <= hours
    assert all(row.served <= row.needed and row.sessions <= 4 for row in planned)


@given(options=OPTIONS, owed=OWED)
def test_hours_of_duty_are_closed_once_and_only_for_who_is_short(options, owed):
    planned = suggest_courses(Ledger(options, POLICY, owed), Limits(20_000, 200))
    by_id = {row.course_id: row for row in options}

    assert sum(row.duty_hours for row in planned) <= sum(row.missing for row in owed.values())
    for row in planned:
        assert row.short <= row.served
        assert row.short <= row.duty_hours <= row.short * by_id[row.course_id].jp


@given(options=OPTIONS, owed=OWED)
def test_without_a_weight_the_duty_changes_no_order(options, owed):
    plain = suggest_courses(Ledger(options, IGNORING), Limits(20_000, 200))
    aware = suggest_courses(Ledger(options, IGNORING, owed), Limits(20_000, 200))

    assert [(row.course_id, row.sessions, row.served) for row in plain] == [
        (row.course_id, row.sessions, row.served) for row in aware
    ]


@given(
    missing=st.integers(1, 20),
    short=st.integers(1, 10),
    weight=st.floats(0.1, 5.0),
)
def test_of_two_equal_courses_the_one_for_people_short_of_jp_comes_first(missing, short, weight):
    for_others, for_short = option(1, range(10)), option(2, range(100, 110))
    owed = {person: HoursOwed(20, missing) for person in range(100, 100 + short)}
    policy = replace(POLICY, duty_weight=weight)

    planned = suggest_courses(
        Ledger([for_others, for_short], policy, owed), Limits(budget=10_000, hours=100)
    )

    assert [row.course_id for row in planned] == [2, 1]
    assert (planned[0].short, planned[0].duty_hours) == (short, short * min(missing, 10))


@given(
    owed=OWED,
    levels=st.dictionaries(PEOPLE, st.integers(1, 4), min_size=1),
    seats=st.integers(1, 9),
)
def test_who_is_short_of_jp_never_loses_a_seat_by_owing_more(owed, levels, seats):
    course = CourseOption(1, 8, 0, {(person, 1): gained for person, gained in levels.items()})
    seated = Ledger([course], POLICY, owed).best_people(0, seats).people
    for person in seated:
        row = owed.get(person, HoursOwed())
        more = {**owed, person: HoursOwed(row.duty or 20, min(20, row.missing + 5))}
        assert person in Ledger([course], POLICY, more).best_people(0, seats).people


@given(options=OPTIONS, owed=OWED)
def test_planned_by_hand_counts_no_gap_or_hour_twice(options, owed):
    ledger = Ledger(options, POLICY, owed)
    placed = [
        place_course(ledger, course_id=row.course_id, sessions=2, seats=10) for row in options
    ]

    assert sum(row.duty_hours for row in placed) <= sum(row.missing for row in owed.values())
    assert (
        suggest_courses(
            ledger, Limits(20_000, 200), without=frozenset(row.course_id for row in options)
        )
        == []
    )
    assert place_course(ledger, course_id=99, sessions=1, seats=5).served == 0


def test_a_pppk_who_passes_the_ceiling_is_counted_not_refused():
    ledger = Ledger(
        [option(1, range(6), jp=10)], POLICY, {0: HoursOwed(room=9), 1: HoursOwed(room=10)}
    )

    planned = suggest_courses(ledger, Limits(10_000, 100))

    assert (planned[0].served, planned[0].above) == (6, 1)


def test_the_policy_comes_from_the_reference_table():
    rows = [
        {"key": "seats", "value": 25.0},
        {"key": "sessions_per_course", "value": 2.0},
        {"key": "fewest", "value": 8.0},
        {"key": "duty_weight", "value": 1.5},
    ]

    assert policy_of(rows) == PlanPolicy(25, 2, 8, 1.5)
