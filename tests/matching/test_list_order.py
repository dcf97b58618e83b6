"""The order of a list: stated, the same however people are stored, and stable in ties."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.rules import group_of, order_rows

CUTS = (80.0, 60.0)
# Few different values, so that ties are common.
people = st.lists(
    st.tuples(st.sampled_from([0.0, 59.0, 60.0, 79.5, 80.0, 100.0]), st.sampled_from([0.1, 0.5])),
    max_size=12,
)


def columns(rows, ids):
    return {
        "fit": np.array([row[0] for row in rows], float),
        "likeness": np.array([row[1] for row in rows], float),
        "ids": np.array(ids, np.int64),
    }


def ordered(rows, ids, *, by_fit):
    values = columns(rows, ids)
    return values["ids"][order_rows(by_fit=by_fit, cuts=CUTS, **values)].tolist()


@given(people, st.booleans(), st.randoms())
def test_order_is_independent_of_storage_and_ties_end_at_the_id(rows, by_fit, random):
    ids = list(range(1, len(rows) + 1))
    shuffled = list(zip(rows, ids, strict=True))
    random.shuffle(shuffled)
    moved = ordered([row for row, _ in shuffled], [i for _, i in shuffled], by_fit=by_fit)
    rank = {"meets": 0, "near": 1, "below": 2}

    def stated(item):
        (fit, likeness), person = item
        if by_fit:
            return (-fit, -likeness, person)
        return (rank[group_of(fit, CUTS)], -likeness, -fit, person)

    assert moved == [i for _, i in sorted(zip(rows, ids, strict=True), key=stated)]
