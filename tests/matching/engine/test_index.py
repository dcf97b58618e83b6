"""The index finds exactly what a full ranking finds, whatever the storage order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics.pairwise import cosine_similarity

from matching.engine import kernel
from matching.engine.index import Hit, LevelIndex
from matching.scoring import score_people
from tests.support.parts import missing_part

WIDTH = 5
pools = st.integers(0, 60).flatmap(
    lambda size: hnp.arrays(np.uint8, (size, WIDTH), elements=st.integers(0, 5))
)
required = hnp.arrays(np.uint8, WIDTH, elements=st.integers(0, 5)).filter(lambda r: r.any())
weights = hnp.arrays(np.float64, WIDTH, elements=st.floats(0.01, 10))


def full_ranking(ids, levels, need, weight, k, allowed=None):
    scores = score_people(levels, need, weight)
    rows = [at for at in range(len(ids)) if allowed is None or allowed[at]]
    best = sorted(rows, key=lambda at: (-scores[at], ids[at]))[:k]
    return [Hit(ids[at], scores[at]) for at in best]


def names(size):
    return [f"p{(at * 7919) % 10_007:05d}" for at in range(size)]


@given(pools, required, weights, st.integers(1, 70))
def test_top_equals_the_full_ranking_with_ties_by_id(levels, need, weight, k):
    ids = names(len(levels))
    found = LevelIndex(ids, levels).top(need, weight, k)
    wanted = full_ranking(ids, levels, need, weight, k)
    assert [hit.person_id for hit in found] == [hit.person_id for hit in wanted]
    assert [hit.fit for hit in found] == pytest.approx([hit.fit for hit in wanted])


@given(pools, required, weights, st.randoms())
def test_order_is_independent_of_storage_order(levels, need, weight, random):
    order = list(range(len(levels)))
    random.shuffle(order)
    ids = names(len(levels))
    moved = LevelIndex([ids[at] for at in order], levels[order])
    assert moved.top(need, weight, 10) == LevelIndex(ids, levels).top(need, weight, 10)


@given(pools.filter(len), required, weights, st.data())
def test_only_the_allowed_are_ranked(levels, need, weight, data):
    allowed = data.draw(hnp.arrays(np.bool_, len(levels)))
    ids = names(len(levels))
    found = LevelIndex(ids, levels).top(need, weight, 5, allowed)
    wanted = full_ranking(ids, levels, need, weight, 5, allowed)
    assert [hit.person_id for hit in found] == [hit.person_id for hit in wanted]


@pytest.mark.parametrize("load", [lambda: kernel.NUMPY, kernel.compiled], ids=["numpy", "compiled"])
def test_many_blocks_give_the_full_ranking(load):
    way = load()
    if way is None:
        missing_part("the compiled loop", "Install numba.")
    rng = np.random.default_rng(3)
    levels = np.sort(rng.integers(0, 6, (3 * way.block + 17, WIDTH), dtype=np.uint8), axis=0)
    ids = names(1) + [f"q{at:07d}" for at in range(1, len(levels))]
    need, weight = np.array([3, 0, 5, 2, 4], np.uint8), rng.random(WIDTH) + 0.1
    found = LevelIndex(ids, levels, way).top(need, weight, 50)
    assert [h.person_id for h in found] == [
        h.person_id for h in full_ranking(ids, levels, need, weight, 50)
    ]


def test_agrees_with_cosine_where_both_measure_the_same():
    # With capped levels of equal length, the fit orders as scikit-learn's cosine to the role.
    rng = np.random.default_rng(5)
    one_hot = np.eye(WIDTH, dtype=np.uint8)[rng.integers(0, WIDTH, 200)]
    need, weight = np.ones(WIDTH, np.uint8), rng.random(WIDTH) + 0.1
    cosine = cosine_similarity(one_hot, weight[None, :])[:, 0]
    ids = [f"{at:03d}" for at in range(200)]
    found = [int(hit.person_id) for hit in LevelIndex(ids, one_hot).top(need, weight, 200)]
    assert (np.diff(cosine[found]) <= 1e-12).all()


@given(pools.filter(len), required, weights, st.data())
def test_a_changed_row_is_seen_at_once(levels, need, weight, data):
    ids = names(len(levels))
    index = LevelIndex(ids, levels)
    row = data.draw(hnp.arrays(np.uint8, WIDTH, elements=st.integers(0, 5)))
    index.update(ids[0], row)
    index.update("new", row)
    index.remove(ids[-1])
    kept = np.vstack([row[None, :], levels[1:], row[None, :]])
    left = LevelIndex([*ids, "new"], kept)
    left.remove(ids[-1])
    assert index.top(need, weight, 100) == left.top(need, weight, 100)


def test_growing_keeps_the_store_small():
    index = LevelIndex(["a"], np.ones((1, 96), np.uint8))
    for at in range(2000):
        index.update(f"p{at}", np.ones(96, np.uint8))
    assert index.stored_bytes <= 1.25 * 96 * len(index)


def test_a_wide_lead_of_one_weight_stays_exact():
    levels = np.array([[1, 0], [1, 1], [0, 1]], np.uint8)
    found = LevelIndex(["a", "b", "c"], levels).top(
        np.array([1, 1], np.uint8), np.array([1e9, 1.0]), 3
    )
    assert [hit.person_id for hit in found] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("need", "weight", "k"),
    [([0, 0], [1, 1], 3), ([1, 1], [0, 0], 3), ([1, 1], [-1, 1], 3), ([1, 1], [1, 1], 0)],
)
def test_bad_input_is_refused(need, weight, k):
    index = LevelIndex(["a"], np.ones((1, 2), np.uint8))
    with pytest.raises(ValueError, match=r".+"):
        index.top(np.array(need, np.uint8), np.array(weight, float), k)
