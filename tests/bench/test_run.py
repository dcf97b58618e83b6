"""The judgement over figures: limits, and the comparison with figures kept before."""

import pytest

from bench.run import Figure, judge, number, subjects


@pytest.mark.parametrize(
    ("value", "before", "comparable", "verdict"),
    [
        (1.0, None, True, "ok"),
        (1.2, 1.0, True, "ok"),
        (1.3, 1.0, True, "WORSE THAN BEFORE"),
        (1.3, 1.0, False, "ok"),
        (5.1, None, True, "OVER THE LIMIT of 5"),
    ],
)
def test_a_time_is_judged(value: float, before: float, comparable: bool, verdict: str) -> None:
    figure = Figure("import", value, "s", limit=5)

    assert judge(figure, before, comparable=comparable) == verdict


def test_a_rate_is_judged_the_other_way_round() -> None:
    rate = Figure("search", 70, "requests/s", limit=50, higher_is_better=True)

    assert judge(rate, 80, comparable=True) == "ok"
    assert judge(rate, 100, comparable=True) == "WORSE THAN BEFORE"
    assert judge(Figure("search", 49, "requests/s", 50, True), None, comparable=True) != "ok"


def test_a_noisy_figure_is_shown_only() -> None:
    assert judge(Figure("start", 9, "s", noisy=True), 1, comparable=True) == "ok"


def test_words_choose_subjects() -> None:
    assert subjects(["there is no such subject"]) == []


@pytest.mark.parametrize(("value", "text"), [(None, "-"), (0.01234, "0.0123"), (12345.6, "12,346")])
def test_numbers_are_short(value: float | None, text: str) -> None:
    assert number(value) == text
