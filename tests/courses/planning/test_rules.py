"""Duty, and hours of a form."""

from datetime import date

from courses.planning_rules import (
    Duty,
    DutyState,
    duty_of,
    duty_state,
    hours_by_form,
    most_hours,
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
