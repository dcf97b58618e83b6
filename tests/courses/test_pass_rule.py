"""Who passes: attendance, score and evaluation, each by the rule of the course."""

from hypothesis import given
from hypothesis import strategies as st

from courses.rules import PassRule, Verdict, verdict

PERCENT = st.none() | st.floats(0, 100)
RULES = st.builds(
    PassRule,
    attendance_min=st.integers(0, 100),
    score_min=st.none() | st.integers(0, 100),
    evaluation=st.booleans(),
)


@given(percent=PERCENT, score=PERCENT, rule=RULES, evaluated=st.booleans())
def test_passing_takes_minimum_attendance_minimum_score_and_a_filled_evaluation(
    percent, score, rule, evaluated
):
    enough = percent is not None and percent >= rule.attendance_min
    good = rule.score_min is None or (score is not None and score >= rule.score_min)
    filled = evaluated or not rule.evaluation

    found = verdict(percent, score, rule, evaluated=evaluated)

    assert (found is Verdict.PASSED) == (enough and good and filled)


@given(percent=st.floats(0, 100), score=st.floats(0, 100), rule=RULES, more=st.floats(0, 100))
def test_more_attendance_or_a_better_score_never_costs_the_pass(percent, score, rule, more):
    if verdict(percent, score, rule) is Verdict.PASSED:
        assert verdict(max(percent, more), max(score, more), rule) is Verdict.PASSED
