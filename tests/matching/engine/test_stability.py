"""Rank intervals cover recomputed ranks, and a swap weight makes two people exactly level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matching.engine.stability import plausible_weights, rank_intervals, swap_weight

adequacy = hnp.arrays(np.float64, (6, 3), elements=st.integers(0, 5).map(lambda v: v / 5))
rows = hnp.arrays(np.float64, 3, elements=st.integers(0, 5).map(lambda v: v / 5))
weights = hnp.arrays(np.float64, 3, elements=st.floats(0.1, 1))


@given(adequacy, weights)
def test_one_weighting_gives_the_ranks_of_the_scores(table, weight):
    found = rank_intervals(table, weight[None, :])
    scores = np.round(table @ weight, 12)
    expected = [1 + int((scores > score).sum()) for score in scores]
    assert found.low.tolist() == found.median.tolist() == found.high.tolist() == expected


@given(adequacy, weights)
def test_intervals_cover_nearly_all_recomputed_ranks(table, weight):
    drawn = plausible_weights(weight, count=200)
    found = rank_intervals(table, drawn)
    scores = np.round(table @ drawn.T, 12)
    ranks = 1 + (scores[None, :, :] > scores[:, None, :]).sum(axis=1)
    inside = (ranks >= found.low[:, None]) & (ranks <= found.high[:, None])
    assert inside.mean(axis=1).min() >= 0.94
    assert np.allclose(found.first, (ranks == 1).mean(axis=1))


@given(adequacy, weights, st.permutations(range(6)))
def test_intervals_do_not_depend_on_the_order(table, weight, order):
    drawn = plausible_weights(weight, count=50)
    assert (
        rank_intervals(table[order], drawn).high == rank_intervals(table, drawn).high[order]
    ).all()


@given(rows, rows, weights, st.integers(0, 2))
def test_at_the_swap_weight_two_people_are_level(first, second, weight, at):
    share = swap_weight(first, second, weight, at)
    if share is not None:
        others = np.where(np.arange(3) == at, 0.0, weight)
        mixed = others / others.sum() * (1 - share)
        mixed[at] = share
        assert first @ mixed == pytest.approx(second @ mixed)


@given(rows, rows, weights, st.integers(0, 2))
def test_without_a_swap_weight_the_order_holds_everywhere(first, second, weight, at):
    if swap_weight(first, second, weight, at) is None:
        others = np.where(np.arange(3) == at, 0.0, weight)
        others /= others.sum()
        signs = set()
        for share in np.linspace(0, 1, 11):
            mixed = others * (1 - share)
            mixed[at] = share
            signs.add(np.sign(np.round((first - second) @ mixed, 12)))
        assert len(signs) == 1


def test_weights_are_drawn_round_the_chosen_and_zero_stays_zero():
    drawn = plausible_weights(np.array([3.0, 1.0, 0.0]))
    assert np.allclose(drawn.sum(axis=1), 1)
    assert drawn.mean(axis=0) == pytest.approx([0.75, 0.25, 0.0], abs=0.01)
    assert (drawn == plausible_weights(np.array([3.0, 1.0, 0.0]))).all()


def test_bad_weights_are_refused():
    with pytest.raises(ValueError, match="positive"):
        plausible_weights(np.zeros(2))
    with pytest.raises(ValueError, match="positive"):
        swap_weight(np.ones(2), np.zeros(2), np.array([1.0, 0.0]), 0)


def test_a_swap_at_the_end_of_the_range_is_not_lost_to_rounding():
    first, second = np.array([0.6, 0.6, 0.6]), np.array([0.2, 0.6, 0.6])
    assert swap_weight(first, second, np.array([1.0, 0.7, 0.3]), 0) == 0.0
