"""Laws of the paths to a level."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from skills.path_rules import Span, path_state

DAY = date(2026, 6, 30)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
spans = st.builds(Span, since=st.dates(date(2020, 1, 1), DAY), until=st.none() | days)
paths = st.dictionaries(st.integers(1, 4), st.lists(spans, max_size=4), max_size=4)


@given(paths, st.integers(1, 4), spans)
def test_one_more_fact_never_ends_a_path(groups, number, fact):
    more = {key: [*found, fact] if key == number else found for key, found in groups.items()}

    before, after = path_state(groups, DAY), path_state(more, DAY)
    assert before.span is None or after.span is not None
    assert after.done >= before.done


@given(paths, st.integers(0, 2000))
def test_time_alone_never_fulfils_a_path(groups, later):
    if path_state(groups, DAY).span is None:
        assert path_state(groups, DAY + timedelta(days=later)).span is None


@given(paths)
def test_a_path_lasts_until_the_day_it_says(groups):
    span = path_state(groups, DAY).span
    if span is not None:
        assert span.holds(DAY)
        assert span.until is None or path_state(groups, span.until).span is not None


@given(paths, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(groups, random):
    shuffled = {key: random.sample(found, len(found)) for key, found in groups.items()}

    assert path_state(shuffled, DAY) == path_state(groups, DAY)


def test_every_group_is_needed_and_any_step_of_it_is_enough():
    course, exam = Span(date(2025, 1, 1)), Span(date(2026, 1, 1), date(2027, 1, 1))

    assert path_state({1: [course], 2: []}, DAY).span is None
    assert path_state({1: [course], 2: [exam]}, DAY).span == Span(exam.since, exam.until)
    assert path_state({}, DAY).span is None
