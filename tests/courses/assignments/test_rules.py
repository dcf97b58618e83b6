"""The score rule of assignments, for every rubric, grading and deduction."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from courses.assignments.rules import (
    Cell,
    Criterion,
    Deadline,
    Rubric,
    graded_score,
    rubric_percent,
)
from courses.questions.rules import weighted_score

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@st.composite
def graded(draw):
    count = draw(st.integers(2, 4))
    points = st.lists(st.integers(0, 100), min_size=count, max_size=count).filter(any)
    rows = draw(st.lists(points, min_size=1, max_size=10))
    rubric = Rubric(
        tuple(f"T{n}" for n in range(count)),
        tuple(Criterion(f"K{n}", tuple(Cell(one) for one in row)) for n, row in enumerate(rows)),
    )
    return rubric, draw(st.lists(st.integers(0, count - 1), min_size=len(rows), max_size=len(rows)))


@given(graded(), st.integers(0, 100), st.integers(0, 100))
def test_a_score_stays_in_range_and_a_larger_deduction_never_helps(found, one, other):
    rubric, chosen = found
    rubric.check()
    assert Rubric.read(rubric.body()) == rubric
    less, more = sorted((one, other))
    kept, cut = graded_score(rubric, chosen, less), graded_score(rubric, chosen, more)
    assert 0 <= cut <= kept <= 100
    assert graded_score(rubric, chosen, 100) == 0
    assert graded_score(rubric, chosen, 0) == round(rubric_percent(rubric, chosen), 1)


@given(graded())
def test_the_best_levels_earn_all_and_a_better_level_never_earns_less(found):
    rubric, chosen = found
    best = [
        max(range(len(row.cells)), key=lambda n: row.cells[n].points) for row in rubric.criteria
    ]
    assert graded_score(rubric, best, 0) == 100
    for place in range(len(chosen)):
        better = [*chosen[:place], best[place], *chosen[place + 1 :]]
        assert graded_score(rubric, better, 0) >= graded_score(rubric, chosen, 0)


@given(graded(), st.data())
def test_a_grading_with_a_missing_criterion_is_no_score(found, data):
    rubric, chosen = found
    place = data.draw(st.integers(0, len(chosen) - 1))
    assert graded_score(rubric, [*chosen[:place], None, *chosen[place + 1 :]], 0) is None
    assert graded_score(rubric, chosen[:-1], 0) is None


@given(graded(), st.integers(0, 100), st.integers(1, 100), st.floats(0, 100))
def test_with_a_test_the_score_lies_between_both_and_is_none_until_both_are_there(
    found, weight, other, test
):
    work = graded_score(*found, 0)
    whole = weighted_score([(other, test), (weight, work)])
    assert min(test, work) - 0.05 <= whole <= max(test, work) + 0.05 or not weight
    assert weighted_score([(other, test), (50, None)]) is None


@given(st.integers(-500, 500), st.one_of(st.none(), st.integers(0, 100)), st.integers(-500, 500))
def test_late_is_after_the_later_of_the_due_date_and_the_date_of_a_return(at, percent, again):
    moment, until = NOW + timedelta(minutes=at), NOW + timedelta(minutes=again)
    found = Deadline(NOW, percent).deduction(moment, until)
    assert found == (0 if at <= max(0, again) else percent)
    assert Deadline(NOW, percent).deduction(moment) == (0 if at <= 0 else percent)


@pytest.mark.parametrize(
    "rubric",
    [
        Rubric(("A",), (Criterion("K", (Cell(1),)),)),
        Rubric(("A", "B"), ()),
        Rubric(("A", "B"), (Criterion("K", (Cell(0), Cell(0))),)),
        Rubric(("A", "B"), (Criterion("K", (Cell(-1), Cell(5))),)),
        Rubric(("A", "B"), (Criterion("K", (Cell(0), Cell(101))),)),
    ],
)
def test_a_rubric_that_cannot_grade_is_refused(rubric):
    with pytest.raises(InvalidInput):
        rubric.check()
