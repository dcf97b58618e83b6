"""Gates are exact: the counts are those of the masks, in the stated order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matching.engine.gates import Gate, apply_gates, stopped_only_by

masks = hnp.arrays(np.bool_, (3, 12))


@given(masks)
def test_counts_are_those_of_the_masks(table):
    gates = [Gate(f"g{at}", mask) for at, mask in enumerate(table)]
    result = apply_gates(12, gates)
    assert (result.passed == table.all(axis=0)).all()
    assert [c.left for c in result.counts] == [int(table[: n + 1].all(0).sum()) for n in range(3)]
    assert all(c.before - c.stopped == c.left for c in result.counts)


@given(masks)
def test_each_person_knows_the_first_gate_that_stopped(table):
    result = apply_gates(12, [Gate(f"g{at}", mask) for at, mask in enumerate(table)])
    for row, code in enumerate(result.first_failed):
        failed = np.flatnonzero(~table[:, row])
        assert code == (f"g{failed[0]}" if failed.size else None)


@given(masks, st.integers(0, 2))
def test_dropping_a_gate_adds_exactly_those_it_alone_stopped(table, dropped):
    gates = [Gate(f"g{at}", mask) for at, mask in enumerate(table)]
    without = apply_gates(12, [g for g in gates if g.code != f"g{dropped}"]).passed
    added = np.flatnonzero(without & ~apply_gates(12, gates).passed)
    assert stopped_only_by(gates, f"g{dropped}").tolist() == added.tolist()


def test_the_gate_that_leaves_nobody_is_named():
    gates = [Gate("pangkat", np.array([True, False])), Gate("disiplin", np.array([False, True]))]
    assert apply_gates(2, gates).emptied_by == "disiplin"


def test_bad_gates_are_refused():
    with pytest.raises(ValueError, match="one bool per person"):
        apply_gates(3, [Gate("a", np.array([True]))])
    with pytest.raises(ValueError, match="code of its own"):
        apply_gates(1, [Gate("a", np.array([True]))] * 2)
