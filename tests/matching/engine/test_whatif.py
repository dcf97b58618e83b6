"""The proposed trainings reach the threshold, and no cheaper set does."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matching.engine import whatif
from matching.engine.whatif import TrainingOption, after_training, cheapest_training
from matching.scoring import score_people

WIDTH = 4
levels = hnp.arrays(np.uint8, WIDTH, elements=st.integers(0, 5))
required = hnp.arrays(np.uint8, WIDTH, elements=st.integers(1, 5))
weights = hnp.arrays(np.float64, WIDTH, elements=st.integers(1, 5).map(float))
gains = st.dictionaries(st.integers(0, WIDTH - 1), st.integers(1, 5), min_size=1, max_size=3)
catalogues = st.lists(st.tuples(gains, st.integers(1, 40), st.integers(0, 9)), max_size=6).map(
    lambda rows: [TrainingOption(f"t{at}", g, jp, c) for at, (g, jp, c) in enumerate(rows)]
)


def brute_force(level, need, weight, options, threshold):
    reaching = [
        (sum(o.jp for o in s), sum(o.cost for o in s), len(s), tuple(o.code for o in s))
        for size in range(len(options) + 1)
        for s in combinations(options, size)
        if score_people(after_training(level, s)[None], need, weight)[0] >= threshold
    ]
    return min(reaching, default=None)


@given(levels, required, weights, catalogues, st.integers(10, 100))
def test_equals_brute_force(level, need, weight, options, threshold):
    best = brute_force(level, need, weight, options, threshold)
    plan = cheapest_training(level, need, weight, options, threshold)
    assert (plan is None) == (best is None)
    if plan and best:
        assert (plan.jp, plan.cost, len(plan.codes), plan.codes) == best
        assert plan.fit == score_people(plan.levels[None], need, weight)[0] >= threshold


@given(levels, required, weights, catalogues, st.integers(10, 100))
def test_branch_and_bound_equals_trying_all(level, need, weight, options, threshold):
    with pytest.MonkeyPatch.context() as patch:
        small = cheapest_training(level, need, weight, options, threshold)
        patch.setattr(whatif, "EXACT_OPTIONS", 0)
        large = cheapest_training(level, need, weight, options, threshold)
    assert (small is None) == (large is None)
    if small and large:
        assert (small.jp, small.cost, small.codes) == (large.jp, large.cost, large.codes)
        assert large.proven_cheapest


def test_cost_first_chooses_the_cheap_and_long_training():
    options = [TrainingOption("short", {0: 3}, 8, 900), TrainingOption("long", {0: 3}, 40, 100)]
    now, need, weight = np.array([1], np.uint8), np.array([3], np.uint8), np.ones(1)
    by_hours = cheapest_training(now, need, weight, options, 100)
    by_money = cheapest_training(now, need, weight, options, 100, hours_first=False)
    assert (by_hours.codes, by_money.codes) == (("short",), ("long",))


def test_a_trained_level_counts_as_proven():
    options = [TrainingOption("a", {0: 3}, 8, 0)]
    plan = cheapest_training(
        np.array([2], np.uint8), np.array([3], np.uint8), np.ones(1), options, 100,
        confidence=np.array([0.5]),
    )  # fmt: skip
    assert plan.fit == 100


def test_a_training_to_level_seven_is_refused():
    with pytest.raises(ValueError, match="no valid level"):
        after_training(np.array([1], np.uint8), [TrainingOption("a", {0: 7}, 1, 1)])
