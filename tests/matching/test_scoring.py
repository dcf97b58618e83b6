"""Laws of the fit: monotone, banded, additive, and strict about its input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matching.scoring import contributions, score_band, score_people

PEOPLE, WIDTH = 4, 6
levels = hnp.arrays(np.uint8, (PEOPLE, WIDTH), elements=st.integers(0, 5))
required = hnp.arrays(np.uint8, WIDTH, elements=st.integers(0, 5)).filter(lambda r: r.any())
weights = hnp.arrays(np.float64, WIDTH, elements=st.floats(0.1, 10))
confidence = hnp.arrays(np.float64, (PEOPLE, WIDTH), elements=st.floats(0, 1))
column = st.integers(0, WIDTH - 1)


@given(levels, required, weights, confidence, column)
def test_raising_a_level_or_adding_a_competency_never_lowers(level, need, weight, sure, at):
    before = score_people(level, need, weight, sure)
    raised = level.copy()
    raised[:, at] = np.minimum(raised[:, at] + 1, 5)
    assert (score_people(raised, need, weight, sure) >= before).all()


@given(levels, required, weights, confidence, column)
def test_verifying_at_the_claimed_level_never_lowers(level, need, weight, sure, at):
    before = score_people(level, need, weight, sure)
    verified = sure.copy()
    verified[:, at] = 1.0
    assert (score_people(level, need, weight, verified) >= before).all()


@given(levels, required, weights, confidence)
def test_contributions_add_up_to_the_score(level, need, weight, sure):
    parts = contributions(level, need, weight, sure)
    assert np.allclose(parts.sum(axis=1), score_people(level, need, weight, sure))
    assert not parts[:, need == 0].any()


@given(levels, required, weights, confidence, st.data())
def test_the_band_contains_the_score_after_filling(level, need, weight, sure, data):
    low, high = score_band(level, need, weight, sure)
    filled = data.draw(hnp.arrays(np.uint8, level.shape, elements=st.integers(1, 5)))
    known = np.where(level > 0, level, np.minimum(filled, np.maximum(need, 1)))
    after = score_people(known, need, weight, np.where(level > 0, sure, 1.0))
    assert (low <= after + 1e-9).all()
    assert (after <= high + 1e-9).all()
    assert (low >= 0).all()
    assert (high <= 100 + 1e-9).all()


@given(levels, required, weights, st.permutations(range(PEOPLE)))
def test_order_of_storage_does_not_matter(level, need, weight, order):
    scores = score_people(level, need, weight)
    assert (score_people(level[order], need, weight) == scores[order]).all()


@given(levels, required, weights, st.floats(0.01, 100))
def test_only_the_proportion_of_weights_matters(level, need, weight, factor):
    scores = score_people(level, need, weight)
    assert np.allclose(score_people(level, need, weight * factor), scores)


def test_more_than_required_earns_nothing_and_less_earns_its_share():
    level = np.array([[5, 1], [2, 2], [0, 2]], np.uint8)
    need, weight = np.array([2, 2], np.uint8), np.array([1.0, 1.0])
    assert score_people(level, need, weight).tolist() == [75.0, 100.0, 50.0]


def test_unknown_opens_a_band_from_not_shown_to_met():
    low, high = score_band(
        np.array([[0, 2]], np.uint8), np.array([3, 2], np.uint8), np.array([1.0, 3.0])
    )
    assert (low[0], high[0]) == (75.0, 100.0)


def test_no_people_gives_no_scores():
    empty = np.zeros((0, 2), np.uint8)
    assert score_people(empty, np.array([1, 0], np.uint8), np.ones(2)).shape == (0,)


GOOD = {"levels": [[1, 2]], "required": [1, 2], "weights": [1.0, 1.0], "confidence": None}


@pytest.mark.parametrize(
    "change",
    [
        {"levels": [[7, 1]]},
        {"levels": [1, 2]},
        {"levels": [[1.5, 2]]},
        {"levels": [[-1, 2]]},
        {"required": [6, 1]},
        {"required": [1]},
        {"required": [0, 0]},
        {"weights": [-1.0, 1.0]},
        {"weights": [0.0, 0.0]},
        {"weights": [float("nan"), 1.0]},
        {"weights": [1.0]},
        {"confidence": [[1.0]]},
        {"confidence": [[1.0, 2.0]]},
    ],
)
def test_bad_input_is_refused(change):
    with pytest.raises(ValueError, match=r".+"):
        score_people(**{**GOOD, **change})
